"""Which tables the record holds: each room says it of its own, in its module `held`.

A held table is one on which money or a published figure rests. Whatever an action writes in it, the action's
event holds the digest of each row before and after, and `record verify` names every row that is not what the
last event says of it. A table that is not held says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps
from django.db.models import Model

from palabre.record.models import Event, Evidence, Failure, Request, Seal, Unsealed, Verification


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A table whose rows are held, all columns of them but those in `without`: {column: why not}.

    `hers`: words that are erased with a person, {column: the column with her account, or SQL with {row} in it}.
    They are digested under a key of hers, which goes with her, so that nobody can try words out against the
    record afterwards.
    """

    model: type[Model]
    without: Mapping[str, str] = field(default_factory=dict)
    hers: Mapping[str, str] = field(default_factory=dict)

    def owner(self, column: str, row: str) -> str:
        """Whose words are in a column of `hers`, as SQL."""
        said = self.hers[column]
        return said.format(row=row) if "{row}" in said else f"{row}.{said}"

    @property
    def table(self) -> str:
        return self.model._meta.db_table  # noqa: SLF001

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class NotHeld:
    """A table that no money and no published figure rests on, and why that is so."""

    model: type[Model]
    why: str


@cache
def held_tables() -> tuple[Held, ...]:
    """Every table that is held, in the order of the rooms."""
    return tuple(one for one in _said() if isinstance(one, Held))


@cache
def tables_not_held() -> tuple[NotHeld, ...]:
    """Every table of a room that is not held."""
    return tuple(one for one in _said() if isinstance(one, NotHeld))


def _said() -> list[Held | NotHeld]:
    said: list[Held | NotHeld] = [
        NotHeld(Event, "the record itself: held by its seals"),
        NotHeld(Seal, "the record itself: each seal holds the one before it"),
        NotHeld(Unsealed, "the digests of events that no seal covers yet"),
        NotHeld(Failure, "what background work could not do: it goes when it was done"),
        NotHeld(Request, "the answers to requests of the last 30 days, for a sender who asks again"),
        NotHeld(Verification, "how verifying went, which its events say too"),
        NotHeld(Evidence, "which bundle was asked for; it is made anew, and signed, when it is fetched"),
    ]
    for room in rooms():
        said += room.TABLES
    return said


@cache
def rooms() -> tuple[ModuleType, ...]:
    """The module `held` of each room, in their order. Besides `TABLES` it may have `files()`, its stored files."""
    names = [f"{app.name}.held" for app in apps.get_app_configs() if app.name.startswith("palabre.")]
    return tuple(import_module(name) for name in names if name != __name__ and find_spec(name))
