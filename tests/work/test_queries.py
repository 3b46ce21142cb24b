"""Who sees which project, what is on offer to whom, and how far the work is."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.errors import NotAllowed, NotFound
from palabre.people.actor import SYSTEM
from palabre.people.permissions import Permission
from palabre.work.access import project_for
from palabre.work.actions.launch import close_project, pause_project
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.questions import ask_question
from palabre.work.actions.versions import publish_guideline
from palabre.work.models import Project
from palabre.work.queries.offers import offers_for
from palabre.work.queries.projects import progress, projects, quotes
from palabre.work.queries.versions import guideline_of, schema_of
from tests.cast import Persona
from tests.work.stage import AT, TEXTS, Stage


def sees(who: Persona, project: Project) -> bool:
    return project in projects(who.actor)


def test_each_side_sees_its_projects(stage: Stage) -> None:
    draft, cast = stage.draft(), stage.cast
    for who in (cast.coordinator, cast.client_person, cast.finance, cast.auditor, cast.delegate):
        assert sees(who, draft)
    for who in (cast.member, cast.stranger, cast.stranger_member, cast.foreign_client):
        assert not sees(who, draft)
    assert projects(SYSTEM) == [draft]


def test_members_see_what_is_open_where_they_live(stage: Stage) -> None:
    project, by = stage.live(), stage.coordinator.actor
    assert sees(stage.cast.member, project)
    assert not sees(stage.cast.colleague, project)
    pause_project(project.id, by=by, at=AT)
    assert sees(stage.cast.member, project)
    close_project(project.id, by=by, at=AT)
    assert not sees(stage.cast.member, project)


def test_pages_follow_one_another(stage: Stage) -> None:
    made = [stage.draft() for _ in range(3)]
    by = stage.coordinator.actor
    first = projects(by, limit=2)
    assert first == made[:2]
    assert projects(by, after=first[-1].id) == made[2:]


def test_one_project_by_its_right(stage: Stage) -> None:
    project = stage.live()
    assert project_for(stage.cast.member.actor, project.id, Permission.WORK) == project
    with pytest.raises(NotAllowed):
        project_for(stage.cast.member.actor, project.id, Permission.READ_PROJECTS)
    with pytest.raises(NotFound):
        project_for(stage.cast.stranger.actor, project.id, Permission.READ_PROJECTS)


def test_versions_are_read_by_number_or_newest(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member.actor
    publish_guideline(project.id, "Choose well.", "Well.", by=stage.coordinator.actor, at=AT)
    assert schema_of(member, project.id).body == TEXTS
    assert guideline_of(member, project.id).version == 2
    assert guideline_of(member, project.id, 1).body == "Choose one."
    for unknown in (0, 3):
        with pytest.raises(NotFound):
            guideline_of(member, project.id, unknown)
    with pytest.raises(NotFound):
        schema_of(stage.cast.stranger.actor, project.id)


def test_quotes_are_no_business_of_members(stage: Stage) -> None:
    project = stage.live()
    assert len(quotes(stage.cast.client_person.actor, project.id)) == 1
    with pytest.raises(NotAllowed):
        quotes(stage.cast.member.actor, project.id)


def test_an_offer_says_what_it_is_worth_to_her(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage.live(tasks=1000)
    stage.live(tasks=1000)
    with django_assert_num_queries(4):
        offers = offers_for(stage.cast.member.actor)
    assert len(offers) == 2
    offer = offers[0]
    assert (offer.client_name, offer.currency, offer.languages) == ("Client", "XOF", ("fr",))
    assert offer.per_hour >= Decimal("370.526")
    assert offer.seconds == 10
    assert offers_for(stage.cast.colleague.actor) == []
    assert offers_for(stage.cast.stranger_member.actor) == []


def test_progress_counts(stage: Stage, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    project, member = stage.live(tasks=1000, deposit=100), stage.cast.member
    stage.work(project, member, most=5)
    stage.work(project, stage.cast.reviewer, most=3)
    lease_tasks(project.id, count=2, by=member.actor, at=AT)
    ask_question(project.id, "Both?", by=member.actor, at=AT)
    with django_assert_num_queries(4):
        now = progress(project)
    assert (now.tasks, now.funded, now.wanted) == (1000, 235, 2000)
    assert (now.counted, now.judgements, now.members) == (8, 8, 2)
    assert (now.open_leases, now.open_questions) == (2, 1)
    # Five and three judgements of 0.157 cents, each member's sum rounded down.
    assert (now.deposited, now.left) == (100, 100)
