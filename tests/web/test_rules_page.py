"""The rules in plain words are the code's: each number is the constant that the program counts with."""

import re
from pathlib import Path

import pytest

from palabre.decisions import actions as decisions
from palabre.pay.actions import load_fixture
from palabre.people.actor import SYSTEM
from palabre.people.small_groups import FEWEST
from palabre.timesheet import figures
from palabre.timesheet.actions import waiting
from palabre.web.home.rules import GAP_KEPT, HIDDEN, IDLE, LONGEST_WAIT, OUTSIDE, Numbers
from palabre.work.actions.leases import MOST_HELD
from palabre.work.models import Project
from tests.cast import BEGAN, Cast
from tests.web.reading import reader, weight

pytestmark = pytest.mark.django_db
SHELL = Path(__file__).parents[2] / "workbench/src/shell"


def test_every_number_is_in_a_sentence(cast: Cast) -> None:
    page, n = reader(None).read("/rules/"), Numbers()
    for said in (
        f"after {n.idle_minutes} minutes without a gesture",
        f"for {n.gap_days} days you can say what it was",
        f"{n.hidden_seconds} more seconds count; {n.outside_minutes} minutes",
        f"up to {n.wait_minutes} minutes each time",
        f"A stretch has at most {n.longest_hours} hours",
        f"up to {n.time.at_once_minutes} minutes or {n.time.at_once_percent} %",
        f"{n.time.week_minutes} minutes a week",
        f"{n.time.task_times} times the expected time of its task, and at least {n.time.task_minutes} minutes",
        f"for the first {n.time.guideline_minutes} minutes",
        f"a person answers within {n.correction_days} days",
        f"yours for {n.lease_hours} hours",
        f"up to {n.most_held} tasks",
        f"You have {n.contest_days} days to contest it",
        f"Somebody else answers within {n.appeal_days} days",
        f"A change holds after {n.change_hours} hours",
        f"over fewer than {n.fewest} people",
    ):
        assert said in page.text


def test_the_numbers_are_those_of_the_code() -> None:
    n = Numbers()
    assert n.time == figures.figures()
    assert n.correction_days == waiting.ANSWER_WITHIN.days
    assert n.longest_hours * 3600 == figures.LONGEST.total_seconds()
    assert n.tolerance_minutes * 60 == figures.TOLERANCE.total_seconds()
    assert n.contest_days == decisions.CONTEST_WITHIN.days
    assert n.appeal_days == decisions.ANSWER_WITHIN.days
    assert n.lease_hours == Project().lease_hours
    assert (n.most_held, n.fewest) == (MOST_HELD, FEWEST)


@pytest.mark.parametrize(
    ("name", "duration"),
    [("IDLE", IDLE), ("HIDDEN", HIDDEN), ("OUTSIDE", OUTSIDE), ("MOST_WAIT", LONGEST_WAIT)],
)
def test_the_clock_of_the_device_keeps_the_same_rules(name: str, duration: object) -> None:
    found = re.search(rf"const {name} = ([0-9_]+);", (SHELL / "clock.ts").read_text(encoding="utf-8"))
    assert found is not None
    assert getattr(duration, "total_seconds")() * 1000 == int(found[1].replace("_", ""))  # noqa: B009


def test_a_gap_is_kept_as_long_as_the_device_keeps_it() -> None:
    assert f"for {GAP_KEPT.days} days" in (SHELL / "store.ts").read_text(encoding="utf-8")


def test_floors_with_their_sources(cast: Cast) -> None:
    load_fixture(by=SYSTEM, at=BEGAN.replace(year=2027))
    everybody = reader(None).read("/rules/")
    assert "Senegal F CFA 370 legal minimum:" in everybody.text
    hers = reader(cast.member).read("/rules/")
    assert "at least your floor: F CFA 370 (legal minimum, Senegal)" in hers.text
    assert "Kenya" not in hers.text


@pytest.mark.parametrize("address", ["/rules/", "/help/"])
def test_anybody_reads_them_in_her_language(cast: Cast, address: str) -> None:
    for who in (None, cast.member, cast.client_person, cast.auditor):
        page = reader(who).read(address)
        assert page.status == 200
        assert weight(page) < 60_000
        assert page.html.count("<h1>") == 1
    assert "Les règles d’ici" in reader(None).read(address, "fr").text


def test_links_of_the_rules_lead_somewhere(cast: Cast) -> None:
    page = reader(None).read("/rules/")
    for link in page.links:
        if link.startswith("#"):
            assert f'id="{link[1:]}"' in page.html


def test_the_foot_of_every_page_leads_to_the_rules_and_to_help(cast: Cast) -> None:
    links = reader(cast.member).read("/").links
    assert "/rules/" in links
    assert "/help/" in links
