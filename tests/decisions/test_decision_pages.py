"""No decision without a why: what she reads, how she contests it, what she reads then."""

import datetime as dt
import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.decisions.actions import answer_appeal
from palabre.decisions.models import Appeal, Decision
from palabre.people.actions import grant_role, revoke_role
from palabre.people.models import Role
from palabre.times import system_clock
from palabre.timesheet.actions import answer_correction, ask_correction
from palabre.timesheet.models import Kind
from tests.cast import Cast, Persona, own_account
from tests.web.reading import Seen, reader, weight

pytestmark = pytest.mark.django_db
MINUTE = 60_000


@pytest.fixture
def refused(cast: Cast) -> Decision:
    """She asked for an hour, and the coordinator refused it just now."""
    at = system_clock.now()
    day = at.date() - dt.timedelta(days=1)
    asked = ask_correction(
        day, Kind.TASK, own_account(cast), 60 * MINUTE, "The clock stopped.", by=cast.member.actor, at=at
    )
    answer_correction(asked.id, False, "No task was open then.", by=cast.coordinator.actor, at=at)
    return Decision.objects.get()


def address(decision: Decision) -> str:
    return f"/decisions/{decision.id}/"


def contest(who: Persona, decision: Decision, reason: str = "I was there.") -> Seen:
    browser = reader(who)
    return browser.send(address(decision), browser.read(address(decision)), "reason", reason=reason)


def test_her_list_names_what_and_until_when(cast: Cast, refused: Decision) -> None:
    page = reader(cast.member).read("/decisions/")
    assert "A correction of your working time was refused." in page.text
    assert "You can contest it until" in page.text
    assert address(refused) in page.links


def test_nothing_decided_is_said(cast: Cast) -> None:
    assert "Nothing was decided about you." in reader(cast.member).read("/decisions/").text


def test_a_decision_says_its_why(cast: Cast, refused: Decision) -> None:
    page = reader(cast.member).read(address(refused))
    for said in (
        "Small corrections are added at once.",
        "You asked to add 60 minutes",
        "Your reason The clock stopped.",
        "The answer No task was open then.",
        "Decided by Coordinator, Operator",
        "stays yours, whatever becomes of this decision",
        "Somebody else than who decided answers within 14 days.",
    ):
        assert said in page.text
    assert "/rules/#corrections" in page.links


def test_she_contests_it_with_one_form_and_only_once(cast: Cast, refused: Decision) -> None:
    page = contest(cast.member, refused)
    assert "Your appeal is noted." in page.text
    assert "answers you by" in page.text
    assert "Contest this decision" not in page.text
    assert Appeal.objects.get().reason == "I was there."


def test_the_same_form_twice_contests_once(cast: Cast, refused: Decision) -> None:
    browser = reader(cast.member)
    page = browser.read(address(refused))
    for _ in range(2):
        assert browser.send(address(refused), page, "reason", reason="No.").status == 200
    assert Appeal.objects.count() == 1


def test_an_appeal_without_words_is_asked_for_again(cast: Cast, refused: Decision) -> None:
    page = contest(cast.member, refused, " ")
    assert page.status == 422
    assert not Appeal.objects.exists()


def test_the_answer_and_what_it_undid(cast: Cast, refused: Decision) -> None:
    contest(cast.member, refused)
    by, at = cast.delegate.actor, system_clock.now()
    answer_appeal(refused.id, "You were right.", reverse=True, by=by, at=at)
    page = reader(cast.member).read(address(refused))
    assert "The decision was reversed, and its effect is undone" in page.text
    assert "You were right." in page.text
    assert "Delegate," in page.text


def test_after_the_deadline_it_says_so(cast: Cast, refused: Decision) -> None:
    Decision.objects.update(contest_until=system_clock.now() - dt.timedelta(days=1))
    page = reader(cast.member).read(address(refused))
    assert "This decision could be contested until" in page.text
    assert "Contest this decision" not in page.text


def test_it_is_read_in_another_role_too(cast: Cast, refused: Decision) -> None:
    """Whoever decides or answers appeals in her organisation reads it, and contests nothing."""
    page = reader(cast.delegate).read(address(refused))
    assert page.status == 200
    assert "Contest this decision" not in page.text


def test_it_can_be_contested_when_her_role_was_ended(cast: Cast, refused: Decision) -> None:
    """As long as she holds any other role there: with none at all, nobody can sign in."""
    account, organisation, by = cast.member.account, cast.operator.id, cast.administrator.actor
    at = system_clock.now()
    grant_role(account, organisation, Role.AUDITOR, by=by, at=at)
    revoke_role(account, organisation, Role.MEMBER, by=by, at=at)
    assert "Your appeal is noted." in contest(cast.member, refused).text


def test_nobody_else_sees_it(cast: Cast, refused: Decision) -> None:
    for who in (cast.reviewer, cast.stranger, cast.stranger_member, cast.client_person):
        assert reader(who).read(address(refused)).status == 404
        assert "was refused" not in reader(who).read("/decisions/").text
    assert reader(cast.member).read(f"/decisions/{uuid.uuid4()}/").status == 404


@pytest.mark.parametrize(("which", "statements"), [("list", 4), ("one", 6)])
def test_pages_are_light_and_ask_a_counted_number_of_statements(
    cast: Cast,
    refused: Decision,
    django_assert_num_queries: DjangoAssertNumQueries,
    which: str,
    statements: int,
) -> None:
    browser = reader(cast.member)
    with django_assert_num_queries(statements):
        page = browser.read("/decisions/" if which == "list" else address(refused))
    assert weight(page) < 60_000


def test_french(cast: Cast, refused: Decision) -> None:
    assert "Contester cette décision" in reader(cast.member).read(address(refused), "fr").text
