"""A live project whose first tasks are disputed: two members said different things."""

import datetime as dt
import uuid

from palabre.ids import new_id
from palabre.people.models import Role
from palabre.quality.actions import recompute
from palabre.work.actions.leases import Leased, lease_tasks
from palabre.work.actions.sync import sync
from palabre.work.models import Project
from tests.cast import DAKAR, Persona, enter
from tests.work.stage import AT, Stage

LATER = AT + dt.timedelta(hours=1)
HAPPY = [
    {"id": "r", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["happy"]}}
]
SAD = [{**HAPPY[0], "value": {"choices": ["sad"]}}]


def disputed_project(stage: Stage, tasks: int = 3, deposit: int | None = None) -> Project:
    """The member finds all of its tasks happy, a friend finds them sad."""
    project = stage.live(tasks, deposit=deposit)
    for who, label in ((stage.cast.member, "happy"), (friend(stage), "sad")):
        say(lease_tasks(project.id, count=tasks, by=who.actor, at=AT), label, who)
    recompute(project.id, at=AT)
    return project


def friend(stage: Stage) -> Persona:
    """Another member who lives in Dakar."""
    return enter(stage.cast.operator, f"friend-{uuid.uuid4().hex[:8]}", Role.MEMBER, home=DAKAR)


def reviewer(stage: Stage, name: str) -> Persona:
    """Another reviewer who lives in Dakar."""
    return enter(stage.cast.operator, name, Role.REVIEWER, home=DAKAR)


def say(leased: Leased, label: str, who: Persona, at: dt.datetime = AT) -> None:
    """She gives the same answer to all that she holds."""
    item = {**HAPPY[0], "value": {"choices": [label]}}
    answers: list[object] = [
        {
            "type": "answer",
            "key": str(new_id()),
            "lease": task.lease,
            "result": [item],
            "schema_version": 1,
            "guideline_version": 1,
            "answered_at": at.isoformat(),
        }
        for task in leased.tasks
    ]
    sync(answers, device_now=at, by=who.actor, at=at)
