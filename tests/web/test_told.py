"""Each event that somebody has to know of reaches her by e-mail, with the numbers of her home."""

import datetime as dt
import re
import uuid

import pytest

from palabre.decisions.actions import answer_appeal, appeal, take_decision
from palabre.decisions.models import Decision
from palabre.pay.actions import carry_payouts, close_payout, mark_batch_sent, request_payout
from palabre.pay.models import Floor
from palabre.record.models import Verification
from palabre.timesheet.actions import answer_correction, ask_correction
from palabre.timesheet.models import Correction, Kind
from palabre.web.jobs import Notebook
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.questions import answer_question, ask_question
from palabre.work.models import Project
from tests.cast import Cast, Persona, own_account
from tests.messages.channels import carry_everything
from tests.messages.mornings import everybody_came_in, letters_to, tell
from tests.pay.conftest import give
from tests.people.door import browser_of, visible
from tests.quality.disputed import disputed_project
from tests.work.stage import AT, Stage, set_stage
from tests.work.test_looks import marked, unread

DAY = dt.timedelta(days=1)
MORNING = AT.replace(hour=7) + DAY
# Answers to corrections and appeals are promised sooner than this.
LATE = AT + 40 * DAY


@pytest.fixture
def stage(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Everybody has come in, and nothing was told yet."""
    stage = set_stage(cast)
    carry_everything(monkeypatch)
    everybody_came_in(AT)
    tell(AT)
    return stage


def told(who: Persona, at: dt.datetime) -> str:
    """Her only letter of this kind, after the job has run twice at that hour."""
    tell(at)
    tell(at)
    (letter,) = [one for one in letters_to(who) if one.startswith("Palabre: ")]
    return letter


def at_once(who: Persona, at: dt.datetime) -> str:
    """The same of what can't wait."""
    letter = told(who, at)
    assert letter.startswith("Palabre: this can't wait\n"), letter
    return letter


def decided(stage: Stage) -> Decision:
    correction = uuid.uuid4()
    return take_decision(
        member=stage.cast.member.account,
        kind="time_correction_refused",
        rule="timesheet.corrections",
        evidence={"correction": str(correction)},
        effect={"correction": str(correction)},
        by=stage.coordinator.actor,
        at=AT,
    )


def corrected(stage: Stage) -> Correction:
    charge = own_account(stage.cast)
    return ask_correction(
        AT.date(), Kind.OUTAGE, charge, 40 * 60_000, "A power cut", by=stage.cast.member.actor, at=AT
    )


def asked_for_money(stage: Stage) -> uuid.UUID:
    give(stage.cast.member.account, 500, at=AT)
    return request_payout(uuid.uuid4(), 200, "XOF", by=stage.cast.member.actor, at=AT).id


def until_nothing_is_left(stage: Stage, project: Project) -> None:
    for who in (stage.cast.member, stage.cast.shared):
        while stage.work(project, who):
            pass


# -- at once --------------------------------------------------------------------------------------


def test_a_decision_about_her(stage: Stage) -> None:
    decided(stage)
    letter = at_once(stage.cast.member, AT)
    assert "something was decided about you" in letter
    assert "/decisions/" in letter
    assert letters_to(stage.cast.colleague) == []


def test_an_appeal_that_was_answered(stage: Stage) -> None:
    made = decided(stage)
    appeal(made.id, "I was there.", by=stage.cast.member.actor, at=AT)
    tell(AT)
    answer_appeal(made.id, "We looked.", reverse=False, by=stage.cast.delegate.actor, at=AT + DAY)
    tell(AT + DAY)
    assert "your appeal was answered" in letters_to(stage.cast.member)[-1]


def test_an_appeal_that_nobody_answered_in_time(stage: Stage) -> None:
    appeal(decided(stage).id, "I was there.", by=stage.cast.member.actor, at=AT)
    for who in (stage.coordinator, stage.cast.delegate):
        tell(LATE)
        urgent = [one for one in letters_to(who) if "can't wait" in one.splitlines()[0]]
        assert len(urgent) == 1, who.name
        assert "1 appeal was to be answered by now" in urgent[0]
        assert "Member" not in urgent[0], "no member's name"
    for outside in (stage.cast.stranger, stage.cast.former, stage.cast.client_person):
        assert not any("appeal was to be" in one for one in letters_to(outside)), outside.name


def test_a_correction_that_nobody_answered_in_time(stage: Stage) -> None:
    corrected(stage)
    tell(AT)
    assert letters_to(stage.coordinator) == []
    tell(LATE)
    urgent = [one for one in letters_to(stage.coordinator) if "can't wait" in one]
    assert "1 correction of time was to be answered by now" in urgent[0]
    assert not any("correction of time" in one for one in letters_to(stage.cast.stranger))


def test_a_payout_that_failed(stage: Stage) -> None:
    payout = asked_for_money(stage)
    carry_payouts(uuid.uuid4(), [payout], by=stage.cast.finance.actor, at=AT)
    close_payout(payout, False, "No such number", by=stage.cast.finance.actor, at=AT)
    letter = at_once(stage.cast.member, AT)
    assert "a payout did not reach you" in letter


def test_a_payout_that_nobody_sent_in_time(stage: Stage) -> None:
    asked_for_money(stage)
    tell(LATE)
    urgent = [one for one in letters_to(stage.cast.finance) if "can't wait" in one]
    assert "1 payout was to arrive by now and was not sent" in urgent[0]


def test_a_deposit_that_runs_out(stage: Stage) -> None:
    project = stage.live(tasks=2)
    tell(AT)
    assert letters_to(stage.cast.finance) == [], "it is covered"
    stage.add_tasks(project, 500)
    tell(AT)
    assert letters_to(stage.cast.finance) == [], "there is something left to do"
    until_nothing_is_left(stage, project)
    for who in (stage.cast.client_person, stage.cast.finance):
        assert "the deposit of 1 project has run out" in at_once(who, AT)
    assert letters_to(stage.cast.foreign_client) == []
    record_deposit(project.id, 1, "bank 2", by=stage.cast.finance.actor, at=AT)
    until_nothing_is_left(stage, project)
    tell(AT)
    assert len(letters_to(stage.cast.finance)) == 2, "another deposit that has run out"


def test_a_task_that_may_do_harm(stage: Stage) -> None:
    marked(stage)
    for who in (stage.coordinator, stage.cast.client_person):
        assert "2 tasks may do harm or show who somebody is" in at_once(who, AT)


def test_a_job_that_fails_again_and_again(stage: Stage) -> None:
    notebook = Notebook("seals", DAY)
    notebook.note(AT, error=ValueError())
    tell(AT)
    assert letters_to(stage.cast.administrator) == [], "once happens"
    notebook.note(AT + dt.timedelta(minutes=1), error=ValueError())
    notebook.note(AT + dt.timedelta(minutes=2), error=ValueError())
    assert "One job fails again and again." in at_once(stage.cast.administrator, AT)


@pytest.mark.parametrize("end", [{"problems": [{"part": "x", "text": {}}]}, {"gave_up": True}])
def test_a_record_that_is_off(stage: Stage, end: dict[str, object]) -> None:
    Verification.objects.create(organisation=stage.cast.operator.id, asked_at=AT, finished_at=AT, **end)
    for who in (stage.cast.auditor, stage.cast.administrator):
        assert "A verification of the record found something that is off" in at_once(who, AT)
    assert letters_to(stage.cast.stranger) == []


# -- in the morning -------------------------------------------------------------------------------


def test_work_that_begins(stage: Stage) -> None:
    project = stage.live()
    letter = told(stage.cast.member, MORNING)
    assert "work begins that you can do: Guest reviews" in letter
    assert f"/work/{project.id}/" in letter
    assert letters_to(stage.cast.colleague) == [], "it has no price for where she lives"
    tell(MORNING + DAY)
    assert len(letters_to(stage.cast.member)) == 1, "new once"


def test_a_question_and_its_answer(stage: Stage) -> None:
    project = stage.live()
    tell(AT)
    question = ask_question(project.id, "Both?", by=stage.cast.member.actor, at=AT)
    assert "- 1 question waits for an answer" in told(stage.coordinator, MORNING)
    assert "1 question about the guideline waits for an answer." in told(stage.cast.client_person, MORNING)
    answer_question(question.id, "One.", by=stage.coordinator.actor, at=MORNING)
    tell(MORNING + DAY)
    assert "1 question of yours was answered" in letters_to(stage.cast.member)[-1]


def test_a_correction_and_its_answer(stage: Stage) -> None:
    made = corrected(stage)
    assert "- 1 correction of time waits" in told(stage.coordinator, MORNING)
    answer_correction(made.id, True, "", by=stage.coordinator.actor, at=MORNING)
    assert "1 correction of your time was accepted" in told(stage.cast.member, MORNING + DAY)


def test_an_appeal_waits(stage: Stage) -> None:
    appeal(decided(stage).id, "I was there.", by=stage.cast.member.actor, at=AT)
    assert "- 1 decision is contested" in told(stage.coordinator, MORNING)
    assert "- 1 appeal waits for your answer." in told(stage.cast.delegate, MORNING)


def test_a_payout_to_carry_and_one_that_arrived(stage: Stage) -> None:
    payout = asked_for_money(stage)
    letter = told(stage.cast.finance, MORNING)
    assert "- 1 payout to be carried" in letter
    assert "/money/payouts/" in letter
    batch = carry_payouts(uuid.uuid4(), [payout], by=stage.cast.finance.actor, at=MORNING)
    mark_batch_sent(batch.id, by=stage.cast.finance.actor, at=MORNING)
    assert "- 1 payout was sent to you" in told(stage.cast.member, MORNING + DAY)
    close_payout(payout, True, "Receipt 1", by=stage.cast.finance.actor, at=MORNING + DAY)
    tell(MORNING + 2 * DAY)
    assert "- 1 payout has reached you" in letters_to(stage.cast.member)[-1]
    assert "was sent to you" not in letters_to(stage.cast.member)[-1]


def test_what_could_not_be_read(stage: Stage) -> None:
    unread(stage)
    assert "- 1 thing from a phone could not be read" in told(stage.coordinator, MORNING)


def test_days_that_nothing_can_settle_without_a_name(stage: Stage) -> None:
    project = stage.live()
    stage.work(project, stage.cast.member)
    correction = corrected(stage)
    answer_correction(correction.id, True, "", by=stage.coordinator.actor, at=AT)
    Floor.objects.filter(country="SN").delete()
    tell(MORNING + 2 * DAY)
    for who in (stage.coordinator, stage.cast.finance):
        (letter,) = letters_to(who)
        assert "- 1 day can't be settled" in letter, letter
        assert "Member" not in letter


def test_tasks_in_dispute(stage: Stage) -> None:
    disputed_project(stage)
    tell(AT + 2 * DAY)
    assert "- 3 tasks are in dispute and wait for you." in letters_to(stage.cast.reviewer)[-1]


def test_a_project_whose_judgements_are_all_there(stage: Stage) -> None:
    project = stage.live(tasks=2)
    stage.work(project, stage.cast.member)
    stage.work(project, stage.cast.shared)
    assert "Guest reviews: Every judgement is here. You can close the project." in told(
        stage.cast.client_person, MORNING
    )


def test_background_work_that_was_passed(stage: Stage) -> None:
    Notebook("seals", DAY).note(AT, error=ValueError())
    assert "One job fails again and again." in told(stage.cast.administrator, MORNING)


def test_the_letter_says_what_the_home_says(stage: Stage) -> None:
    project, _flag = marked(stage)
    ask_question(project.id, "Both?", by=stage.cast.member.actor, at=AT)
    corrected(stage)
    unread(stage)
    asked_for_money(stage)
    tell(AT)
    tell(MORNING)
    for who, least in ((stage.coordinator, 4), (stage.cast.finance, 1), (stage.cast.client_person, 2)):
        letter = letters_to(who)[-1]
        page = visible(browser_of(who).get("/"))
        lines = re.findall(r"^- (.+)$", letter, re.MULTILINE)
        assert len(lines) >= least, letter
        for line in lines:
            assert line.removeprefix("Guest reviews: ") in page, (who.name, line)
        assert f"{len(lines)} thing" in letter.splitlines()[0]
