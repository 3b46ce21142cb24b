"""Tasks on which members of the demo disagree, what its reviewer makes of them, and tasks held for too long."""

import datetime as dt
import uuid
from collections.abc import Sequence

from palabre.demo.messages import TOPICS, messages
from palabre.demo.people import People
from palabre.demo.projects import chosen
from palabre.people.actor import Actor
from palabre.people.models import Role
from palabre.quality.actions import lease_review, recompute, submit_review
from palabre.work.actions.leases import Leased, assign_tasks, lease_tasks
from palabre.work.actions.sync import sync
from palabre.work.errors import NothingDisputed
from palabre.work.models import Project, Task

_WHY = "La personne ne demande que cela. · That is all that the guest asks about."
# Leases of the demo last 72 hours: these end within a day.
_HELD_SINCE = dt.timedelta(hours=49)
_DISPUTED = 8
_SECONDS = 14


def leave_disputes(project: Project, people: People, now: dt.datetime) -> None:
    """Tasks that three members see differently: one decided this morning, one in the reviewer's hands."""
    lease_tasks(project.id, count=3, by=people.members[9], at=now - _HELD_SINCE)
    _disagree(project, people, now - dt.timedelta(hours=5))
    recompute(project.id, at=now - dt.timedelta(hours=3))
    topics = {one.text: one.topics for one in messages(Task.objects.filter(project=project).count())}
    by, at = people.others[Role.REVIEWER], now - dt.timedelta(hours=2)
    try:
        review = lease_review(project.id, by=by, at=at)
        result = chosen("text", topics[review.task.payload["text"]])
        submit_review(review.id, result, _WHY, by=by, at=at + dt.timedelta(seconds=80))
        lease_review(project.id, by=by, at=now - dt.timedelta(minutes=5))
    except NothingDisputed:
        # In a short sample the consensus may be sure of everything.
        return


def _disagree(project: Project, people: People, at: dt.datetime) -> None:
    """Three members answer the last tasks, which nobody has had yet."""
    fresh = Task.objects.filter(project=project, lease=None).order_by("-position")
    tasks = list(fresh.values_list("id", flat=True)[:_DISPUTED])
    coordinator = people.others[Role.COORDINATOR]
    for place, member in enumerate(people.members[5 : 5 + project.overlap]):
        if member.account is None:
            raise ValueError("a member of the demo has an account")
        leased = assign_tasks(project.id, member.account, tasks, by=coordinator, at=at)
        _answer(leased, member, [_found(number, place) for number in range(len(tasks))], at)


def _found(number: int, place: int) -> list[str]:
    """Other topics for each task: in turn, each member finds another one, or one of them finds one more."""
    first, second, third = (TOPICS[(number + more) % len(TOPICS)] for more in range(3))
    if number % 2:
        return [first, second] if place % 3 == 0 else [first]
    return [(first, second, third)[place % 3]]


def _answer(leased: Leased, member: Actor, topics: Sequence[Sequence[str]], at: dt.datetime) -> None:
    """One after the other, each in the same time."""
    items: list[object] = []
    for task, named in zip(leased.tasks, topics, strict=True):
        began = at
        at += dt.timedelta(seconds=_SECONDS)
        time = {
            "key": str(uuid.uuid4()),
            "kind": "task",
            "started_at": began.isoformat(),
            "ms": _SECONDS * 1000,
        }
        items.append(
            {
                "type": "answer",
                "key": str(uuid.uuid4()),
                "lease": task.lease,
                "result": chosen("text", named),
                "schema_version": 1,
                "guideline_version": 1,
                "answered_at": at.isoformat(),
                "slices": [time],
            }
        )
    sync(items, device_now=at, by=member, at=at)
