"""The figures of the tiny project, as its docstring has them by hand."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palabre.errors import NotAllowed, NotFound
from palabre.impact.actions import issue_scorecard
from palabre.impact.errors import DaysNotOver, DaysNotSettled, NoWork, ProjectNotClosed
from palabre.impact.models import ScoreCard
from palabre.impact.scorecard.checks import scorecard_problems
from palabre.impact.scorecard.reading import STATEMENTS, read_facts, snapshot
from palabre.pay.models import DueDay
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Account, Residence, Role
from palabre.record.credentials import verify
from palabre.record.models import Event, Seal
from palabre.record.seals import keys, seal_all
from palabre.timesheet.models import Kind, Source, TimeEntry
from palabre.work.models import Annotation, LabelSchema, Project
from tests.impact.tiny import CLOSED, HOUR_MS, Tiny, spend

AT = CLOSED + dt.timedelta(hours=1)
TENTH_MS = HOUR_MS // 10
HELD_BACK = {"suppressed": "small_group"}


def issued(tiny: Tiny) -> dict[str, Any]:
    subject: dict[str, Any] = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT).credential[
        "credentialSubject"
    ]
    return subject


def test_work(tiny: Tiny) -> None:
    work = issued(tiny)["work"]
    assert (work["tasks"], work["judgedTasks"], work["overlap"]) == (4, 3, 2)
    assert work["judgements"] == {"total": 7, "counted": 6, "extra": 1}
    (agreement,) = work["agreements"]
    assert agreement["question"] == "mood"
    assert (agreement["figure"]["tasks"], agreement["figure"]["judgements"]) == (3, 7)


def test_agreement_by_hand(tiny: Tiny) -> None:
    """Task 1 happy, happy, happy; task 2 sad, sad; task 3 happy, sad: n = 7, of which 4 happy and 3 sad.

    observed = (0 + 0 + 2) / 7; expected = (49 - 16 - 9) / 42; alpha = 1 - (2/7) / (24/42) = 0.5.
    """
    agreement = issued(tiny)["work"]["agreements"][0]["figure"]
    assert agreement["alpha"] == "0.500000"
    assert float(agreement["low"]) <= 0.5 <= float(agreement["high"])


def test_people(tiny: Tiny) -> None:
    people = issued(tiny)["people"]
    assert people == {
        "members": 6,
        "countries": 1,
        "places": [{"country": "SN", "members": 6}],
        "together": [],
        "elsewhere": 0,
    }


def test_time_by_kind_and_source(tiny: Tiny) -> None:
    """Six hours of tasks with 12 minutes of corrections, 2.5 of reading. Two people corrected: too few to be
    told apart, and the rest with them."""
    time = issued(tiny)["time"]
    assert time["totalMs"] == 87 * TENTH_MS
    assert time["byKind"] == [{"name": "task", "ms": 62 * TENTH_MS}, {"name": "reading", "ms": 25 * TENTH_MS}]
    assert time["bySource"] == [{"name": "other", "ms": 87 * TENTH_MS}]


def test_pay_per_hour(tiny: Tiny) -> None:
    """Sorted: 370.66…, 375, 375, 400, 400, 400; over 370.526: 1.0004, 1.0121 twice, 1.0795 three times."""
    per_hour = issued(tiny)["pay"]["perHour"]
    (place,) = per_hour["places"]
    assert place["pay"] == {
        "currency": "XOF",
        "members": 6,
        "p10": "372.8",
        "median": "387.5",
        "p90": "400.0",
    }
    assert per_hour["ofLegalMinimum"] == {"members": 6, "p10": "1.01", "median": "1.05", "p90": "1.08"}
    assert place["legalMinimum"]["hourly"] == "370.53"
    assert (place["livingTariff"], per_hour["ofLivingTariff"]) == (None, None)


def test_money_gives_no_few_away(tiny: Tiny) -> None:
    """2900 of base pay, which 290 of social cover at 10 % tell; so 3356 to members would tell E's top-up of 456."""
    pay = issued(tiny)["pay"]
    assert pay["money"] == HELD_BACK
    assert pay["share"] == "0.82"


def test_credit_top_ups_and_floor(tiny: Tiny) -> None:
    """One member was topped up: a figure over one person."""
    pay = issued(tiny)["pay"]
    assert pay["creditSeconds"] == {"median": "2.000", "p90": "2.000", "judgements": 7}
    assert pay["topUps"] == HELD_BACK
    assert pay["floor"] == {"settledDays": 6, "atFloor": 6, "all": True}


def test_unknown(tiny: Tiny) -> None:
    codes = [entry["code"] for entry in issued(tiny)["unknown"]]
    assert codes == ["no_living_tariff", "own_costs", "payouts", "small_group"]


def test_declared_times_are_said(tiny: Tiny) -> None:
    Project.objects.filter(id=tiny.project.id).update(declared_times=True)
    codes = [entry["code"] for entry in issued(tiny)["unknown"]]
    assert codes[:2] == ["times_declared", "campaign_replayed"]


def test_small_groups_are_held_back(trio: Tiny) -> None:
    """Three members: nothing over people is stated; the work, the share and the promise are."""
    subject = issued(trio)
    for part in ("time", "decisions", "questions"):
        assert subject[part] == HELD_BACK
    assert subject["people"] == {
        "members": HELD_BACK,
        "countries": HELD_BACK,
        "places": [],
        "together": ["SN"],
        "elsewhere": HELD_BACK,
    }
    pay = subject["pay"]
    assert pay["money"] == pay["creditSeconds"] == pay["perHour"]["ofLegalMinimum"] == HELD_BACK
    assert pay["perHour"]["places"][0]["pay"] == HELD_BACK
    assert pay["perHour"]["places"][0]["legalMinimum"]["hourly"] == "370.53"
    assert pay["floor"]["all"] is True
    assert subject["work"]["judgements"]["total"] == 4
    assert "small_group" in [entry["code"] for entry in subject["unknown"]]


def test_it_is_signed_and_kept(tiny: Tiny) -> None:
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    verified = verify(card.credential, at=AT, trusted=keys(AT).public)
    assert verified.types == ("VerifiableCredential", "ScoreCardCredential")
    assert not scorecard_problems(verified.subjects[0])
    seal = Seal.objects.get(number=card.seal)
    assert card.credential["credentialSubject"]["record"]["root"] == seal.root
    event = Event.objects.get(code="impact.scorecard.issued")
    assert event.data["scorecard"] == str(card.id)


def test_again_is_the_next_version(tiny: Tiny) -> None:
    first = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    second = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT + dt.timedelta(days=1))
    assert (first.version, second.version) == (1, 2)
    assert ScoreCard.objects.count() == 2


def test_none_is_issued_before_the_last_day_is_over(tiny: Tiny) -> None:
    """It would sign that not every day reached its floor, over no day at all."""
    spend(tiny.escrow, tiny.members[0], Kind.TASK, Source.DEVICE, HOUR_MS)
    entry = TimeEntry.objects.latest("id")
    TimeEntry.objects.filter(id=entry.id).update(day=AT.date(), received_at=AT)
    DueDay.objects.update(day=AT.date())
    with pytest.raises(DaysNotOver) as refused:
        issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    assert refused.value.fields == {"days": 1, "ends": "2026-03-07 00:00"}
    assert not ScoreCard.objects.exists()


def test_a_day_that_nothing_can_settle_holds_up_nobody(tiny: Tiny) -> None:
    """Two hours in a place without any floor: stated as unknown, beside the days of the others."""
    kenyan = Account.objects.create(created_at=CLOSED).id
    Residence.objects.create(account_id=kenyan, country="KE", timezone="Africa/Nairobi", since=CLOSED)
    spend(tiny.escrow, kenyan, Kind.READING, Source.DEVICE, 2 * HOUR_MS)
    subject = issued(tiny)
    assert subject["pay"]["floor"] == {"settledDays": 6, "atFloor": 6, "all": True}
    assert {"code": "days_without_floor", "days": HELD_BACK} in subject["unknown"]


def test_each_question_has_its_own_agreement(tiny: Tiny) -> None:
    schema = LabelSchema.objects.get()
    tone = {"name": "tone", "type": "choices", "to": "text", "labels": [{"value": "calm"}, {"value": "loud"}]}
    words = {"name": "why", "type": "textarea", "to": "text"}
    schema.body = {**schema.body, "asks": [*schema.body["asks"], tone, words]}
    schema.save()
    subject = issued(tiny)
    assert [one["question"] for one in subject["work"]["agreements"]] == ["mood"]
    assert {"code": "agreement_undefined", "question": "tone"} in subject["unknown"]
    assert {"code": "agreement_unmeasured", "question": "why"} in subject["unknown"]


def test_days_that_are_over_must_be_settled(tiny: Tiny) -> None:
    spend(tiny.escrow, tiny.members[0], Kind.MEETING, Source.SERVER, HOUR_MS)
    with pytest.raises(DaysNotSettled) as refused:
        issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    assert refused.value.fields == {"days": 1}
    assert not ScoreCard.objects.exists()


def test_an_open_project_has_none(tiny: Tiny) -> None:
    Project.objects.filter(id=tiny.project.id).update(state=Project.State.LIVE)
    with pytest.raises(ProjectNotClosed):
        issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)


def test_without_work_there_is_nothing_to_state(tiny: Tiny) -> None:
    Annotation.objects.all().delete()
    with pytest.raises(NoWork):
        issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)


def test_who_may_not(tiny: Tiny) -> None:
    member = Actor(tiny.members[0], tiny.project.operator_id, frozenset({Role.MEMBER}))
    with pytest.raises(NotAllowed):
        issue_scorecard(tiny.project.id, by=member, at=AT)
    stranger = Actor(tiny.members[0], tiny.project.id, frozenset({Role.COORDINATOR}))
    with pytest.raises(NotFound):
        issue_scorecard(tiny.project.id, by=stranger, at=AT)


def test_the_statements_are_counted(tiny: Tiny) -> None:
    seal = seal_all(at=AT)
    with snapshot(), CaptureQueriesContext(connection) as queries:
        read_facts(tiny.project.id, seal.number, as_of=AT)
    assert len(queries) == STATEMENTS
