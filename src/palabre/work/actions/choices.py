"""Two answers of one member to one task: she or a reviewer chooses which one stands."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.work.errors import LookedAt
from palabre.work.models import Annotation, OtherAnswer
from palabre.work.sync.write import result_digest

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
        hers |= Q(annotation__project__operator=by.organisation)
    return OtherAnswer.objects.filter(hers)


@transaction.atomic
def choose_answer(other_id: int, take: bool, *, by: Actor, at: dt.datetime) -> Annotation:
    """Let the other answer stand in the place of the one that is there, or leave that one; both are kept.

    The number of the revision stays, so that what she corrects later on her phone still follows on it. Pay and place
    don't change: one task is one judgement of hers.

    Raises: NotAllowed, NotFound (unknown, or not for this person to choose), LookedAt (somebody has chosen).
    """
    by.require(Permission.WORK)
    seen = _open_to(by).filter(id=other_id).first()
    if seen is None:
        raise NotFound
    annotation = Annotation.objects.select_for_update(of=("self",)).get(id=seen.annotation_id)
    other = OtherAnswer.objects.select_for_update().get(id=other_id)
    if other.settled_at is not None:
        raise LookedAt
    other.settled_at, other.settled_by = at, by.account
    data: dict[str, object] = {"answer": annotation.id, "revision": annotation.revision}
    if take:
        _swap(annotation, other)
        other.revision, annotation.received_at = annotation.revision, at
        annotation.save(update_fields=_SAID)
        data |= {
            "digest": result_digest(annotation.result, annotation.note),
            "other": [other.id, result_digest(other.result, other.note)],
        }
    other.save()
    record(
        "work.answer.chosen",
        by=by.account,
        at=at,
        subject=f"member:{annotation.member_id}",
        organisation=by.organisation,
        data=data,
    )
    return annotation


def _swap(annotation: Annotation, other: OtherAnswer) -> None:
    for name in _SAID:
        mine, theirs = getattr(annotation, name), getattr(other, name)
        setattr(annotation, name, theirs)
        setattr(other, name, mine)
