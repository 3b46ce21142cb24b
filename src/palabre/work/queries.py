"""Reads of the room, for whole lists, in a counted number of statements."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from palabre.people.actor import Actor
from palabre.people.models import Residence
from palabre.work.access import open_to_member
from palabre.work.models import LabelSchema, Project
from palabre.work.schemas import PayloadForm, ResultForm, payload_form, result_form


@lru_cache(maxsize=512)
def _form(project: uuid.UUID, version: int) -> ResultForm:
    return result_form(LabelSchema.objects.get(project=project, version=version).body)


def result_form_of(project: uuid.UUID, version: int) -> ResultForm | None:
    """The compiled form of one published version (which never changes); None when there is none."""
    try:
        return _form(project, version)
    except LabelSchema.DoesNotExist:
        return None


def payload_form_of(project: Project) -> PayloadForm | None:
    """What a task of the project must show, by its newest schema."""
    newest = project.schemas.order_by("-version").first()
    return payload_form(newest.body) if newest else None


@dataclass(frozen=True, slots=True)
class Offer:
    """Work on offer as a member sees it. `per_hour` is in her currency, for the expected time."""

    project: Project
    client_name: str
    currency: str
    per_judgement: Decimal
    per_hour: Decimal
    seconds: Decimal


def offers_for(by: Actor) -> list[Offer]:
    """Live projects that are open to a member, with the pay per hour for her. Two statements."""
    country = Residence.objects.filter(account=by.account).values_list("country", flat=True).first()
    found = open_to_member(by, Project.State.LIVE).select_related("client").order_by("launched_at")
    offers = []
    for project in found:
        rate = project.rates[country]
        pay = Decimal(rate["pay"])
        per_hour = (pay * 3600 / project.seconds_per_task).quantize(Decimal("0.01"))
        offers.append(
            Offer(project, project.client.name, rate["currency"], pay, per_hour, project.seconds_per_task)
        )
    return offers


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a project is."""

    tasks: int
    judgements: int
    counted: int
    wanted: int
    open_leases: int
    members: int


def progress(project: Project) -> Progress:
    """Counts of a project in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT coalesce(sum(size), 0) FROM work_batch WHERE project_id = p.id AND state IN ('open', 'closed')),
                a.judgements, a.counted,
                (SELECT count(*) FROM work_lease WHERE project_id = p.id AND state = 'open'), a.members
            FROM work_project p CROSS JOIN LATERAL (
                SELECT count(*) AS judgements, count(place) AS counted, count(DISTINCT member_id) AS members
                FROM work_annotation WHERE project_id = p.id) a
            WHERE p.id = %s
            """,
            [project.id],
        )
        tasks, judgements, counted, leases, members = cursor.fetchone()
    return Progress(tasks, judgements, counted, tasks * project.overlap, leases, members)
