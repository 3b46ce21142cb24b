"""Her word counts: a member corrects her day, small corrections at once, larger ones by a person."""

import datetime as dt
import uuid

from django.db import IntegrityError, connection, transaction
from django.db.models import Min

from palabre.decisions.actions import take_decision
from palabre.decisions.errors import NotAboutOneself
from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.models import Grant, Residence
from palabre.people.permissions import WORKING, Permission
from palabre.people.residences import Residences, residences_of
from palabre.people.walls import keeps
from palabre.timesheet.actions.waiting import ANSWER_WITHIN, entry_for, note
from palabre.timesheet.bounds import Days
from palabre.timesheet.charges import PAYERS, hers_since
from palabre.timesheet.errors import (
    AlreadyAnswered,
    BelowZero,
    ChargeNotHers,
    CorrectionEmpty,
    DayFull,
    DayToCome,
    ReasonMissing,
)
from palabre.timesheet.figures import DAY_MS, MINUTE_MS
from palabre.timesheet.models import Correction, Kind
from palabre.timesheet.models import Tally as Row
from palabre.timesheet.queries import days_around

AT_HER_WORD, BY_A_PERSON = "correction", "accepted"


@transaction.atomic
def ask_correction(
    day: dt.date, kind: Kind, charge: int, delta_ms: int, reason: str, *, by: Actor, at: dt.datetime
) -> Correction:
    """A member adds or takes away time on one of her days.

    On a day of which something was measured, for work that was hers by then, up to 15 minutes or a tenth of the day's
    measured time is accepted at once, together with the device time that nothing explains and within 60 minutes a
    week (`timesheet.figures`). So is anything taken away. The rest waits for a person, who answers within two days.

    Raises: NotAllowed, DayToCome, CorrectionEmpty, ReasonMissing, BelowZero, DayFull, ChargeNotHers.
    """
    by.require(Permission.WORK)
    lived = _lock(by.account)
    member = lived.account_id
    if day > lived.day_of(at):
        raise DayToCome(path="day", day=day)
    if not MINUTE_MS <= abs(delta_ms) <= DAY_MS:
        raise CorrectionEmpty(path="delta_ms")
    if not reason.strip():
        raise ReasonMissing(path="reason")
    days = days_around(member, day)
    counted = DAY_MS - days.free_ms(day)
    if counted + delta_ms < 0:
        raise BelowZero(path="delta_ms", day=day, minutes=counted // MINUTE_MS)
    if delta_ms > days.free_ms(day):
        raise DayFull(path="delta_ms", day=day, minutes=max(0, days.free_ms(day)) // MINUTE_MS)
    known = _hers_by(lived, charge, day)
    at_once = delta_ms < 0 or (known and _at_her_word(days, day, delta_ms))
    correction = Correction.objects.create(
        member_id=member,
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
        _count(correction, AT_HER_WORD, lived, at)
    _note("timesheet.correction.asked", correction, by, at)
    return correction


def _at_her_word(days: Days, day: dt.date, delta_ms: int) -> bool:
    return days.measured_ms(day) > 0 and delta_ms <= days.word_left_ms(day)


def _hers_by(lived: Residences, charge: int, day: dt.date) -> bool:
    """Whether the account was one of hers by that day, and she had come in. Raises: ChargeNotHers."""
    member = lived.account_id
    counted = Row.objects.filter(member=member, charge=charge).aggregate(first=Min("day"))["first"]
    since = hers_since(member, charge)
    first = min((one for one in (counted, since and lived.day_of(since)) if one), default=None)
    if first is None:
        raise ChargeNotHers(path="charge")
    came = Grant.objects.filter(account=member, role__in=WORKING).aggregate(at=Min("granted_at"))["at"]
    return first <= day and came is not None and lived.day_of(came) <= day


@transaction.atomic
def answer_correction(
    correction_id: uuid.UUID, accept: bool, answer: str, *, by: Actor, at: dt.datetime
) -> Correction:
    """A coordinator of the operator that bears the time answers, whoever the member belongs to by now; never about herself.

    A refusal is a decision: it says why and can be contested.

    Raises: NotAllowed, NotFound (unknown or another operator's), NotAboutOneself, AlreadyAnswered, ReasonMissing,
    DayFull.
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
        _count(correction, BY_A_PERSON, _lock(correction.member_id), at)
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
        _count(correction, BY_A_PERSON, _lock(correction.member_id), at)
        correction.save()


def _lock(member: uuid.UUID | None) -> Residences:
    """Hold her residence row, then read where she lives and lived."""
    held = Residence.objects.select_for_update().filter(account_id=member).first() if member else None
    lived = residences_of(held.account_id) if held else None
    if lived is None:
        raise NotFound()
    return lived


def _count(correction: Correction, rule: str, lived: Residences, at: dt.datetime) -> None:
    """Raises: DayFull, where the day would hold more than 24 hours."""
    try:
        with transaction.atomic():
            correction.entry = entry_for(correction, rule, lived, at)
    except IntegrityError as error:
        if "24 hours" not in str(error):
            raise
        free = max(0, days_around(correction.member_id, correction.day).free_ms(correction.day))
        raise DayFull(path="answer", day=correction.day, minutes=free // MINUTE_MS) from None
    correction.save()


def _for_answer(correction_id: uuid.UUID, by: Actor) -> Correction:
    correction = Correction.objects.select_for_update().filter(id=correction_id).first()
    if correction is None:
        raise NotFound()
    if by.account is not None and not _is_for(correction, by):
        raise NotFound()
    if by.account == correction.member_id:
        raise NotAboutOneself
    return correction


def _is_for(correction: Correction, by: Actor) -> bool:
    """Whether the actor's organisation bears the time; where no account is known, whether it keeps the member."""
    payer = _payer(correction)
    return by.organisation == payer if payer is not None else keeps(correction.member_id, by.organisation)


def _payer(correction: Correction) -> uuid.UUID | None:
    """The operator that bears the time; None where no account is known."""
    with connection.cursor() as cursor:
        cursor.execute(f"{PAYERS} WHERE a.id = %s", [correction.charge])
        row = cursor.fetchone()
    return row[1] if row else None


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


def _note(code: str, one: Correction, by: Actor, at: dt.datetime) -> None:
    """Among the events of the operator that bears the time, whoever she acts for while she asks."""
    note(
        code,
        one.member_id,
        one.id,
        one.day,
        one.kind,
        one.delta_ms,
        one.state,
        one.entry_id,
        at,
        by=by.account,
        organisation=_payer(one) or by.organisation,
    )
