"""From a figure of a project to the rows that it is computed from. People stand there under their ids only.

Each kind of row is one statement over the project, page by page in the order of its key, with one more for
its sums: those are the figures of the ScoreCard, reached another way.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.errors import NotFound
from palabre.pay.models import Settlement
from palabre.pay.paper.names import TIME
from palabre.pay.words import ACCOUNTS, TRANSACTIONS
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import project_for
from palabre.work.models import Project
from palabre.work.queries.night_parts import Part
from palabre.work.queries.nights import parts

SOURCES = {
    "device": _("measured by her device"),
    "server": _("measured by the server"),
    "correction": _("corrected by the member"),
    "declared": _("declared, not measured"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """`columns`: name in the statement and title. `money`: columns in minor units, with that of their currency.

    `sums`: columns added up at the foot. `unique`: int or uuid, the first column's.
    """

    name: str
    title: str | Promise
    says: str | Promise
    columns: Sequence[tuple[str, str | Promise]]
    sql: str
    unique: type[int] | type[uuid.UUID] = int
    money: Mapping[str, str] = field(default_factory=dict)
    durations: frozenset[str] = frozenset()
    sums: str = ""
    # What codes in a column are called, and where its values lead: a view and its parameter.
    words: Mapping[str, Mapping[Any, object]] = field(default_factory=dict)
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [name for name, _title in self.columns]


_JUDGEMENTS = Kind(
    "judgements",
    _("Judgements"),
    _("Every answer, also those that came late or when the task had enough: they were kept and paid."),
    [
        ("id", _("No.")),
        ("member", _("Member")),
        ("task", _("Task")),
        ("counted", _("Counted")),
        ("submitted_at", _("Given")),
        ("received_at", _("Received")),
        ("guideline", _("Guideline")),
        ("pay", _("Pay")),
        ("currency", _("Currency")),
    ],
    """
    SELECT a.id, a.member_id AS member, a.task_id AS task, a.place IS NOT NULL AS counted, a.submitted_at,
        a.received_at, a.guideline_version AS guideline, a.pay, a.pay_currency AS currency
    FROM work_annotation a WHERE a.project_id = %(project)s
    """,
    sums="count(*) AS rows, count(*) FILTER (WHERE counted) AS counted",
)
_TIME = Kind(
    "time",
    _("Time entries"),
    _("All time that is charged to the project: what was measured, and what counts."),
    [
        ("id", _("No.")),
        ("member", _("Member")),
        ("day", _("Day")),
        ("kind", _("Kind")),
        ("source", _("Source")),
        ("started_at", _("Began")),
        ("measured_ms", _("Measured")),
        ("counted_ms", _("Counted")),
        ("rule", _("Rule")),
    ],
    """
    SELECT t.id, t.member_id AS member, t.day, t.kind, t.source, t.started_at, t.measured_ms::bigint AS measured_ms,
        t.counted_ms::bigint AS counted_ms, t.rule
    FROM timesheet_timeentry t WHERE t.charge = %(escrow)s
    """,
    durations=frozenset({"measured_ms", "counted_ms"}),
    words={"kind": TIME, "source": SOURCES},
    sums="count(*) AS rows, coalesce(sum(measured_ms), 0)::bigint AS measured_ms,"
    " coalesce(sum(counted_ms), 0)::bigint AS counted_ms",
)
_PAY = Kind(
    "pay",
    _("Base pay"),
    _(
        "What each member earned on each of her days, with every fraction, and what the deposit was charged for it."
    ),
    [
        ("id", _("No.")),
        ("member", _("Member")),
        ("day", _("Day")),
        ("exact", _("Exactly")),
        ("credited", _("Credited")),
        ("currency", _("Currency")),
        ("charged", _("Charged")),
        ("charge_currency", _("Currency there")),
    ],
    """
    SELECT a.id, a.member_id AS member, a.day, a.exact, a.credited, a.currency, a.charged,
        l.currency AS charge_currency
    FROM pay_accrual a JOIN pay_ledgeraccount l ON l.id = a.charge_id WHERE a.charge_id = %(escrow)s
    """,
    money={"credited": "currency", "charged": "charge_currency"},
    sums="count(*) AS rows, coalesce(sum(charged), 0)::bigint AS charged, max(charge_currency) AS charge_currency",
)
_SETTLEMENTS = Kind(
    "settlements",
    _("Settlements"),
    _(
        "The days with time or pay of the project, each brought to the floor: all of a member’s hours of the day."
    ),
    [
        ("id", _("No.")),
        ("member", _("Member")),
        ("day", _("Day")),
        ("revision", _("Revision")),
        ("counted_ms", _("Counted")),
        ("due", _("Due")),
        ("earned", _("Earned")),
        ("before", _("Before")),
        ("top_up", _("Top-up")),
        ("share", _("For this project")),
        ("currency", _("Currency")),
        ("reached", _("Floor reached")),
    ],
    """
    SELECT s.id, s.member_id AS member, s.day, s.revision, s.counted_ms, s.due, s.earned,
        s.topped_up_before AS before, s.top_up, coalesce((
            SELECT sum((part ->> 'share')::bigint) FROM jsonb_array_elements(s.arithmetic -> 'shares') part
            WHERE (part ->> 'charge')::bigint = %(escrow)s), 0)::bigint AS share,
        s.currency, s.earned + s.topped_up_before + s.top_up >= s.due AS reached
    FROM pay_settlement s WHERE (s.member_id, s.day) IN (
        SELECT member_id, day FROM timesheet_timeentry WHERE charge = %(escrow)s
        UNION SELECT member_id, day FROM pay_accrual WHERE charge_id = %(escrow)s)
    """,
    money=dict.fromkeys(("due", "earned", "before", "top_up", "share"), "currency"),
    durations=frozenset({"counted_ms"}),
    sums="count(*) AS rows, count(*) FILTER (WHERE reached) AS reached",
    links={"id": ("money-settlement", "settlement")},
)
_LEDGER = Kind(
    "ledger",
    _("Ledger"),
    _("What moved on the project’s own accounts: its deposit, social cover and the platform’s share."),
    [
        ("id", _("No.")),
        ("transaction", _("Transaction")),
        ("at", _("When")),
        ("kind", _("What")),
        ("account", _("Account")),
        ("amount", _("Amount")),
        ("currency", _("Currency")),
    ],
    """
    SELECT p.id, p.transaction_id AS transaction, t.at, t.kind, a.kind AS account, p.amount, p.currency
    FROM pay_ledgeraccount a JOIN pay_posting p ON p.account_id = a.id
    JOIN pay_ledgertransaction t ON t.id = p.transaction_id
    WHERE a.owner = %(project)s AND a.kind IN ('escrow', 'share', 'social')
    """,
    money={"amount": "currency"},
    words={"kind": TRANSACTIONS, "account": ACCOUNTS},
    links={"transaction": ("money-transaction", "ledger_transaction")},
    sums="count(*) AS rows, coalesce(sum(amount), 0)::bigint AS amount, max(currency) AS currency",
)
_DECISIONS = Kind(
    "decisions",
    _("Decisions"),
    _("Decisions about members in the project, with what became of them."),
    [
        ("id", _("No.")),
        ("member", _("Member")),
        ("kind", _("Kind")),
        ("rule", _("Rule")),
        ("decided_at", _("Taken")),
        ("state", _("State")),
        ("appealed_at", _("Contested")),
        ("answer_due", _("Answer due")),
        ("answered_at", _("Answered")),
    ],
    """
    SELECT d.id, d.member_id AS member, d.kind, d.rule, d.decided_at, d.state, a.appealed_at, a.answer_due,
        a.answered_at
    FROM decisions_decision d LEFT JOIN decisions_appeal a ON a.decision_id = d.id WHERE d.project = %(project)s
    """,
    uuid.UUID,
    sums="count(*) AS rows, count(appealed_at) AS appealed_at, count(answered_at) AS answered_at",
)
_QUESTIONS = Kind(
    "questions",
    _("Questions"),
    _("When members asked and when they were answered; what they asked is not shown."),
    [("id", _("No.")), ("member", _("Member")), ("asked_at", _("Asked")), ("answered_at", _("Answered"))],
    """
    SELECT q.id, q.member_id AS member, q.asked_at, q.answered_at
    FROM work_question q WHERE q.project_id = %(project)s
    """,
    uuid.UUID,
    sums="count(*) AS rows, count(answered_at) AS answered_at",
)
_MEMBERS = Kind(
    "members",
    _("Members"),
    _("For each member her judgements, counted time and what she was credited for the project."),
    [
        ("id", _("Member")),
        ("judgements", _("Judgements")),
        ("counted_ms", _("Counted")),
        ("base_pay", _("Base pay")),
        ("top_ups", _("Top-ups")),
        ("credited", _("Together")),
        ("hourly", _("An hour")),
        ("currency", _("Currency")),
    ],
    """
    SELECT w.member_id AS id, w.judgements, coalesce(t.ms, 0)::bigint AS counted_ms,
        coalesce(p.amount, 0)::bigint AS base_pay, coalesce(u.amount, 0)::bigint AS top_ups,
        (coalesce(p.amount, 0) + coalesce(u.amount, 0))::bigint AS credited,
        round((coalesce(p.amount, 0) + coalesce(u.amount, 0)) * 3600000 / nullif(t.ms, 0))::bigint AS hourly,
        coalesce(p.currency, u.currency) AS currency
    FROM (SELECT member_id, count(*) AS judgements FROM work_annotation WHERE project_id = %(project)s GROUP BY 1) w
    LEFT JOIN (SELECT member_id, sum(counted_ms) AS ms FROM timesheet_timeentry WHERE charge = %(escrow)s
               GROUP BY 1) t ON t.member_id = w.member_id
    LEFT JOIN (SELECT member_id, currency, sum(credited) AS amount FROM pay_accrual WHERE charge_id = %(escrow)s
               GROUP BY 1, 2) p ON p.member_id = w.member_id
    LEFT JOIN (
        SELECT s.member_id, s.currency, sum((part ->> 'share')::bigint) AS amount
        FROM pay_settlement s CROSS JOIN LATERAL jsonb_array_elements(s.arithmetic -> 'shares') part
        WHERE (part ->> 'charge')::bigint = %(escrow)s AND (s.member_id, s.day) IN (
            SELECT member_id, day FROM timesheet_timeentry WHERE charge = %(escrow)s
            UNION SELECT member_id, day FROM pay_accrual WHERE charge_id = %(escrow)s)
        GROUP BY 1, 2
    ) u ON u.member_id = w.member_id AND (p.currency IS NULL OR u.currency = p.currency)
    """,
    uuid.UUID,
    money=dict.fromkeys(("base_pay", "top_ups", "credited", "hourly"), "currency"),
    durations=frozenset({"counted_ms"}),
    sums="count(*) AS rows, coalesce(sum(judgements), 0)::bigint AS judgements,"
    " coalesce(sum(counted_ms), 0)::bigint AS counted_ms",
)
KINDS = {
    one.name: one
    for one in (_JUDGEMENTS, _MEMBERS, _TIME, _PAY, _SETTLEMENTS, _LEDGER, _DECISIONS, _QUESTIONS)
}
Row = dict[str, object]
Values = dict[str, uuid.UUID | int]


def audited(by: Actor, project: uuid.UUID) -> Project:
    """A project whose rows the actor may read. Raises: NotAllowed, NotFound."""
    return project_for(by, project, Permission.READ_RECORD)


def kind_named(name: str) -> Kind:
    """Raises: NotFound."""
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


def rows_of_kind(kind: Kind, project: Project, *, after: int | uuid.UUID | None, limit: int) -> list[Row]:
    """Rows in the order of their key. One statement; of settlements, four at most."""
    first = uuid.UUID(int=0) if kind.unique is uuid.UUID else 0
    sql = f"SELECT * FROM ({kind.sql}) found WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"  # noqa: S608
    rows = _read(sql, {**_of(project), "after": after or first, "limit": limit})
    return _own_parts(rows, project) if kind is _SETTLEMENTS else rows


def sums_of_kind(kind: Kind, project: Project) -> Row:
    """What all rows come to. One statement."""
    return _read(f"SELECT {kind.sums} FROM ({kind.sql}) found", _of(project))[0]  # noqa: S608


def _own_parts(rows: list[Row], project: Project) -> list[Row]:
    """Of a day that two operators bear, what the operator of the project bears: the rest is another's business."""
    nights = list(Settlement.objects.filter(id__in=[row["id"] for row in rows]).select_related("floor"))
    shared: dict[object, Part] = {
        one.settlement.id: one for one in parts(project.operator_id, nights) if one.shared
    }
    return [row | _figures(shared[row["id"]]) if row["id"] in shared else row for row in rows]


def _figures(one: Part) -> Row:
    had: Row = {"counted_ms": one.counted_ms, "due": one.due, "earned": one.earned}
    reached = one.earned + one.topped_up_before + one.top_up >= one.due
    return had | {"before": one.topped_up_before, "top_up": one.top_up, "reached": reached}


def _of(project: Project) -> Values:
    return {"project": project.id, "escrow": project.escrow_id or 0}


def _read(sql: str, values: Values) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
