"""Kinds of decisions. The room that a decision has effects in says how they are applied and undone.

A room registers its kinds in the `ready` of its `apps.py`, so that an appeal can be answered in any process.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from palabre.decisions.models import Decision
from palabre.people.actor import Actor

# Works inside the transaction of the decision or of the answer, on what `decision.effect` says.
Effect = Callable[[Decision, Actor, dt.datetime], None]
# What was seen, for people: names and values, from the rows that the evidence names.
Explain = Callable[[Decision], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`sentence` says in plain words what was decided, `rule` by which rule and `does` what follows from it.
    `anchor` is the rule's place on the page of the rules, where it is one of them; without it, the decision
    itself says its rule. `apply` is None where the action that takes the
    decision has done all of it already."""

    name: str
    sentence: str | Promise
    undo: Effect
    apply: Effect | None = None
    rule: str | Promise = ""
    does: str | Promise = ""
    anchor: str = ""
    explain: Explain | None = None


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Raises ValueError for a name that another room has taken."""
    if _KINDS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"two kinds of decisions are named {kind.name}")


def worded() -> list[str]:
    """The kinds whose decisions say their rule in somebody's own words."""
    return [kind.name for kind in _KINDS.values() if not kind.anchor]


def kind_of(name: str) -> Kind:
    """Raises LookupError for a kind that no room has registered: a fault of the program, not of a person."""
    return _KINDS[name]
