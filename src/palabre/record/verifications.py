"""Verifications that somebody asked for: kept as they go, so that a process may die in any of their steps.

Which steps there are, the installation knows; here is only how far a run has come and what it found.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F

from palabre.record.actions import record
from palabre.record.errors import VerificationRunning
from palabre.record.models import Event, Seal, Verification

# A step in which processes died so often would kill the next one too.
MOST_TRIES = 3
Said = Mapping[str, str]


def ask(*, by: uuid.UUID | None, organisation: uuid.UUID | None, at: dt.datetime) -> Verification:
    """Ask for everything to be recomputed. Whoever calls has checked the right.

    Raises: VerificationRunning.
    """
    try:
        with transaction.atomic():
            made = Verification.objects.create(organisation=organisation, asked_by=by, asked_at=at)
    except IntegrityError as error:
        raise VerificationRunning from error
    record(
        "record.verification.asked",
        by=by,
        at=at,
        subject=f"verification:{made.id}",
        organisation=organisation,
        data={},
    )
    return made


def unfinished() -> Verification | None:
    """The one that waits or is under way."""
    return Verification.objects.filter(finished_at=None).first()


def begin_step(one: Verification, steps: int, *, at: dt.datetime) -> bool:
    """Note that its next step begins; False when it has been begun too often, which ends the run."""
    if one.tries >= MOST_TRIES:
        _finish(one, at, gave_up=True)
        return False
    one.steps, one.started_at, one.tries = steps, one.started_at or at, one.tries + 1
    one.save(update_fields=["steps", "started_at", "tries"])
    return True


def end_step(one: Verification, part: str, found: Sequence[Said], *, at: dt.datetime) -> None:
    """Note what its step found; the last one ends the run."""
    problems = [*one.problems, *({"part": part, "text": dict(said)} for said in found)]
    changed = Verification.objects.filter(id=one.id, done=one.done, finished_at=None).update(
        done=F("done") + 1, tries=0, problems=problems
    )
    if changed:
        one.refresh_from_db()
        if one.done >= one.steps:
            _finish(one, at, gave_up=False)


@transaction.atomic
def _finish(one: Verification, at: dt.datetime, *, gave_up: bool) -> None:
    one.finished_at, one.gave_up = at, gave_up
    one.events, one.seals = Event.objects.count(), Seal.objects.count()
    one.save(update_fields=["finished_at", "gave_up", "events", "seals"])
    record(
        "record.verification.ended",
        by=None,
        at=at,
        subject=f"verification:{one.id}",
        organisation=one.organisation,
        data={"gave_up": gave_up, "problems": len(one.problems), "events": one.events, "seals": one.seals},
    )
