"""Her word counts: small corrections at once, larger ones by a person, refusals with a reason that can be contested."""

import datetime as dt

import pytest

from palabre.decisions.models import Decision
from palabre.errors import NotAllowed, NotFound
from palabre.ids import new_id
from palabre.pay.actions import open_account
from palabre.pay.models import DueDay, LedgerAccount
from palabre.pay.queries import lived_by
from palabre.record.models import Event
from palabre.timesheet.actions import Slice, answer_correction, ask_correction, record_time
from palabre.timesheet.errors import AlreadyAnswered, BelowZero, CorrectionEmpty, DayToCome, ReasonMissing
from palabre.timesheet.models import Correction, Kind, TimeEntry
from tests.cast import Cast, Persona

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)
AT = dt.datetime(2026, 3, 2, 20, 0, tzinfo=dt.UTC)
MINUTE = 60_000


def worked(member: Persona, minutes: int, charge: int = 1) -> None:
    one = Slice(
        new_id(),
        Kind.TASK,
        charge,
        AT - dt.timedelta(minutes=minutes),
        minutes * MINUTE,
        explains_ms=minutes * MINUTE,
    )
    record_time(member.account, [one], lived=lived_by(member.account), at=AT)


def ask(member: Persona, minutes: int, reason: str = "I looked a word up") -> Correction:
    return ask_correction(DAY, Kind.TASK, 1, minutes * MINUTE, reason, by=member.actor, at=AT)


def test_a_quarter_of_an_hour_is_taken_at_her_word(member: Persona) -> None:
    worked(member, 60)
    assert ask(member, 15).state == "accepted"
    assert TimeEntry.objects.get(source="correction").counted_ms == 15 * MINUTE
    assert DueDay.objects.filter(member=member.account, day=DAY).exists()


def test_a_tenth_of_a_long_day_is_taken_at_her_word(member: Persona) -> None:
    worked(member, 230)
    assert ask(member, 23).state == "accepted"
    assert ask(member, 1).state == "waiting"


def test_more_waits_for_a_person_who_answers_within_two_days(member: Persona, coordinator: Persona) -> None:
    worked(member, 60)
    asked = ask(member, 40)
    assert (asked.state, asked.answer_due) == ("waiting", AT + dt.timedelta(days=2))
    answered = answer_correction(asked.id, True, "", by=coordinator.actor, at=AT)
    assert answered.state == "accepted"
    assert TimeEntry.objects.get(source="correction").counted_ms == 40 * MINUTE
    with pytest.raises(AlreadyAnswered):
        answer_correction(asked.id, True, "", by=coordinator.actor, at=AT)


def test_a_refusal_is_a_decision(member: Persona, coordinator: Persona) -> None:
    worked(member, 60)
    asked = ask(member, 40)
    with pytest.raises(ReasonMissing):
        answer_correction(asked.id, False, " ", by=coordinator.actor, at=AT)
    answer_correction(asked.id, False, "The server saw no task then.", by=coordinator.actor, at=AT)
    decision = Decision.objects.get()
    assert (decision.member_id, decision.kind) == (member.account, "time_correction_refused")
    assert not TimeEntry.objects.filter(source="correction").exists()


def test_what_is_no_correction(member: Persona) -> None:
    worked(member, 10)
    for minutes in (0, 25 * 60):
        with pytest.raises(CorrectionEmpty):
            ask(member, minutes)
    with pytest.raises(ReasonMissing):
        ask(member, 5, reason="  ")
    with pytest.raises(BelowZero):
        ask(member, -11)
    assert ask(member, -10).state == "accepted"


def test_who_may_not(cast: Cast) -> None:
    worked(cast.member, 60)
    asked = ask(cast.member, 40)
    with pytest.raises(NotAllowed):
        answer_correction(asked.id, True, "", by=cast.member.actor, at=AT)
    with pytest.raises(NotFound):
        answer_correction(asked.id, True, "", by=cast.stranger.actor, at=AT)


def test_a_day_to_come_is_not_corrected(member: Persona) -> None:
    """Today may be, until midnight where she lives."""
    tomorrow = DAY + dt.timedelta(days=1)
    with pytest.raises(DayToCome):
        ask_correction(tomorrow, Kind.TASK, 1, MINUTE, "I will", by=member.actor, at=AT)
    worked(member, 10)
    assert ask(member, 1).state == "accepted"


def test_a_correction_stands_in_the_record_of_the_operator_that_bears_it(cast: Cast) -> None:
    """Whoever she acts for while she asks."""
    theirs = open_account(LedgerAccount.Kind.PLATFORM, cast.stranger_operator.id, "XOF").id
    worked(cast.shared, 60, theirs)
    ask_correction(DAY, Kind.TASK, theirs, MINUTE, "A word", by=cast.shared.actor, at=AT)
    assert Event.objects.get(code="timesheet.correction.asked").organisation == cast.stranger_operator.id
