"""A sample in which every held table has rows, made by the program's own actions alone, each in its transaction."""

import datetime as dt

from palabre.demo.campaign import Campaign
from palabre.demo.people import People
from palabre.exchange.actions import ask_export, run_export
from palabre.ids import new_id
from palabre.people.actions import Home, move_residence
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Role
from palabre.times import system_clock
from palabre.work.actions.sync import sync
from palabre.work.models import Annotation, Lease, Project


def live_through() -> People:
    """The sample campaign, and what it leaves out: a flag, a changed answer, another one, what can't be read, an export."""
    now = system_clock.now()
    _card, people = Campaign(now, texts=60).run()
    given = Annotation.objects.filter(project__state=Project.State.LIVE).order_by("-id")[0]
    _more_of(given, next(one for one in people.members if one.account == given.member_id), now)
    project = Project.objects.filter(state=Project.State.CLOSED).get()
    export = ask_export(project.id, "judgements", "csv", by=people.others[Role.CLIENT], at=now)
    run_export(export.id, system_clock)
    _moves(people.members[0], now)
    return people


def _moves(member: Actor, now: dt.datetime) -> None:
    if member.account is not None:
        move_residence(member.account, Home("FR", "Europe/Paris"), by=SYSTEM, at=now)


def _more_of(given: Annotation, member: Actor, now: dt.datetime) -> None:
    lease = Lease.objects.get(task=given.task_id, member=given.member_id)
    changed = {
        "type": "answer",
        "key": str(new_id()),
        "lease": lease.id,
        "revision": given.revision + 1,
        "note": "On second thought.",
        "result": given.result,
        "schema_version": given.schema_version,
        "guideline_version": given.guideline_version,
        "answered_at": now.isoformat(),
        "slices": [],
    }
    flag = {"type": "flag", "key": str(new_id()), "lease": lease.id, "reason": "hard", "comment": "Hm."}
    other = changed | {"key": str(new_id()), "note": "From another phone."}
    unreadable = {"type": "dance", "key": str(new_id()), "what": "a waltz"}
    for item in (changed, other, flag, unreadable):
        sync([item], device_now=now, by=member, at=now)
