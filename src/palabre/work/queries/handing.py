"""Reads of the tasks that a coordinator hands out by name: those that a member can get, and why she can't get others."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import project_for

SHOWN = 25


class LeftOut(StrEnum):
    """Why a task can't be handed to a member."""

    NO_PRICE = "no_price"
    ELSEWHERE = "elsewhere"
    TAKEN_OUT = "taken_out"
    HOLDS = "holds"
    DONE = "done"
    HAD = "had"
    CLOSED = "closed"
    NOT_COVERED = "not_covered"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Handed:
    """A task in a list to hand out. `why` it can't be handed to her; None: it can."""

    id: int
    batch: int
    position: int
    text: str
    external_id: str | None
    picture: bool
    free: int
    why: LeftOut | None


# The rules of `assign_tasks`, in words: what a person can do least about comes first.
_NO_PRICE = """(SELECT NOT p.rates ? r.country FROM work_project p, people_residence r
    WHERE p.id = %(project)s AND r.account_id = %(member)s)"""
_WHY = f"""CASE WHEN {_NO_PRICE} THEN 'no_price' WHEN t.taken_out_at IS NOT NULL THEN 'taken_out'
    WHEN l.state = 'open' THEN 'holds' WHEN l.state = 'submitted' THEN 'done' WHEN l.state IS NOT NULL THEN 'had'
    WHEN b.state <> 'open' THEN 'closed'
    WHEN t.position > b.funded_upto THEN 'not_covered' WHEN t.free = 0 THEN 'full' END"""
# Along the places of one batch after another: the cost is that of the tasks that are shown or passed over.
_LIST = f"""
SELECT t.id, b.number, t.position, coalesce(t.payload ->> %(field)s, ''), t.external_id, t.media_id IS NOT NULL,
    length(replace(t.free::int::bit(16)::text, '0', '')), {_WHY}
FROM work_batch b JOIN work_task t ON t.batch_id = b.id
LEFT JOIN work_lease l ON l.task_id = t.id AND l.member_id = %(member)s
WHERE b.project_id = %(project)s AND (b.number, t.position) > (%(batch)s, %(position)s)
    AND (%(all)s OR NOT {_NO_PRICE})
    AND (%(all)s OR (t.is_open AND b.state = 'open' AND t.position <= b.funded_upto AND l.id IS NULL))
ORDER BY b.number, t.position LIMIT %(limit)s
"""  # noqa: S608 - text of our own
_REASONS = f"""
SELECT n.id, CASE WHEN t.id IS NULL THEN 'elsewhere' ELSE {_WHY} END
FROM unnest(%(tasks)s::bigint[]) AS n(id)
LEFT JOIN work_task t ON t.id = n.id AND t.project_id = %(project)s LEFT JOIN work_batch b ON b.id = t.batch_id
LEFT JOIN work_lease l ON l.task_id = t.id AND l.member_id = %(member)s
ORDER BY n.id
"""  # noqa: S608 - text of our own


def tasks_to_hand(
    by: Actor,
    project: uuid.UUID,
    member: uuid.UUID,
    *,
    everything: bool = False,
    after: tuple[int, int] = (0, 0),
    limit: int = SHOWN,
) -> list[Handed]:
    """Tasks of a project in its order, from after (batch, position): those that she can get, or all. Three statements.

    Raises: NotAllowed, NotFound.
    """
    found = project_for(by, project, Permission.ASSIGN_TASKS)
    newest = found.schemas.order_by("-version").values_list("body", flat=True).first()
    texts = (
        [block["field"].removeprefix("$") for block in newest["shows"] if block["type"] != "image"]
        if newest
        else []
    )
    asked = {
        "project": project,
        "member": member,
        "field": texts[0] if texts else "",
        "batch": after[0],
        "position": after[1],
        "all": everything,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIST, asked)
        return [Handed(*row) for row in cursor.fetchall()]


def left_out(project: uuid.UUID, member: uuid.UUID, tasks: Collection[int]) -> dict[int, LeftOut]:
    """Why each of some tasks was not handed to her, in the order of their numbers. One statement, where there is any.

    One that could be handed by now was held by another request just then: it counts as full.
    """
    if not tasks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, {"project": project, "member": member, "tasks": sorted(tasks)})
        return {task: LeftOut(why or LeftOut.FULL) for task, why in cursor.fetchall()}
