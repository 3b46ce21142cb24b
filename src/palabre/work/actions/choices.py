"""Two answers of one member to one task: she or a reviewer chooses which one stands."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.work.errors import LookedAt, UndoOver
from palabre.work.models import Annotation, OtherAnswer
from palabre.work.sync.write import result_digest
from palabre.work.undo import check_undo

# What the two change with each other.
_SAID = ("key", "body_hash", "result", "note", "note_digest", "schema_version", "guideline_version",
         "submitted_at", "received_at")  # fmt: skip


def others_open_to(by: Actor) -> QuerySet[OtherAnswer]:
    """Answers beside another that wait for a choice: her own, and for a reviewer those of her operator's projects.

    Raises: NotAllowed.
    """
    by.require(Permission.WORK)
    return _open_to(by).filter(settled_at=None)


def _open_to(by: Actor) -> QuerySet[OtherAnswer]:
    hers = Q(member=by.account)
    if by.may(Permission.REVIEW):
        hers = Q()
    return OtherAnswer.objects.filter(hers, annotation__project__operator=by.organisation)


@transaction.atomic
def choose_answer(other_id: int, take: bool, *, by: Actor, at: dt.datetime) -> Annotation:
    """Let the other answer stand in the place of the one that is there, or leave that one; both are kept.

    The number of the revision stays, so that what she corrects later on her phone still follows on it. Pay and place
    don't change: one task is one judgement of hers.

    Raises: NotAllowed, NotFound (unknown, or not for this person to choose), LookedAt (somebody has chosen).
    """
    annotation, other = _both(other_id, by)
    if other.settled_at is not None:
        raise LookedAt
    other.settled_at, other.settled_by, other.taken = at, by.account, take
    if take:
        other.revision = annotation.revision
    _keep("work.answer.chosen", annotation, other, swapped=take, by=by, at=at)
    return annotation


@transaction.atomic
def undo_choice(other_id: int, *, by: Actor, at: dt.datetime) -> Annotation:
    """Let the two wait for a choice again, with the answer in place that was there before the actor chose.

    Raises: NotAllowed, NotFound, UndoOver (another's choice, past the limit, or she has corrected the answer since).
    """
    annotation, other = _both(other_id, by)
    check_undo(other.settled_by, other.settled_at, by, at)
    taken = bool(other.taken)
    if taken and annotation.revision != other.revision:
        raise UndoOver
    other.settled_at, other.settled_by, other.taken = None, None, None
    _keep("work.answer.choice_undone", annotation, other, swapped=taken, by=by, at=at)
    return annotation


def _both(other_id: int, by: Actor) -> tuple[Annotation, OtherAnswer]:
    by.require(Permission.WORK)
    seen = _open_to(by).filter(id=other_id).first()
    if seen is None:
        raise NotFound
    annotation = Annotation.objects.select_for_update(of=("self",)).get(id=seen.annotation_id)
    return annotation, OtherAnswer.objects.select_for_update().get(id=other_id)


def _keep(
    code: str, annotation: Annotation, other: OtherAnswer, *, swapped: bool, by: Actor, at: dt.datetime
) -> None:
    """Write both, with the answers changed with each other where the choice says so, and the event."""
    data: dict[str, object] = {"answer": annotation.id, "revision": annotation.revision}
    if swapped:
        _swap(annotation, other)
        # Whoever reads what is new since a moment reads it: it holds since now.
        annotation.received_at = at
        annotation.save(update_fields=_SAID)
        data |= {
            "digest": result_digest(annotation.result, annotation.note),
            "other": [other.id, result_digest(other.result, other.note)],
        }
    other.save()
    record(
        code,
        by=by.account,
        at=at,
        subject=f"member:{annotation.member_id}",
        organisation=by.organisation,
        data=data,
    )


def _swap(annotation: Annotation, other: OtherAnswer) -> None:
    for name in _SAID:
        mine, theirs = getattr(annotation, name), getattr(other, name)
        setattr(annotation, name, theirs)
        setattr(other, name, mine)
