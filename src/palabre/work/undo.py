"""For how long somebody who looks at tasks can undo her last decision (docs/decisions/032-undo.md)."""

import datetime as dt
import uuid
from dataclasses import dataclass

from palabre.people.actor import Actor
from palabre.work.errors import UndoOver

# A slip is seen at once. Later the next step rests on it: a file is handed over, a day is settled.
WITHIN = dt.timedelta(minutes=15)


def check_undo(
    decided_by: uuid.UUID | None, decided_at: dt.datetime | None, by: Actor, at: dt.datetime
) -> None:
    """Only who decided, and only for `WITHIN`. Raises: UndoOver."""
    if decided_at is None or by.account is None or decided_by != by.account or at - decided_at > WITHIN:
        raise UndoOver


@dataclass(frozen=True, slots=True)
class Undo:
    """What a page offers to undo: which row, what was decided of it, until when; where the form goes, if elsewhere."""

    row: int
    said: str
    until: dt.datetime
    address: str = ""


def offered(row: int, said: str, decided_at: dt.datetime, address: str = "") -> Undo:
    """The offer to undo what was decided at a moment."""
    return Undo(row, said, decided_at + WITHIN, address)
