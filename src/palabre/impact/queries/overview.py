"""Everything that the overview of one project shows, in a counted number of statements at any size."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.db import connection

from palabre.impact.forecast import Forecast, forecast, window
from palabre.impact.queries.paid import paid_of
from palabre.impact.queries.standing import Standing
from palabre.impact.queries.work_done import counted_ms
from palabre.people.small_groups import FEWEST
from palabre.work.models import Guideline, Project
from palabre.work.queries.books import Books, books_of

MOST_EVENTS = 12
RECENT = dt.timedelta(days=7)

# Members by their days with pay of the project: one row for each member and day.
_PEOPLE = """
SELECT count(DISTINCT member_id), count(DISTINCT member_id) FILTER (WHERE day >= %(since)s)
FROM pay_accrual WHERE charge_id = %(escrow)s
"""
_EVENTS = """
SELECT what, at, value, words FROM (
    SELECT 0 AS rank, 'created' AS what, created_at AS at, '' AS value, '' AS words
        FROM work_project WHERE id = %(project)s
    UNION ALL SELECT 1, 'guideline', published_at, version::text, changes FROM work_guideline
        WHERE project_id = %(project)s
    UNION ALL SELECT 2, 'import', finished_at, good::text, name FROM exchange_import
        WHERE project_id = %(project)s AND state = 'done'
    UNION ALL SELECT 3, 'quote', accepted_at, total::text, currency FROM work_quote
        WHERE project_id = %(project)s AND accepted_at IS NOT NULL
    UNION ALL SELECT 4, t.kind, t.at, abs(p.amount)::text, coalesce(t.data ->> 'reason', t.data ->> 'reference', '')
        FROM pay_posting p JOIN pay_ledgertransaction t ON t.id = p.transaction_id
        WHERE p.account_id = %(escrow)s AND t.key LIKE %(prefix)s
    UNION ALL SELECT 5, 'piloted', piloted_at, pilot_judgements::text, '' FROM work_project
        WHERE id = %(project)s AND piloted_at IS NOT NULL
    UNION ALL SELECT 6, 'launched', launched_at, '', '' FROM work_project
        WHERE id = %(project)s AND launched_at IS NOT NULL
    UNION ALL SELECT 7, 'answered', answered_at, '', text FROM work_question
        WHERE project_id = %(project)s AND answered_at IS NOT NULL
    UNION ALL SELECT 8, 'closed', closed_at, '', '' FROM work_project
        WHERE id = %(project)s AND closed_at IS NOT NULL
    UNION ALL SELECT 9, 'scorecard', issued_at, version::text, '' FROM impact_scorecard
        WHERE project_id = %(project)s
) events ORDER BY at DESC, rank DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history. `what` says which; `value` is a number as text, `words` what people wrote."""

    what: str
    at: dt.datetime
    value: str
    words: str

    @property
    def number(self) -> int:
        return int(self.value or 0)


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units of the project's currency. `covers`: judgements that what is left pays for.

    `until`: when they are done, at the pace of the last days; None when that can't be said, or all is covered.
    """

    deposited: int
    returned: int
    left: int
    covers: int
    covers_all: bool
    until: Forecast | None

    @property
    def spent(self) -> int:
        return self.deposited - self.returned - self.left


@dataclass(frozen=True, slots=True)
class People:
    """Who was paid for the project. Hours and pay are None over fewer than five of them."""

    members: int
    recent: int
    hours_ms: int | None
    per_hour: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """`pace`: (day, counted judgements) of the last days, the oldest first, today's so far included."""

    standing: Standing
    money: Money | None
    people: People
    guideline: Guideline | None
    history: Sequence[Happened]
    pace: Sequence[tuple[dt.date, int]]


def overview_of(standing: Standing, *, at: dt.datetime) -> Overview:
    """The rest of what is shown of a project whose standing is known. Eleven statements at most."""
    project, today = standing.project, at.astimezone(dt.UTC).date()
    books = books_of(project) if project.escrow_id else None
    return Overview(
        standing=standing,
        money=_money(standing, books) if books else None,
        people=_people(project, books, today),
        guideline=project.guidelines.defer("body").order_by("-version").first(),
        history=_history(project),
        pace=_pace(standing, today),
    )


def _pace(standing: Standing, today: dt.date) -> list[tuple[dt.date, int]]:
    """Nothing before the first judgement: days without anybody at work say nothing."""
    days = standing.done.by_day
    if not days:
        return []
    done = window(days, min(days), today + dt.timedelta(days=1))
    return [(today - dt.timedelta(days=len(done) - 1 - n), count) for n, count in enumerate(done)]


def _money(standing: Standing, books: Books) -> Money:
    project = standing.project
    # Terms that were changed after a quote have no price until the next one.
    covers = books.affordable() if project.rates else 0
    paid = paid_of(project)
    covers_all = covers >= standing.wanted - standing.done.counted
    until = (
        None if covers_all or not standing.window else forecast(standing.window, covers, seed=standing.seed)
    )
    return Money(paid.paid_in, paid.returned, books.balance, covers, covers_all, until)


def _people(project: Project, books: Books | None, today: dt.date) -> People:
    if books is None or project.escrow_id is None:
        return People(0, 0, None, None)
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"escrow": project.escrow_id, "since": today - RECENT})
        members, recent = cursor.fetchone()
    if members < FEWEST:
        return People(members, recent, None, None)
    hours = counted_ms(project.escrow_id)
    return People(members, recent, hours, per_hour(books, hours))


def per_hour(books: Books, ms: int) -> int | None:
    """Pay and top-ups that this deposit bore, for an hour, in minor units; over all members together."""
    if not ms:
        return None
    to_members = books.paid_in - books.balance - sum(books.moved.values())
    return ceil(Fraction(to_members * 3_600_000, ms))


def _history(project: Project) -> list[Happened]:
    with connection.cursor() as cursor:
        cursor.execute(
            _EVENTS,
            {
                "project": project.id,
                "escrow": project.escrow_id,
                "prefix": f"deposit:{project.id}:%",
                "most": MOST_EVENTS,
            },
        )
        return [Happened(*row) for row in cursor.fetchall()]
