"""A member who moved to a country that a project has no price for: told why, paid, and in nobody's way."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.errors import NotAllowed
from palabre.messages.notices import Notice
from palabre.pay.queries import member_balances
from palabre.people.actions import move_residence
from palabre.web.home.mornings import coordinator as morning
from palabre.work.actions.leases import assign_tasks, lease_tasks
from palabre.work.actions.questions import ask_question
from palabre.work.errors import NoRateHere
from palabre.work.models import Project, Task
from palabre.work.packs import pack_of
from palabre.work.queries.unpriced import unpriced_for_her, unpriced_members
from tests.cast import NAIROBI
from tests.web.answers import call, said
from tests.web.reading import reader
from tests.work.stage import AT, Stage

pytestmark = pytest.mark.django_db
THEN = AT + dt.timedelta(days=2)


@pytest.fixture
def project(stage: Stage) -> Project:
    return stage.live()


def moved(stage: Stage) -> None:
    move_residence(stage.cast.member.account, NAIROBI, by=stage.cast.administrator.actor, at=AT)


def test_her_home_names_the_project_and_says_why(stage: Stage, project: Project) -> None:
    lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT)
    assert unpriced_for_her(stage.cast.member.actor) == []
    moved(stage)
    for address in ("/", "/work/"):
        english = reader(stage.cast.member).read(address).text
        assert f"{project.name}: you can’t take more of it for now" in english
        assert (
            "There is no price for your country (Kenya) in this project yet. Your coordinator was told."
            in english
        )
        french = reader(stage.cast.member).read(address, "fr").text
        assert "Ce projet n’a pas encore de prix pour votre pays (Kenya)." in french
        assert "ce que vous avez fait est payé" in french


def test_who_had_nothing_of_it_is_told_nothing(stage: Stage, project: Project) -> None:
    moved(stage)
    assert unpriced_for_her(stage.cast.member.actor) == []
    assert unpriced_members(stage.coordinator.actor) == []


def test_what_she_holds_she_finishes_and_is_paid(stage: Stage, project: Project) -> None:
    who = stage.cast.member
    held = lease_tasks(project.id, count=2, by=who.actor, at=AT)
    moved(stage)
    assert pack_of(project.id, by=who.actor, at=THEN).offer.project == project
    ask_question(project.id, "Both?", by=who.actor, at=THEN)
    again = lease_tasks(project.id, count=2, by=who.actor, at=THEN)
    assert [one.lease for one in again.tasks] == [one.lease for one in held.tasks]
    with pytest.raises(NoRateHere):
        lease_tasks(project.id, count=2, holding=[one.lease for one in held.tasks], by=who.actor, at=THEN)
    assert stage.answer(held, who, THEN) == ["stored", "stored"]
    assert sum(member_balances(who.account).values()) > 0
    with pytest.raises(NoRateHere):
        pack_of(project.id, by=who.actor, at=THEN)
    assert project.name in reader(who).read(f"/work/{project.id}/").text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_coordinator_sees_who_and_where_with_a_way(stage: Stage, project: Project, language: str) -> None:
    lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT)
    moved(stage)
    home = reader(stage.coordinator).read("/", language)
    words = {
        "en": f"1 member can’t go on: Member, {project.name}",
        "fr": f"1 membre ne peut pas continuer : Member, {project.name}",
    }
    assert words[language] in home.text
    assert "(Kenya)" in home.text
    assert f'href="/projects/{project.id}/setup/copy/"' in home.html
    Project.objects.filter(id=project.id).update(
        state="pilot", pilot_tasks=10, piloted_at=AT, pilot_judgements=30, countries=[]
    )
    assert f'href="/projects/{project.id}/setup/price/"' in reader(stage.coordinator).read("/").html
    letter: list[Notice] = list(morning(stage.coordinator.actor, AT, THEN))
    assert any("1 member can't go on with a project" in one.what for one in letter)
    assert not any("Member" in one.what for one in letter)


def test_it_is_the_operators_alone_and_two_statements(
    stage: Stage, project: Project, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = stage.live()
    for one in (project, other):
        lease_tasks(one.id, count=1, by=stage.cast.member.actor, at=AT)
    moved(stage)
    with django_assert_num_queries(2):
        found = unpriced_members(stage.coordinator.actor)
    assert {one.project for one in found} == {project, other}
    assert unpriced_members(stage.cast.stranger.actor) == []
    with pytest.raises(NotAllowed):
        unpriced_members(stage.cast.member.actor)
    Project.objects.filter(id=other.id).update(state="closed")
    assert [one.project for one in unpriced_members(stage.coordinator.actor)] == [project]


def test_nobody_is_held_up(stage: Stage, project: Project) -> None:
    """Handing out by name leaves her out, with why, and goes on with the next."""
    by, tasks = stage.coordinator.actor, list(Task.objects.order_by("id").values_list("id", flat=True)[:2])
    lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT)
    moved(stage)
    assert assign_tasks(project.id, stage.cast.member.account, tasks, by=by, at=THEN).tasks == []
    assert len(assign_tasks(project.id, stage.cast.reviewer.account, tasks, by=by, at=THEN).tasks) == 2
    address = f"/projects/{project.id}/members/{stage.cast.member.account}/assign/"
    browser = reader(stage.coordinator)
    assert "There is no task that she can get." in browser.read(address).text
    assert "this project has no price for where she lives" in browser.read(address + "?show=all").text
    assert "n’a pas de prix pour l’endroit où elle vit" in browser.read(address + "?show=all", "fr").text
    body = {"member": str(stage.cast.member.account), "tasks": tasks}
    answered = said(call("POST", f"/projects/{project.id}/assignments", stage.coordinator, body))
    assert answered["left_out"] == [{"task": task, "why": "no_price"} for task in tasks]
