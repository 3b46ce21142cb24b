"""Her word counts: a member corrects her day, small corrections at once, larger ones by a person."""

import datetime as dt
import uuid

from django.db import connection, transaction
from django.db.models import Sum

from palabre.decisions.actions import take_decision
from palabre.decisions.errors import NotAboutOneself
from palabre.errors import NotFound
from palabre.ids import new_id
from palabre.people.actor import Actor
from palabre.people.models import Residence
from palabre.people.permissions import Permission
from palabre.people.residences import Residences, residences_of
from palabre.people.walls import keeps
from palabre.record.actions import record
from palabre.timesheet.errors import AlreadyAnswered, BelowZero, CorrectionEmpty, DayToCome, ReasonMissing
from palabre.timesheet.models import Correction, Kind, Source, TimeEntry

AT_ONCE_MS = 15 * 60_000
AT_ONCE_SHARE = 10  # a tenth of the day
ANSWER_WITHIN = dt.timedelta(days=2)
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS


@transaction.atomic
def ask_correction(
    day: dt.date, kind: Kind, charge: int, delta_ms: int, reason: str, *, by: Actor, at: dt.datetime
) -> Correction:
    """A member adds or takes away time on one of her days.

    Up to 15 minutes or a tenth of the day's counted time, all her corrections of that day
    together, is accepted at once, and so is anything taken away; more waits for a person, who
    answers within two days (reference rule 10 of the clock).

    Raises: NotAllowed, DayToCome, CorrectionEmpty, ReasonMissing, BelowZero.
    """
    by.require(Permission.WORK)
    lived = _lock(by.account)
    if day > lived.day_of(at):
        raise DayToCome(path="day", day=day)
    if not MINUTE_MS <= abs(delta_ms) <= DAY_MS:
        raise CorrectionEmpty(path="delta_ms")
    if not reason.strip():
        raise ReasonMissing(path="reason")
    counted, corrected = _day_sums(lived.account_id, day)
    if counted + delta_ms < 0:
        raise BelowZero(path="delta_ms", day=day, minutes=counted // MINUTE_MS)
    limit = max(AT_ONCE_MS, (counted - corrected) // AT_ONCE_SHARE)
    at_once = corrected + delta_ms <= limit
    correction = Correction.objects.create(
        member_id=lived.account_id,
        day=day,
        kind=kind,
        charge=charge,
        delta_ms=delta_ms,
        reason=reason.strip(),
        asked_at=at,
        answer_due=None if at_once else at + ANSWER_WITHIN,
        state=Correction.State.ACCEPTED if at_once else Correction.State.WAITING,
    )
    if at_once:
        _add_entry(correction, lived, at)
    _note("timesheet.correction.asked", correction, by, at)
    return correction


@transaction.atomic
def answer_correction(
    correction_id: uuid.UUID, accept: bool, answer: str, *, by: Actor, at: dt.datetime
) -> Correction:
    """A coordinator of the operator that bears the time answers, whoever the member belongs to by now; never about herself.

    A refusal is a decision: it says why and can be contested.

    Raises: NotAllowed, NotFound (unknown or another operator's), NotAboutOneself, AlreadyAnswered, ReasonMissing.
    """
    by.require(Permission.CORRECT_TIME)
    correction = _for_answer(correction_id, by)
    if correction.state != Correction.State.WAITING:
        raise AlreadyAnswered()
    if not accept and not answer.strip():
        raise ReasonMissing(path="answer")
    correction.state = Correction.State.ACCEPTED if accept else Correction.State.REFUSED
    correction.answer, correction.answered_by, correction.answered_at = answer.strip(), by.account, at
    if accept:
        _add_entry(correction, _lock(correction.member_id), at)
    else:
        _refuse(correction, by, at)
    correction.save()
    _note("timesheet.correction.answered", correction, by, at)
    return correction


def accept_on_appeal(correction_id: uuid.UUID, *, at: dt.datetime) -> None:
    """Undo a refusal after a successful appeal: the time is added as it was asked."""
    correction = Correction.objects.select_for_update().get(id=correction_id)
    if correction.entry_id is None:
        correction.state = Correction.State.ACCEPTED
        _add_entry(correction, _lock(correction.member_id), at)
        correction.save()


def _lock(member: uuid.UUID | None) -> Residences:
    """Hold her residence row, then read where she lives and lived."""
    held = Residence.objects.select_for_update().filter(account_id=member).first() if member else None
    lived = residences_of(held.account_id) if held else None
    if lived is None:
        raise NotFound()
    return lived


def _day_sums(member: uuid.UUID, day: dt.date) -> tuple[int, int]:
    """All counted milliseconds of the day, and how many of them came from corrections."""
    entries = TimeEntry.objects.filter(member_id=member, day=day)
    counted = entries.aggregate(total=Sum("counted_ms"))["total"] or 0
    corrected = entries.filter(source=Source.CORRECTION).aggregate(total=Sum("counted_ms"))["total"] or 0
    return counted, corrected


def _add_entry(correction: Correction, lived: Residences, at: dt.datetime) -> None:
    instant = lived.day_end(correction.day) - dt.timedelta(seconds=1)
    correction.entry = TimeEntry.objects.create(
        member_id=correction.member_id,
        key=new_id(),
        kind=correction.kind,
        source=Source.CORRECTION,
        charge=correction.charge,
        started_at=instant,
        ended_at=instant,
        measured_ms=0,
        counted_ms=correction.delta_ms,
        rule="correction",
        day=correction.day,
        received_at=at,
    )
    correction.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pay_dueday (member_id, day) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [correction.member_id, correction.day],
        )


def _for_answer(correction_id: uuid.UUID, by: Actor) -> Correction:
    correction = Correction.objects.select_for_update().filter(id=correction_id).first()
    if correction is None:
        raise NotFound()
    if by.account is not None and not _is_for(correction, by):
        raise NotFound()
    if by.account == correction.member_id:
        raise NotAboutOneself
    return correction


# The account is a project's or an operator's own. The rooms of both stand below this one.
_PAYER = """
SELECT coalesce(p.operator_id, a.owner) FROM pay_ledgeraccount a LEFT JOIN work_project p ON p.id = a.owner
WHERE a.id = %s
"""


def _is_for(correction: Correction, by: Actor) -> bool:
    """Whether the actor's organisation bears the time; where no account is known, whether it keeps the member."""
    with connection.cursor() as cursor:
        cursor.execute(_PAYER, [correction.charge])
        row = cursor.fetchone()
    payer = row[0] if row else None
    return by.organisation == payer if payer is not None else keeps(correction.member_id, by.organisation)


def _refuse(correction: Correction, by: Actor, at: dt.datetime) -> None:
    take_decision(
        member=correction.member_id,
        kind="time_correction_refused",
        rule="timesheet.corrections",
        evidence={"correction": str(correction.id), "answer_given": True},
        effect={"correction": str(correction.id)},
        by=by,
        at=at,
    )


def _note(code: str, correction: Correction, by: Actor, at: dt.datetime) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"member:{correction.member_id}",
        organisation=by.organisation,
        data={
            "correction": str(correction.id),
            "day": correction.day.isoformat(),
            "kind": str(correction.kind),
            "delta_ms": correction.delta_ms,
            "state": str(correction.state),
            "entry": correction.entry_id,
        },
    )
