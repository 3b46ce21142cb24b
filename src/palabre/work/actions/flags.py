"""Tasks that members marked or left with a reason: a person takes them out, keeps them, or answers her."""

import datetime as dt

from django.db import transaction

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import locked_project
from palabre.work.actions.fund import refresh_funding
from palabre.work.actions.notes import note
from palabre.work.checks import check_text
from palabre.work.errors import LookedAt
from palabre.work.models import Flag, Task
from palabre.work.undo import check_undo

LONGEST = 2_000
Outcome = Flag.Outcome


@transaction.atomic
def settle_flags(task_id: int, outcome: Outcome, word: str = "", *, by: Actor, at: dt.datetime) -> list[Flag]:
    """End what waits about a task: it is taken out, it stays, or whoever marked it is answered.

    The people of the operator and of the client look. A task that is taken out is handed out no more; who holds it may
    still send, what was done is kept and paid, and the money of its free places covers other tasks. `word` is read by
    the members who marked or left it; an answer needs one.

    Raises: NotAllowed, NotFound (unknown or another organisation's), TextWrong, LookedAt (nothing waits).
    """
    by.require(Permission.MANAGE_PROJECTS)
    task = Task.objects.filter(id=task_id).first()
    if task is None:
        raise NotFound
    project = locked_project(by, task.project_id, Permission.MANAGE_PROJECTS)
    waiting = Flag.objects.select_for_update(of=("self",)).filter(project=project, task=task)
    flags = list(waiting.filter(outcome=Outcome.WAITING).order_by("id"))
    if not flags or outcome is Outcome.WAITING:
        raise LookedAt
    if outcome is Outcome.ANSWERED or word:
        check_text("word", word, LONGEST)
    for flag in flags:
        flag.outcome, flag.word = outcome, word.strip()
        flag.settled_at, flag.settled_by = at, by.account
    Flag.objects.bulk_update(flags, ["outcome", "word", "settled_at", "settled_by"])
    if outcome is Outcome.TAKEN_OUT:
        Task.objects.filter(id=task.id, taken_out_at=None).update(taken_out_at=at)
        refresh_funding(project)
    data = {"task": task.id, "flags": [str(one.id) for one in flags], "outcome": str(outcome)}
    note("work.flags.settled", project, data, by=by, at=at)
    return flags


@transaction.atomic
def undo_flags(task_id: int, *, by: Actor, at: dt.datetime) -> list[Flag]:
    """Let a task wait again as it did before the actor's own last look at it; one that was taken out is back.

    What was said to the members who marked it is not said any more; who has read it has read it.

    Raises: NotAllowed, NotFound, UndoOver (another's look, or past the limit: `work.undo`).
    """
    by.require(Permission.MANAGE_PROJECTS)
    task = Task.objects.filter(id=task_id).first()
    if task is None:
        raise NotFound
    project = locked_project(by, task.project_id, Permission.MANAGE_PROJECTS)
    seen = Flag.objects.select_for_update(of=("self",)).filter(project=project, task=task)
    last = seen.exclude(outcome=Outcome.WAITING).order_by("-settled_at").first()
    settled_by, settled_at = (last.settled_by, last.settled_at) if last else (None, None)
    check_undo(settled_by, settled_at, by, at)
    flags = list(seen.filter(settled_at=settled_at).order_by("id"))
    for flag in flags:
        flag.outcome, flag.word, flag.settled_at, flag.settled_by = Outcome.WAITING, "", None, None
    Flag.objects.bulk_update(flags, ["outcome", "word", "settled_at", "settled_by"])
    if Task.objects.filter(id=task.id, taken_out_at=settled_at).update(taken_out_at=None):
        refresh_funding(project)
    data = {"task": task.id, "flags": [str(one.id) for one in flags]}
    note("work.flags.undone", project, data, by=by, at=at)
    return flags
