"""Reads of the room, for whole lists, in a counted number of statements."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db import connection
from django.db.models import Q

from palabre.errors import NotFound
from palabre.pay.queries import balance
from palabre.people.actor import Actor
from palabre.people.models import Residence
from palabre.people.permissions import Permission
from palabre.work.access import OFFERED, open_to_member, projects_visible_to, visible_project
from palabre.work.books import deposited
from palabre.work.models import Flag, Guideline, LabelSchema, Project, Question, Quote
from palabre.work.schemas import PayloadForm, ResultForm, form_of, payload_form, result_form


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


# -- projects and what belongs to them ------------------------------------------------------------


def projects(by: Actor, *, after: uuid.UUID | None = None, limit: int = 200) -> list[Project]:
    """The projects that the actor may read, in the order of their ids."""
    found = projects_visible_to(by).order_by("id")
    return list((found.filter(id__gt=after) if after else found)[:limit])


def schema_of(by: Actor, project_id: uuid.UUID, version: int | None = None) -> LabelSchema:
    """One version of a project's label schema, the newest if none is named. Raises: NotFound."""
    found = visible_project(by, project_id).schemas.order_by("-version")
    schema = (found if version is None else found.filter(version=version)).first()
    if schema is None:
        raise NotFound()
    return schema


def guideline_of(by: Actor, project_id: uuid.UUID, version: int | None = None) -> Guideline:
    """One version of a project's guideline, the newest if none is named. Raises: NotFound."""
    found = visible_project(by, project_id).guidelines.order_by("-version")
    guideline = (found if version is None else found.filter(version=version)).first()
    if guideline is None:
        raise NotFound()
    return guideline


def quotes(
    by: Actor, project_id: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 200
) -> list[Quote]:
    """A project's quotes in the order in which they were made. Raises: NotAllowed, NotFound."""
    by.require(Permission.READ_PROJECTS)
    found = visible_project(by, project_id).quotes.order_by("id")
    return list((found.filter(id__gt=after) if after else found)[:limit])


def questions(
    by: Actor, project_id: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 200
) -> list[Question]:
    """A project's questions in the order in which they were asked.

    A member sees her own, and those of others once they are answered. Raises: NotFound.
    """
    found = Question.objects.filter(project=visible_project(by, project_id)).order_by("id")
    if not by.may(Permission.READ_PROJECTS):
        found = found.filter(Q(member=by.account) | Q(answered_at__isnull=False))
    return list((found.filter(id__gt=after) if after else found)[:limit])


def flags(
    by: Actor, project_id: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 200
) -> list[Flag]:
    """What members marked in a project, in the order of its ids. Raises: NotAllowed, NotFound."""
    by.require(Permission.READ_PROJECTS)
    found = Flag.objects.filter(project=visible_project(by, project_id)).order_by("id")
    return list((found.filter(id__gt=after) if after else found)[:limit])


# -- offers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """Work on offer as a member sees it, before she takes any.

    `per_hour` and `per_judgement` are hers, in her currency; the hour is the expected one, and her
    counted time is paid at the floor at least whatever it comes to. `languages`: those of the
    texts, as far as the schema says them.
    """

    project: Project
    client_name: str
    currency: str
    per_judgement: Decimal
    per_hour: Decimal
    seconds: Decimal
    languages: tuple[str, ...]


def offers_for(by: Actor) -> list[Offer]:
    """Projects on offer that are open to a member, pilots too, with the pay per hour for her. Four statements."""
    country = Residence.objects.filter(account=by.account).values_list("country", flat=True).first()
    found = list(open_to_member(by, *OFFERED).select_related("client").order_by("launched_at"))
    newest = LabelSchema.objects.filter(project__in=found).order_by("project", "-version").distinct("project")
    languages = {one.project_id: tuple(sorted(form_of(one.body).languages)) for one in newest}
    return [_offer(project, project.rates[country], languages.get(project.id, ())) for project in found]


def offer_of(project: Project, country: str, schema: LabelSchema) -> Offer:
    """One project that is open to a member who lives in `country`."""
    return _offer(project, project.rates[country], tuple(sorted(form_of(schema.body).languages)))


def _offer(project: Project, rate: dict[str, str], languages: tuple[str, ...]) -> Offer:
    pay = Decimal(rate["pay"])
    return Offer(
        project=project,
        client_name=project.client.name,
        currency=rate["currency"],
        per_judgement=pay,
        per_hour=(pay * 3600 / project.seconds_per_task).quantize(Decimal("0.01")),
        seconds=project.seconds_per_task,
        languages=languages,
    )


# -- progress -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a project is. `funded`: tasks that the money covers; money in minor units."""

    tasks: int
    funded: int
    wanted: int
    counted: int
    judgements: int
    open_leases: int
    members: int
    open_questions: int
    deposited: int
    left: int


_PROGRESS = """
SELECT b.tasks, b.funded, a.counted, a.judgements,
    (SELECT count(*) FROM work_lease WHERE project_id = p.id AND state = 'open'),
    a.members,
    (SELECT count(*) FROM work_question WHERE project_id = p.id AND answered_at IS NULL)
FROM work_project p
CROSS JOIN LATERAL (
    SELECT count(*) AS judgements, count(place) AS counted, count(DISTINCT member_id) AS members
    FROM work_annotation WHERE project_id = p.id) a
CROSS JOIN LATERAL (
    SELECT coalesce(sum(size), 0) AS tasks, coalesce(sum(funded_upto), 0) AS funded
    FROM work_batch WHERE project_id = p.id AND state IN ('open', 'closed')) b
WHERE p.id = %s
"""


def progress(project: Project) -> Progress:
    """Counts of a project. Three statements."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, [project.id])
        tasks, funded, counted, judgements, leases, members, waiting = cursor.fetchone()
    return Progress(
        tasks=tasks,
        funded=funded,
        wanted=tasks * project.overlap,
        counted=counted,
        judgements=judgements,
        open_leases=leases,
        members=members,
        open_questions=waiting,
        deposited=deposited(project),
        left=balance(project.escrow_id) if project.escrow_id else 0,
    )
