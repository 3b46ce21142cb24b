"""The pages of a running and of a closed project: at a glance, overview, end, invoice, the client's home."""

import csv
import datetime as dt
import html
import io
import re
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from palabre.impact.models import ScoreCard
from palabre.impact.queries.closing import invoice_of
from palabre.impact.queries.overview import overview_of, per_hour
from palabre.impact.queries.standing import standings
from palabre.impact.queries.waiting import waiting_in
from palabre.impact.scorecard.reading import read_facts
from palabre.pay.jobs import run_settlements
from palabre.quality.actions import recompute
from palabre.record.seals import seal_all
from palabre.times import ManualClock
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.launch import close_project
from palabre.work.actions.questions import ask_question
from palabre.work.actions.reverse import reverse_deposit
from palabre.work.models import Project, Review
from palabre.work.queries.books import SHARE, SOCIAL, Books, deposited
from tests.cast import Cast
from tests.impact.tiny import CLOSED, Tiny
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, TERMS, Stage, set_stage

DAY = dt.timedelta(days=1)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


@pytest.fixture
def browser(stage: Stage) -> Client:
    return browser_of(stage.cast.client_person)


def text(response: object) -> str:
    assert isinstance(response, HttpResponse)
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", words))


def where(name: str, project: Project) -> str:
    return reverse(name, kwargs={"project": project.id})


def post(browser: Client, to: str, project: Project, **fields: str) -> HttpResponse:
    page = browser.get(where("project-close", project)).content.decode()
    found = re.search(r'name="_once" value="([^"]+)"', page)
    mark = found[1] if found else ""
    response = browser.post(where(to, project), {"_once": mark, **fields})
    assert isinstance(response, HttpResponse)
    return response


def worked(stage: Stage, tasks: int = 60, days: int = 4, a_day: int = 10) -> Project:
    """`days` whole days with `a_day` judgements each after the day of the launch."""
    project = stage.live(tasks=tasks)
    for day in range(1, days + 1):
        stage.work(project, stage.cast.member, most=a_day, at=AT + day * DAY)
    return project


# -- where it stands ------------------------------------------------------------------------------


def test_a_forecast_has_an_interval_and_says_of_what(stage: Stage) -> None:
    project = worked(stage)
    (one,) = standings([project], at=AT + 5 * DAY)
    assert (one.tasks, one.funded, one.done.counted, one.missing) == (60, 60, 40, 80)
    assert one.forecast is not None
    assert (one.forecast.low, one.forecast.high) == (8, 9)
    assert (one.forecast.days, one.forecast.judgements) == (4, 40)
    assert one.earliest == (AT + 13 * DAY).date()


def test_no_forecast_before_there_is_enough_to_say(stage: Stage) -> None:
    project = worked(stage, days=2, a_day=20)
    (one,) = standings([project], at=AT + 3 * DAY)
    assert one.forecast is None
    Project.objects.filter(id=project.id).update(state="paused")
    (paused,) = standings([Project.objects.get(id=project.id)], at=AT + 30 * DAY)
    assert paused.forecast is None


def test_the_money_of_the_overview_adds_up(stage: Stage) -> None:
    project = worked(stage)
    (one,) = standings([project], at=AT + 5 * DAY)
    seen = overview_of(one, at=AT + 5 * DAY)
    assert seen.money is not None
    assert seen.money.deposited == seen.money.spent + seen.money.left
    assert seen.people.members == 1
    # One person could be recognised in her hours.
    assert (seen.people.hours_ms, seen.people.per_hour) == (None, None)
    assert {"created", "deposit", "launched", "quote", "guideline"} <= {what.what for what in seen.history}
    assert [count for _day, count in seen.pace] == [10, 10, 10, 10, 0]


def test_hours_and_pay_from_five_members_on(tiny: Tiny) -> None:
    (one,) = standings([tiny.project], at=CLOSED)
    people = overview_of(one, at=CLOSED).people
    assert people.members == 6
    assert people.hours_ms == round((1.6 + 1.6 + 1.5 + 1.5 + 1.5 + 1.0) * 3_600_000)


def test_an_hour_brings_pay_and_top_ups_over_all_hours() -> None:
    books = Books(
        paid_in=1_000,
        balance=400,
        earned=Fraction(480),
        charged=480,
        moved={SHARE: 60, SOCIAL: 40},
        percents={},
        reserve=Fraction(10),
        dearest=Fraction(1),
    )
    assert per_hour(books, 2 * 3_600_000) == 250  # 480 and 20 of top-ups
    assert per_hour(books, 0) is None


def test_three_members_are_too_few(trio: Tiny) -> None:
    (one,) = standings([trio.project], at=CLOSED)
    assert overview_of(one, at=CLOSED).people.hours_ms is None


@pytest.mark.parametrize("tasks", [5, 200])
def test_the_overview_asks_as_much_for_many_tasks_as_for_few(
    stage: Stage, browser: Client, tasks: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    project = stage.live(tasks=tasks)
    stage.work(project, stage.cast.member)
    recompute(project.id, at=AT)
    with django_assert_max_num_queries(26):
        words = text(browser.get(where("project", project)))
    assert "Not enough to say yet" in words
    assert "Hours and pay are shown from five members on" in words


@pytest.mark.parametrize("number", [1, 6])
def test_a_list_asks_as_much_for_many_projects_as_for_one(
    stage: Stage, browser: Client, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        stage.draft()
    with django_assert_max_num_queries(10):
        page = browser.get(reverse("projects"))
    assert page.content.decode().count('<li class="sheet">') == number


def test_states_and_pages_of_the_list(stage: Stage, browser: Client) -> None:
    live = stage.live(tasks=5)
    for _ in range(21):
        stage.draft()
    first = browser.get(reverse("projects")).content.decode()
    assert first.count('<li class="sheet">') == 20
    after = re.search(r'href="\?cursor=([^"]+)" rel="next"', first)
    assert after is not None
    second = browser.get(reverse("projects"), {"cursor": after[1]}).content.decode()
    assert second.count('<li class="sheet">') == 2
    assert str(live.id) in second
    only = browser.get(reverse("projects"), {"state": "live"}).content.decode()
    assert only.count('<li class="sheet">') == 1
    assert "No project is in this state." in text(browser.get(reverse("projects"), {"state": "closed"}))


def test_foreign_projects_are_nowhere(stage: Stage) -> None:
    project = stage.live(tasks=5)
    for who in (stage.cast.foreign_client, stage.cast.stranger):
        theirs = browser_of(who)
        assert str(project.id) not in theirs.get(reverse("projects")).content.decode()
        for name in ("project", "project-close", "project-invoice", "project-invoice-csv"):
            assert theirs.get(where(name, project)).status_code == 404
    assert browser_of(stage.cast.member).get(where("project", project)).status_code == 403


# -- what waits -----------------------------------------------------------------------------------


def what_waits(project: Project) -> list[str]:
    found = standings([Project.objects.get(id=project.id)], at=AT)
    return [one.what for one in waiting_in(found)]


def test_each_state_has_its_next_step(stage: Stage) -> None:
    assert what_waits(stage.draft()) == ["set_up"]
    assert what_waits(stage.quoted().project) == ["deposit"]
    assert what_waits(stage.ready(tasks=5)) == ["launch"]
    live = stage.live(tasks=5)
    assert what_waits(live) == []
    ask_question(live.id, "Both?", by=stage.cast.member.actor, at=AT)
    assert what_waits(live) == ["questions"]
    Project.objects.filter(id=live.id).update(state="pilot", pilot_tasks=2)
    assert what_waits(live)[0] == "pilot"


def test_done_then_closed_then_stated(stage: Stage) -> None:
    project = stage.live(tasks=5)
    for who in (stage.cast.member, stage.cast.reviewer):
        stage.work(project, who)
    assert what_waits(project) == ["close"]
    close_project(project.id, by=stage.coordinator.actor, at=AT)
    assert what_waits(project) == ["scorecard"]


# -- the end --------------------------------------------------------------------------------------


def test_closing_takes_the_name_and_happens_once(stage: Stage, browser: Client) -> None:
    project = stage.live(tasks=5)
    page = text(browser.get(where("project-close", project)))
    for words in ("Closing ends the project for good.", "10 judgements are missing.", "No appeal is open."):
        assert words in page
    wrong = post(browser, "project-close", project, name="Something else")
    assert wrong.status_code == 422
    assert "This is not the name of the project." in text(wrong)
    assert "Something else" in wrong.content.decode()
    assert Project.objects.get(id=project.id).state == "live"
    for _ in range(2):
        assert post(browser, "project-close", project, name=f" {TERMS.name.upper()} ").status_code == 302
    assert Project.objects.get(id=project.id).state == "closed"


def test_who_only_reads_can_not_close(stage: Stage) -> None:
    project = stage.live(tasks=5)
    finance = browser_of(stage.cast.finance)
    assert "Close the project for good" not in text(finance.get(where("project-close", project)))
    assert post(finance, "project-close", project, name=TERMS.name).status_code == 403
    assert Project.objects.get(id=project.id).state == "live"


@pytest.mark.django_db(transaction=True)
def test_from_closing_to_the_scorecard_and_the_refund(stage: Stage, browser: Client) -> None:
    project, by = stage.live(tasks=5), stage.cast.finance.actor
    paid = deposited(project)
    wrong = record_deposit(project.id, 500, "bank 8", by=by, at=AT)
    reverse_deposit(project.id, wrong, "Another project’s.", by=by, at=AT)
    stage.work(project, stage.cast.member)
    post(browser, "project-close", project, name=TERMS.name)
    assert "is not settled yet" in text(browser.get(where("project-close", project)))
    refused = post(browser, "issue-scorecard", project)
    assert refused.status_code == 409
    run_settlements(ManualClock(AT + 3 * DAY))
    assert post(browser, "issue-scorecard", project).status_code == 302
    words = text(browser.get(where("project-close", project)))
    assert "palabre verify scorecard.json --keys keys.json" in words
    assert ScoreCard.objects.count() == 1
    assert "Record what was given back" not in words
    assert post(browser, "refund-deposit", project, reference="x").status_code == 403
    finance = browser_of(stage.cast.finance)
    for page in ("/", "/money/cover/"):
        assert where("project-close", project) + "#money" in finance.get(page).content.decode()
    assert post(finance, "refund-deposit", project, reference=" ").status_code == 422
    for _ in range(2):
        assert post(finance, "refund-deposit", project, reference="bank 9").status_code in {302, 422}
    assert "Nothing is left of the deposit." in text(finance.get(where("project-close", project)))
    seal = seal_all(at=AT + 4 * DAY)
    assert seal is not None
    money = read_facts(project.id, seal.number, as_of=AT + 9_999 * DAY).money
    assert (money.paid_in, money.returned) == (paid, paid - money.spent), "what was never there is in neither"
    assert "were given back. bank 9" in text(browser.get(where("project", project)))


def test_the_invoice_adds_up(stage: Stage, browser: Client) -> None:
    project = worked(stage)
    close_project(project.id, by=stage.coordinator.actor, at=AT + 5 * DAY)
    (one,) = standings([Project.objects.get(id=project.id)], at=AT + 5 * DAY)
    seen = invoice_of(one)
    assert seen is not None
    assert sum(line.number for line in seen.judgements) == 40
    assert seen.paid_in == seen.total + seen.returned + seen.left
    words = text(browser.get(where("project-invoice", project)))
    assert "Taxes are not computed here" in words
    table = browser.get(where("project-invoice-csv", project))
    rows = table.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "line,quantity,each,amount,currency"
    assert rows[1].startswith("Judgements: Senegal,40,")
    assert "Rounded up, once for the project" in rows[2]
    assert len(rows) == 10


def test_every_line_of_the_invoice_multiplies_and_they_come_to_what_was_charged(
    stage: Stage, browser: Client
) -> None:
    project = worked(stage)
    close_project(project.id, by=stage.coordinator.actor, at=AT + 5 * DAY)
    table = browser.get(where("project-invoice-csv", project)).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    pay = [row for row in rows if row["quantity"]]
    assert pay
    for row in pay:
        assert int(row["quantity"]) * Decimal(row["each"]) == Decimal(row["amount"])
    (one,) = standings([Project.objects.get(id=project.id)], at=AT + 5 * DAY)
    seen = invoice_of(one)
    assert seen is not None
    exact = sum(Decimal(row["amount"]) for row in pay)
    assert ceil(exact * 100) == seen.base_pay, "the exact sum, rounded up once"


def test_a_deposit_recorded_by_mistake_is_none(stage: Stage, browser: Client) -> None:
    """The client reads that it was there, why it was taken back, and what is left: the sums hold."""
    project, by = worked(stage), stage.cast.finance.actor
    before = text(browser.get(where("project-invoice", project)))
    wrong = record_deposit(project.id, 777, "bank 8", by=by, at=AT)
    reverse_deposit(project.id, wrong, "It was for another project.", by=by, at=AT)
    words = text(browser.get(where("project", project)))
    for sentence in (
        "€7.77 came in. bank 8",
        "€7.77 had been recorded by mistake and were taken back. It was for another project.",
    ):
        assert sentence in words
    assert "Given back" not in words
    (one,) = standings([Project.objects.get(id=project.id)], at=AT + 5 * DAY)
    seen = invoice_of(one)
    assert seen is not None
    assert (seen.mistaken, seen.returned) == (777, 0)
    assert seen.paid_in == seen.total + seen.left
    after = text(browser.get(where("project-invoice", project)))
    mistake = " without €7.77 that had been recorded by mistake and were taken back"
    assert after.replace(mistake, "") == before


def test_reviews_are_on_the_invoice_and_open_ones_before_the_end(stage: Stage, browser: Client) -> None:
    project = worked(stage)
    for task, state in zip(
        project.batches.get().tasks.order_by("id")[:3], ("submitted", "extra", "open"), strict=True
    ):
        Review.objects.create(
            task=task,
            reviewer_id=stage.cast.reviewer.account,
            project=project,
            state=state,
            schema_version=1,
            guideline_version=1,
            opened_at=AT,
            expires_at=AT + DAY,
            reason="" if state == "open" else "It says so.",
            submitted_at=None if state == "open" else AT,
            pay="1.02923889",
            pay_currency="XOF",
            charge="0.00157",
        )
    assert "1 task is in a reviewer’s hands." in text(browser.get(where("project-close", project)))
    assert "Reviews 1 0.00157 0.00157" in text(browser.get(where("project-invoice", project)))
    table = browser.get(where("project-invoice-csv", project)).content.decode("utf-8-sig")
    assert "Reviews,1,0.00157000,0.00157000,EUR" in table, "what came too late is the operator’s"


def test_no_invoice_before_a_price(stage: Stage, browser: Client) -> None:
    project = stage.draft()
    assert "No price is agreed on yet." in text(browser.get(where("project-invoice", project)))
    assert browser.get(where("project-invoice-csv", project)).content.decode("utf-8-sig").count("\n") == 1
