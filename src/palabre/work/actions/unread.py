"""What a device sent and nobody could read: a person looks at it and says what came of it."""

import datetime as dt

from django.db import transaction

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.work.checks import check_text
from palabre.work.errors import LookedAt
from palabre.work.models import RawSubmission
from palabre.work.undo import check_undo

LONGEST = 2_000


@transaction.atomic
def settle_unread(raw_id: int, taken: bool, word: str = "", *, by: Actor, at: dt.datetime) -> RawSubmission:
    """End what waits: it was taken into account, or there is nothing to be done.

    Its time was counted when it came, where it could be read. What else it is worth is put right by the verbs for
    that: a correction of her time, a task handed to her again. `word` is read by her.

    Raises: NotAllowed, NotFound (unknown or another operator's), TextWrong, LookedAt.
    """
    raw = _held(raw_id, by)
    if raw.state != RawSubmission.State.WAITING:
        raise LookedAt
    if word:
        check_text("word", word, LONGEST)
    raw.state = RawSubmission.State.TAKEN if taken else RawSubmission.State.NOTHING
    raw.word, raw.looked_at, raw.looked_by = word.strip(), at, by.account
    raw.save(update_fields=["state", "word", "looked_at", "looked_by"])
    _note("work.unread.settled", raw, by=by, at=at)
    return raw


@transaction.atomic
def undo_unread(raw_id: int, *, by: Actor, at: dt.datetime) -> RawSubmission:
    """Let it wait again, as before the actor's own look; the word to her is taken back.

    Raises: NotAllowed, NotFound, UndoOver (another's look, or past the limit: `work.undo`).
    """
    raw = _held(raw_id, by)
    check_undo(raw.looked_by, raw.looked_at, by, at)
    raw.state, raw.word, raw.looked_at, raw.looked_by = RawSubmission.State.WAITING, "", None, None
    raw.save(update_fields=["state", "word", "looked_at", "looked_by"])
    _note("work.unread.undone", raw, by=by, at=at)
    return raw


def _held(raw_id: int, by: Actor) -> RawSubmission:
    by.require(Permission.CORRECT_TIME)
    held = RawSubmission.objects.select_for_update().filter(id=raw_id)
    raw = (held if by.account is None else held.filter(operator=by.organisation)).first()
    if raw is None:
        raise NotFound
    return raw


def _note(code: str, raw: RawSubmission, *, by: Actor, at: dt.datetime) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"member:{raw.member_id}",
        organisation=by.organisation,
        data={"raw": raw.id, "state": str(raw.state)},
    )
