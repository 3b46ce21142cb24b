"""The decision that a member gets no more tasks of a project."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from palabre.decisions.actions import answer_appeal, appeal
from palabre.decisions.errors import NotAboutOneself
from palabre.decisions.kinds import kind_of
from palabre.decisions.models import Decision
from palabre.errors import NotAllowed, NotFound
from palabre.pay.queries import member_balances
from palabre.people.models import Role
from palabre.work.actions.ended import end_work
from palabre.work.actions.leases import assign_tasks, lease_tasks
from palabre.work.errors import EndedAlready, NotHerTasks, TextWrong, WorkEnded
from palabre.work.models import Annotation, Project, Task
from tests.cast import DAKAR, Persona, enter
from tests.work.stage import AT, Stage


def decide(
    stage: Stage,
    project: Project,
    who: Persona | None = None,
    *,
    by: Persona | None = None,
    rule: str = "Look at the picture first.",
    seen: str = "Every answer is the first label.",
    version: int = 1,
    tasks: Sequence[int] = (),
) -> Decision:
    return end_work(
        project.id,
        (who or stage.cast.member).account,
        rule=rule,
        seen=seen,
        guideline_version=version,
        tasks=tasks,
        by=(by or stage.coordinator).actor,
        at=AT,
    )


def test_she_gets_no_more_and_keeps_what_she_has(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    leased = lease_tasks(project.id, count=2, by=member.actor, at=AT)
    stage.answer(leased, member)
    held = lease_tasks(project.id, count=1, by=member.actor, at=AT)
    earned = member_balances(member.account)
    task = Annotation.objects.earliest("id").task_id
    decision = decide(stage, project, tasks=[task])
    assert (decision.guideline_version, decision.evidence["tasks"]) == (1, [task])
    assert kind_of(decision.kind).explain is not None
    assert member_balances(member.account) == earned
    with pytest.raises(WorkEnded):
        lease_tasks(project.id, count=1, holding=[held.tasks[0].lease], by=member.actor, at=AT)
    other = Task.objects.filter(project=project).latest("id")
    with pytest.raises(WorkEnded):
        assign_tasks(project.id, member.account, [other.id], by=stage.coordinator.actor, at=AT)
    assert stage.answer(held, member) == ["stored"]


def test_other_projects_and_other_people_go_on(stage: Stage) -> None:
    project, other = stage.live(), stage.live()
    decide(stage, project)
    assert lease_tasks(other.id, count=1, by=stage.cast.member.actor, at=AT).tasks
    assert lease_tasks(project.id, count=1, by=stage.cast.reviewer.actor, at=AT).tasks


def test_reversed_on_appeal_she_works_again(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    decision = decide(stage, project)
    appeal(decision.id, "I did look.", by=member.actor, at=AT)
    with pytest.raises(WorkEnded):
        lease_tasks(project.id, count=1, by=member.actor, at=AT)
    answer_appeal(decision.id, "She did.", reverse=True, by=stage.cast.delegate.actor, at=AT)
    assert lease_tasks(project.id, count=1, by=member.actor, at=AT).tasks
    assert decide(stage, project).state == Decision.State.STANDING


def test_who_may_not(stage: Stage) -> None:
    project = stage.live()
    for who in (stage.cast.member, stage.cast.client_person, stage.cast.delegate):
        with pytest.raises(NotAllowed):
            decide(stage, project, by=who)
    with pytest.raises(NotFound):
        decide(stage, project, by=stage.cast.stranger)
    both = enter(stage.cast.operator, "both", Role.COORDINATOR, Role.MEMBER, home=DAKAR)
    with pytest.raises(NotAboutOneself):
        decide(stage, project, both, by=both)


def test_no_decision_without_a_why(stage: Stage) -> None:
    project = stage.live()
    with pytest.raises(TextWrong):
        decide(stage, project, rule=" ")
    with pytest.raises(TextWrong):
        decide(stage, project, seen=" ")
    with pytest.raises(NotFound):
        decide(stage, project, version=2)
    with pytest.raises(NotHerTasks):
        decide(stage, project, tasks=[Task.objects.filter(project=project).earliest("id").id])
    with pytest.raises(NotFound):
        decide(stage, project, stage.cast.stranger_member)
    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twice_and_at_the_same_time_is_once(stage: Stage) -> None:
    project = stage.live()

    def take(_: int) -> bool:
        try:
            decide(stage, project)
        except EndedAlready:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(take, range(3))) == [False, False, True]
    assert Decision.objects.count() == 1
