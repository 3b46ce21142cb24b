"""The page of one member: all that her coordinator needs to look after her, and nothing of another operator's."""

import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.decisions.actions import appeal
from palabre.decisions.models import Decision
from palabre.people.models import Organisation, PersonalData
from palabre.timesheet.models import Correction, Kind, TimeEntry
from palabre.work.actions.ended import end_work
from palabre.work.actions.leases import lease_tasks
from palabre.work.models import Annotation, Project
from palabre.work.queries.one_member import projects_of, sample_of
from tests.people.door import browser_of, visible
from tests.work.stage import AT, Stage
from tests.work.test_coordinator_pages import correction, two_questions, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(stage: Stage) -> Project:
    return stage.live()


def test_all_that_a_coordinator_needs_of_one_member(
    stage: Stage, project: Project, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    member = stage.cast.member.account
    PersonalData.objects.filter(account=member).update(email="her@example.org", phone="+221770000001")
    leased = lease_tasks(project.id, count=3, by=stage.cast.member.actor, at=AT)
    stage.answer(leased, stage.cast.member, AT)
    lease_tasks(project.id, count=2, by=stage.cast.member.actor, at=AT)
    two_questions(stage, project)
    asked = correction(stage, project)
    browser = browser_of(stage.coordinator)
    address = f"/people-at-work/{member}/"
    assert address in browser.get("/people-at-work/").content.decode()
    with django_assert_max_num_queries(14):
        shown = browser.get(address)
    text = visible(shown)
    for words in (
        "her@example.org",
        "+221770000001",
        "Senegal",
        project.name,
        "2 tasks",
        "Is a minibus transport?",
        "40 min more on",
        "A power cut",
        "happy",
        "Bien",
    ):
        assert words in text, words
    # What her colleague asked is on her colleague's page.
    assert "A minibus: is it transport?" not in text
    page = shown.content.decode()
    for way in (f"/team/corrections/{asked.id}/", f"/projects/{project.id}/members/{member}/assign/"):
        assert way in page


def test_what_another_operator_had_of_her_is_not_there(stage: Stage, project: Project) -> None:
    """The same work, once it is run by somebody else: her name stays, all that she did there is gone."""
    member, by = stage.cast.member.account, stage.coordinator.actor
    stage.work(project, stage.cast.member, 2)
    work(stage, project)
    two_questions(stage, project)
    correction(stage, project)
    browser = browser_of(stage.coordinator)
    assert len(sample_of(by, member)) == 2
    elsewhere = Organisation.objects.exclude(id__in=[project.operator_id, project.client_id]).filter(
        kind=Organisation.Kind.OPERATOR
    )
    Project.objects.filter(id=project.id).update(operator=elsewhere.earliest("id"))
    assert projects_of(by, member, AT.date(), AT) == []
    text = visible(browser.get(f"/people-at-work/{member}/"))
    assert "Member" in text
    for words in (project.name, "minibus", "A power cut", "happy"):
        assert words not in text, words


def test_who_never_worked_here_has_no_page(stage: Stage, project: Project) -> None:
    browser = browser_of(stage.coordinator)
    for nobody in (stage.cast.stranger_member.account, stage.cast.client_person.account, uuid.uuid4()):
        assert browser.get(f"/people-at-work/{nobody}/").status_code == 404
    assert (
        browser_of(stage.cast.member).get(f"/people-at-work/{stage.cast.member.account}/").status_code == 403
    )


def test_a_decision_leads_to_where_it_was_taken(stage: Stage, project: Project) -> None:
    stage.work(project, stage.cast.member, 1)
    task = Annotation.objects.get(project=project).task_id
    taken = end_work(
        project.id,
        stage.cast.member.account,
        rule="Look first.",
        seen="All the same.",
        guideline_version=1,
        tasks=[task],
        by=stage.coordinator.actor,
        at=AT,
    )
    page = browser_of(stage.coordinator).get(f"/team/decisions/{taken.id}/").content.decode()
    for way in (
        f"/projects/{project.id}/",
        f"/projects/{project.id}/quality/tasks/{task}/",
        f"/people-at-work/{stage.cast.member.account}/",
    ):
        assert f'href="{way}"' in page, way


def refused(stage: Stage, project: Project) -> Correction:
    """A correction of a day with an hour in it; refused and contested."""
    work(stage, project)
    asked = correction(stage, project)
    said = {"accept": "no", "answer": "The server was up."}
    assert browser_of(stage.coordinator).post(f"/team/corrections/{asked.id}/", said).status_code == 302
    taken = Decision.objects.get()
    appeal(taken.id, "It was down.", by=stage.cast.member.actor, at=taken.decided_at)
    return asked


def test_a_delegate_sees_the_day_that_she_decides_about(stage: Stage, project: Project) -> None:
    asked = refused(stage, project)
    taken = Decision.objects.get()
    seen = browser_of(stage.cast.delegate).get(f"/team/decisions/{taken.id}/")
    text = visible(seen)
    assert "Counted that day so far" in text
    assert "1 h" in text
    # What she may not open is no link.
    assert f"/team/corrections/{asked.id}/" not in seen.content.decode()
    assert f"/team/corrections/{asked.id}/" in (
        browser_of(stage.coordinator).get(f"/team/decisions/{taken.id}/").content.decode()
    )


def test_of_a_day_for_two_operators_each_sees_its_own_part(stage: Stage, project: Project) -> None:
    refused(stage, project)
    taken = Decision.objects.get()
    span = {"started_at": AT, "ended_at": AT, "measured_ms": 7 * 60_000, "counted_ms": 7 * 60_000}
    stranger = project.escrow_id or 0
    TimeEntry.objects.create(
        member_id=stage.cast.member.account, kind=Kind.MEETING, source="server", charge=stranger + 1_000_000,
        day=AT.date(), received_at=AT, **span,
    )  # fmt: skip
    for who, address in (
        (stage.cast.delegate, f"/team/decisions/{taken.id}/"),
        (stage.coordinator, f"/team/corrections/{taken.evidence['correction']}/"),
    ):
        text = visible(browser_of(who).get(address))
        assert "1 h" in text
        assert "Meetings" not in text
        assert "7 min" not in text
