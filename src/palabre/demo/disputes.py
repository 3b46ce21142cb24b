"""What the reviewer of the demo has done, what she holds, and tasks that a member has held for too long."""

import datetime as dt

from palabre.demo.messages import messages
from palabre.demo.people import People
from palabre.demo.projects import chosen
from palabre.people.models import Role
from palabre.quality.actions import lease_review, submit_review
from palabre.work.actions.leases import lease_tasks
from palabre.work.errors import NothingDisputed
from palabre.work.models import Project, Task

_WHY = "La personne ne demande que cela. · That is all that the guest asks about."
# Leases of the demo last 72 hours: these end within a day.
_HELD_SINCE = dt.timedelta(hours=49)


def leave_disputes(project: Project, people: People, now: dt.datetime) -> None:
    """One task decided this morning, one in her hands; a few tasks of a member that end soon."""
    lease_tasks(project.id, count=3, by=people.members[9], at=now - _HELD_SINCE)
    topics = {one.text: one.topics for one in messages(Task.objects.filter(project=project).count())}
    by, at = people.others[Role.REVIEWER], now - dt.timedelta(hours=2)
    try:
        review = lease_review(project.id, by=by, at=at)
        result = chosen("text", topics[review.task.payload["text"]])
        submit_review(review.id, result, _WHY, by=by, at=at + dt.timedelta(seconds=80))
        lease_review(project.id, by=by, at=now - dt.timedelta(minutes=5))
    except NothingDisputed:
        # In a short sample everybody may agree.
        return
