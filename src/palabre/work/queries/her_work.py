"""Reads for a member's own pages: what work is on offer to her in detail, and what her time was for."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery, Sum

from palabre.errors import NotFound
from palabre.pay.models import Accrual, LedgerAccount
from palabre.people.actor import Actor
from palabre.timesheet.models import TimeEntry
from palabre.work.access import WORKED_ON, hers, open_to_member
from palabre.work.decisions import ENDED
from palabre.work.models import Annotation, Guideline, Handout, Project, Question
from palabre.work.models.projects import Confirmation
from palabre.work.queries.offers import Offer, offers_for

# A time stands for others once so many were measured; before, it is the client's guess.
MEASURED_FROM = 30
# What is looked at is bounded: the newest answers, the first tasks, no more left than one can say.
_ANSWERS, _TASKS, MOST_LEFT = 1000, 50, 1000
_PER_PACK = 20

_DETAILS = f"""
SELECT p.id, done.n, done.p75, coalesce(sum(remaining.n), 0), max(size.bytes), bool_or(c.id IS NOT NULL),
    max(held.n), min(held.until),
    (SELECT d.id FROM decisions_decision d WHERE d.project = p.id AND d.member_id = %(member)s
        AND d.kind = %(ended)s AND d.state <> 'reversed' LIMIT 1)
FROM work_project p
LEFT JOIN work_batch b ON b.project_id = p.id AND b.state = 'open'
LEFT JOIN work_cursor c ON c.batch_id = b.id AND c.member_id = %(member)s
CROSS JOIN LATERAL (
    SELECT count(*) AS n, percentile_cont(0.75) WITHIN GROUP (ORDER BY active_ms) AS p75
    FROM (SELECT active_ms FROM work_annotation WHERE project_id = p.id ORDER BY id DESC LIMIT {_ANSWERS}) newest
    WHERE active_ms > 0) done
LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM (
        (SELECT FROM work_task t WHERE t.batch_id = b.id AND t.is_open AND t.position <= b.funded_upto
             AND t.position > coalesce(c.position, 0) ORDER BY t.position LIMIT {MOST_LEFT} + 1)
        UNION ALL
        (SELECT FROM work_task t WHERE t.batch_id = b.id AND t.is_open AND t.returned > c.returned
             AND t.position <= c.position ORDER BY t.returned LIMIT {MOST_LEFT} + 1)
    ) counted) remaining ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS n, min(expires_at) AS until FROM work_lease l
    WHERE l.member_id = %(member)s AND l.project_id = p.id AND l.state = 'open') held
LEFT JOIN LATERAL (
    SELECT avg(octet_length(t.payload::text) + coalesce(m.size, 0)) AS bytes
    FROM (SELECT payload, media_id FROM work_task WHERE batch_id = b.id ORDER BY position LIMIT {_TASKS}) t
    LEFT JOIN work_media m ON m.id = t.media_id) size ON true
WHERE p.id = ANY(%(projects)s)
GROUP BY p.id, done.n, done.p75
"""  # noqa: S608 - numbers of our own


@dataclass(frozen=True, slots=True)
class Details:
    """`measured` answers lie behind `p75` seconds (None before the first). `left`: tasks that are still open to
    her, counted no further than a little above MOST_LEFT. `pack_bytes`: what twenty tasks weigh on her connection.
    `begun`: she has had some. `held`: she holds so many now, the first of them until `held_until`. `ended`: the
    decision by which the project gives her no more."""

    measured: int
    p75: Decimal | None
    left: int
    pack_bytes: int
    begun: bool
    held: int
    held_until: dt.datetime | None
    ended: uuid.UUID | None

    @property
    def can_work(self) -> bool:
        return self.held > 0 or (self.left > 0 and self.ended is None)

    @property
    def is_measured(self) -> bool:
        return self.measured >= MEASURED_FROM and self.p75 is not None


@dataclass(frozen=True, slots=True)
class OpenWork:
    """An offer with all that she needs to know before she takes it."""

    offer: Offer
    details: Details

    @property
    def seconds(self) -> Decimal:
        """The expected time of one task: measured, as soon as enough people have done it."""
        if self.details.is_measured and self.details.p75:
            return self.details.p75
        return self.offer.seconds

    @property
    def per_hour(self) -> Decimal:
        """What an hour brings her at the expected time, before any top-up."""
        return (self.offer.per_judgement * 3600 / self.seconds).quantize(Decimal("0.01"))

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the data, as far as the schema or the project says them."""
        return self.offer.languages

    @property
    def more_than_said(self) -> bool:
        return self.details.left > MOST_LEFT


def open_work(by: Actor) -> list[OpenWork]:
    """Work on offer to her, in detail. Five statements, whatever the size of the projects."""
    offers = offers_for(by)
    found = _details([offer.project.id for offer in offers], by.account)
    return [OpenWork(offer, found[offer.project.id]) for offer in offers]


def _details(projects: list[uuid.UUID], member: uuid.UUID | None) -> dict[uuid.UUID, Details]:
    if not projects:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_DETAILS, {"projects": projects, "member": member, "ended": ENDED})
        return {row[0]: _detail(*row[1:]) for row in cursor.fetchall()}


def _detail(
    measured: int,
    p75: float | None,
    left: int,
    size: Decimal | None,
    begun: bool,
    held: int,
    held_until: dt.datetime | None,
    ended: uuid.UUID | None,
) -> Details:
    seconds = None if p75 is None else (Decimal(p75) / 1000).quantize(Decimal("0.1"))
    weight = int((size or 0) * _PER_PACK)
    return Details(measured, seconds or None, int(left), weight, begun, held, held_until, ended)


def worked_on(by: Actor, but: set[uuid.UUID]) -> list[Project]:
    """Projects of her operator that she has answered for, the newest first, without those in `but`. One statement."""
    hers = Annotation.objects.filter(member=by.account).values("project")
    found = Project.objects.filter(operator=by.organisation, id__in=hers).exclude(id__in=but)
    return list(found.select_related("client").order_by("-launched_at")[:50])


@dataclass(frozen=True, slots=True)
class Charged:
    """A ledger account that her time is charged to: a project's, or the operator's own."""

    account: int
    project: Project | None


def handed_to(by: Actor) -> list[Charged]:
    """Projects of her operator that she was handed something of, by their deposits, the newest first. One statement."""
    hers = Handout.objects.filter(member=by.account).values("project")
    found = Project.objects.filter(operator=by.organisation, id__in=hers, escrow__isnull=False)
    return [Charged(one.escrow_id, one) for one in found.order_by("-launched_at")[:50] if one.escrow_id]


def her_project(by: Actor, project_id: uuid.UUID) -> Project:
    """A project that is open to her, or that she has worked on: what was agreed stays hers to read.

    Raises: NotFound.
    """
    found = Project.objects.filter(id=project_id, operator=by.organisation).select_related("client").first()
    if found is None or by.account is None:
        raise NotFound()
    if not (
        hers(by).filter(id=project_id).exists()
        or Annotation.objects.filter(project=project_id, member=by.account).exists()
    ):
        raise NotFound()
    return found


def her_questions(by: Actor, project: Project) -> list[Question]:
    """Her questions about a project, and those of others that were answered, the newest first. One statement."""
    hers_or_answered = Q(member=by.account) | Q(answered_at__isnull=False)
    return list(Question.objects.filter(hers_or_answered, project=project).order_by("-asked_at", "id")[:100])


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Hers alone on one project: counted time, answers, base pay by currency."""

    counted_ms: int
    answers: int
    earned: dict[str, int]


def own_figures(by: Actor, project: Project) -> OwnFigures:
    """Three statements."""
    charged_to = {"member_id": by.account, "charge": project.escrow_id}
    time = TimeEntry.objects.filter(**charged_to).aggregate(total=Sum("counted_ms"))["total"]
    pay = Accrual.objects.filter(**charged_to).values_list("currency").annotate(Sum("credited"))
    answers = Annotation.objects.filter(member_id=by.account, project=project).count()
    return OwnFigures(time or 0, answers, {currency: int(amount) for currency, amount in pay})


_NEW_GUIDELINES = """
WITH last AS MATERIALIZED (
    SELECT DISTINCT ON (project_id) project_id, guideline_version AS known FROM work_annotation
    WHERE member_id = %s ORDER BY project_id, id DESC
)
SELECT DISTINCT ON (g.project_id) g.id FROM last JOIN work_guideline g USING (project_id)
WHERE g.project_id = ANY(%s) AND g.version > last.known
ORDER BY g.project_id, g.version DESC
"""


def new_guidelines(by: Actor) -> list[Guideline]:
    """Of the open projects that she has worked on: guidelines newer than the one she worked by last. Three statements."""
    projects = list(open_to_member(by, *WORKED_ON).values_list("id", flat=True))
    found = Guideline.objects.raw(_NEW_GUIDELINES, [by.account, projects])
    return list(Guideline.objects.filter(id__in=[one.id for one in found]).select_related("project"))


def pilots_to_confirm(by: Actor) -> list[Project]:
    """Pilots that she has answered tasks of, without having said whether their newest guideline is clear.

    Two statements.
    """
    newest = Guideline.objects.filter(project=OuterRef("id")).order_by("-version").values("version")[:1]
    pilots = open_to_member(by, Project.State.PILOT).annotate(newest=Subquery(newest))
    told = Confirmation.objects.filter(
        project=OuterRef("id"), member=by.account, guideline_version=OuterRef("newest")
    )
    took_part = Annotation.objects.filter(project=OuterRef("id"), member=by.account)
    return list(pilots.filter(Exists(took_part), ~Exists(told)).order_by("created_at"))


def recent_answers(by: Actor, since: dt.datetime) -> list[Question]:
    """Her questions that were answered after `since`. One statement."""
    rows = Question.objects.filter(
        member=by.account, answered_at__gte=since, project__operator=by.organisation
    )
    return list(rows.select_related("project").order_by("-answered_at")[:10])


# -- what time and pay were for -------------------------------------------------------------------


def charged(accounts: set[int]) -> dict[int, Charged]:
    """The projects behind ledger accounts. Two statements."""
    rows = LedgerAccount.objects.filter(id__in=accounts).values_list("id", "owner")
    owners = dict(rows)
    projects = Project.objects.select_related("client").in_bulk([one for one in owners.values() if one])
    return {account: Charged(account, projects.get(owner)) for account, owner in owners.items() if owner} | {
        account: Charged(account, None) for account, owner in owners.items() if not owner
    }
