"""Everything that a ScoreCard rests on, read in one snapshot, in a counted number of statements.

Rows that came after `as_of` are left out wherever they carry an instant, so that a ScoreCard can be computed
again later and must give the same figures. Base pay is read from accruals, which carry a day and no instant:
after the close of a project, work that still arrives is charged to the operator and does not change them.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from palabre.decisions.models import Decision
from palabre.impact.errors import SealMissing
from palabre.impact.scorecard import statements
from palabre.impact.scorecard.facts import (
    AgreementFacts,
    DayFacts,
    DecisionFacts,
    Facts,
    MoneyFacts,
    PayRow,
    Place,
    ProjectFacts,
    QuestionFacts,
    SealFacts,
    TimeRow,
    TopUpRow,
    WorkFacts,
)
from palabre.impact.scorecard.places import floors_of
from palabre.pay.models import Accrual
from palabre.people.residences import known_zone
from palabre.quality.figures import agreement, judged, seed_of
from palabre.quality.queries import answers_to
from palabre.quality.questions import Asked, asked_by, unmeasured_by
from palabre.record.models import Seal
from palabre.times import day_end
from palabre.timesheet.models import Correction, TimeEntry
from palabre.work.models import Project, Question, Quote

# What `read_facts` executes, whatever the size of the project; one more for each choice question but the first.
STATEMENTS = 18


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction in which every statement sees the database as it was at the first."""
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def read_facts(project_id: uuid.UUID, seal_number: int, *, as_of: dt.datetime) -> Facts:
    """The facts of a closed project at `as_of`, resting on a seal. Call it inside `snapshot`.

    Raises: Project.DoesNotExist, SealMissing.
    """
    project = _project(project_id)
    places = _places(project, as_of)
    return Facts(
        as_of=as_of,
        project=project,
        work=_work(project.id, as_of),
        places=places,
        time=_time(project.escrow, as_of),
        money=_money(project, as_of),
        pay=_pay(project.escrow),
        top_ups=_top_ups(project.escrow, as_of),
        days=_days(project.escrow, as_of),
        floors=floors_of(project, places, as_of),
        decisions=_decisions(project.id, as_of),
        questions=_questions(project.id, as_of),
        corrections_waiting=_corrections_waiting(project.escrow, as_of),
        seal=_seal(seal_number),
    )


def _project(project_id: uuid.UUID) -> ProjectFacts:
    row = Project.objects.select_related("client", "operator").get(id=project_id)
    return ProjectFacts(
        id=row.id,
        name=row.name,
        purpose=row.purpose,
        client=row.client.name,
        operator=row.operator.name,
        currency=row.currency,
        overlap=row.overlap,
        countries=tuple(sorted(row.countries or row.rates)),
        declared_times=row.declared_times,
        piloted=row.piloted_at is not None,
        launched_at=row.launched_at or row.piloted_at or row.created_at,
        closed_at=row.closed_at or row.created_at,
        escrow=row.escrow_id or 0,
    )


def _places(project: ProjectFacts, as_of: dt.datetime) -> dict[uuid.UUID, Place]:
    """Where each member who answered at least one task lived the day before the project closed: that day is over
    everywhere or running, so that no move changes it any more.
    """
    day = min(project.closed_at, as_of).date() - dt.timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(statements.MEMBERS, {"project": project.id, "as_of": as_of, "day": day})
        return {member: (country, region) for member, country, region in cursor.fetchall()}


def _work(project: uuid.UUID, as_of: dt.datetime) -> WorkFacts:
    with connection.cursor() as cursor:
        cursor.execute(statements.TASKS, {"project": project})
        (tasks,) = cursor.fetchone()
        cursor.execute(statements.JUDGEMENTS, {"project": project, "as_of": as_of})
        judged_tasks, judgements, extra, middle, slow = cursor.fetchone()
    return WorkFacts(
        tasks=tasks,
        judged_tasks=judged_tasks,
        judgements=judgements,
        extra=extra,
        credit_ms=(middle, slow) if judgements else None,
        agreements=[_agreement(question, project, as_of) for question in asked_by(project)],
        unmeasured=unmeasured_by(project),
    )


def _agreement(question: Asked, project: uuid.UUID, as_of: dt.datetime) -> AgreementFacts:
    judgements = judged(answers_to(question, project, as_of=as_of), question)
    return AgreementFacts(question.name, len(judgements.members), agreement(judgements, seed_of(project)))


def _time(escrow: int, as_of: dt.datetime) -> list[TimeRow]:
    entries = TimeEntry.objects.filter(charge=escrow, received_at__lte=as_of)
    sums = entries.values_list("member_id", "kind", "source").annotate(Sum("counted_ms"))
    return [TimeRow(*row) for row in sums.order_by("member_id", "kind", "source")]


def _money(project: ProjectFacts, as_of: dt.datetime) -> MoneyFacts:
    quotes = Quote.objects.filter(project_id=project.id, accepted_at__isnull=False)
    quote = quotes.order_by("-accepted_at").values("total", "tasks").first() or {"total": 0, "tasks": 0}
    with connection.cursor() as cursor:
        cursor.execute(statements.MONEY, {"project": project.id, "as_of": as_of})
        moved = {(account, kind): amount for account, kind, amount in cursor.fetchall()}
    return MoneyFacts(
        quoted=quote["total"],
        quoted_judgements=quote["tasks"] * project.overlap,
        paid_in=moved.pop(("escrow", "deposit"), 0) + moved.pop(("escrow", "deposit_reversed"), 0),
        base_pay=-moved.pop(("escrow", "base_pay"), 0),
        top_ups=-moved.pop(("escrow", "top_up"), 0),
        social_cover=moved.pop(("social", "shares"), 0),
        platform_share=moved.pop(("share", "shares"), 0),
        returned=-sum(amount for (account, kind), amount in moved.items() if kind != "shares"),
    )


def _pay(escrow: int) -> list[PayRow]:
    sums = Accrual.objects.filter(charge_id=escrow).values_list("member_id", "currency")
    rows = sums.annotate(Sum("credited")).order_by("member_id", "currency")
    return [PayRow(member, currency, int(credited)) for member, currency, credited in rows]


def _top_ups(escrow: int, as_of: dt.datetime) -> list[TopUpRow]:
    with connection.cursor() as cursor:
        cursor.execute(statements.TOP_UPS, {"escrow": escrow, "as_of": as_of})
        return [TopUpRow(*row) for row in cursor.fetchall()]


def _days(escrow: int, as_of: dt.datetime) -> DayFacts:
    with connection.cursor() as cursor:
        cursor.execute(statements.DAYS, {"escrow": escrow, "as_of": as_of})
        settled, at_floor, below, never, unsettled, coming = cursor.fetchone()
    ends = [
        (day_end(dt.date.fromisoformat(day), known_zone(zone)), days)
        for day, zone, days in json.loads(coming)
    ]
    return DayFacts(
        settled=settled,
        at_floor=at_floor,
        below=below,
        never_settled=never,
        unsettled=unsettled,
        waiting=sum(days for end, days in ends if end <= as_of),
        not_over=sum(days for end, days in ends if end > as_of),
        over_at=max((end for end, _days in ends), default=None),
    )


def _decisions(project: uuid.UUID, as_of: dt.datetime) -> DecisionFacts:
    taken = Decision.objects.filter(project=project, decided_at__lte=as_of)
    appealed = Q(appeal__appealed_at__lte=as_of)
    answered = Q(appeal__answered_at__lte=as_of)
    counts = taken.aggregate(
        taken=Count("id"),
        appealed=Count("id", filter=appealed),
        answered=Count("id", filter=appealed & answered),
        reversed=Count("id", filter=answered & Q(state=Decision.State.REVERSED)),
    )
    still_open = counts["appealed"] - counts["answered"]
    return DecisionFacts(counts["taken"], counts["appealed"], counts["reversed"], still_open)


def _questions(project: uuid.UUID, as_of: dt.datetime) -> QuestionFacts:
    asked = Question.objects.filter(project_id=project, asked_at__lte=as_of)
    counts = asked.aggregate(asked=Count("id"), answered=Count("id", filter=Q(answered_at__lte=as_of)))
    return QuestionFacts(counts["asked"], counts["answered"])


def _corrections_waiting(escrow: int, as_of: dt.datetime) -> int:
    asked = Correction.objects.filter(charge=escrow, asked_at__lte=as_of)
    return asked.filter(Q(answered_at=None) | Q(answered_at__gt=as_of), entry=None).count()


def _seal(number: int) -> SealFacts:
    seal = Seal.objects.filter(number=number).first()
    if seal is None:
        raise SealMissing(seal=number)
    return SealFacts(seal.number, seal.root, seal.sealed_at)
