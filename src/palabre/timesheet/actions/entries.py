"""Time as devices and the server measure it, counted by the published rules (`timesheet.bounds`).

Each cut names its own rule, and the measured value stays beside the counted one. What a device measured and nothing
explains waits for a person like a correction: visible to her and to her coordinator, never silently cut.
"""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from palabre.people.residences import Residences
from palabre.timesheet.actions.waiting import let_wait, release
from palabre.timesheet.bounds import (
    Days,
    Judged,
    Slice,
    Tally,
    believed,
    edges,
    judge,
    released,
    searched,
    together,
)
from palabre.timesheet.charges import PAYERS
from palabre.timesheet.figures import LONGEST, TOLERANCE, figures
from palabre.timesheet.merging import Span, TimeLine

_KNOWN = """
SELECT id, key, kind, measured_ms, counted_ms, rule, day, charge
FROM timesheet_timeentry WHERE member_id = %(member)s AND key = ANY(%(keys)s)
"""

# No entry is longer than LONGEST, which bounds how far back an overlap can begin.
_AROUND = """
SELECT e.started_at, e.ended_at, e.rule
FROM unnest(%(earliest)s::timestamptz[], %(low)s::timestamptz[], %(high)s::timestamptz[]) AS r (earliest, low, high)
CROSS JOIN LATERAL (
    SELECT started_at, ended_at, rule, source FROM timesheet_timeentry
    WHERE member_id = %(member)s AND started_at > r.earliest AND started_at < r.high AND ended_at > r.low
    OFFSET 0) e
WHERE e.source <> 'correction'
"""

# Whole weeks: her word has a bound a week.
_TALLIES = """
SELECT day, charge, device_ms, word_ms, other_ms, explained_ms, 0 FROM timesheet_tally
WHERE member_id = %(member)s AND day BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT day, charge, 0, 0, 0, 0, sum(delta_ms) FROM timesheet_correction
WHERE member_id = %(member)s AND day BETWEEN %(first)s AND %(last)s AND state = 'waiting' AND rule = 'unexplained'
GROUP BY 1, 2
"""

# Those of her week, and those that come now.
_PAYERS = f"""{PAYERS} WHERE a.id IN (
    SELECT unnest(%(charges)s::bigint[]) UNION
    SELECT charge FROM timesheet_tally WHERE member_id = %(member)s AND day BETWEEN %(first)s AND %(last)s)
"""  # noqa: S608 - a text of our own

_INSERT = """
INSERT INTO timesheet_timeentry (member_id, received_at, key, kind, source, charge, task,
    started_at, ended_at, measured_ms, counted_ms, rule, day)
SELECT %(member)s, %(at)s, s.* FROM jsonb_to_recordset(%(sent)s::jsonb) AS s (
    key uuid, kind text, source text, charge bigint, task bigint, started_at timestamptz, ended_at timestamptz,
    measured_ms int, counted_ms int, rule text, day date)
RETURNING id, key, kind, measured_ms, counted_ms, rule, day, charge
"""

_EXPLAIN = """
INSERT INTO timesheet_tally AS t (member_id, day, charge, explained_ms)
SELECT %(member)s, * FROM unnest(%(days)s::date[], %(charges)s::bigint[], %(ms)s::bigint[])
ON CONFLICT (member_id, day, charge) DO UPDATE SET explained_ms = t.explained_ms + excluded.explained_ms
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a slice came to. `entry` is the row; a slice sent before keeps its first answer.

    `explained_ms`: what the answer that it came with stands for, on its day and account.
    """

    entry: int
    key: uuid.UUID
    kind: str
    measured_ms: int
    counted_ms: int
    rule: str
    day: dt.date
    charge: int
    repeated: bool
    explained_ms: int = 0


def record_time(
    member: uuid.UUID, slices: Sequence[Slice], *, lived: Residences, at: dt.datetime
) -> list[Counted]:
    """Count slices of one member's time on the days where she lived; a key that was sent before changes nothing.

    What a device measured beyond the bounds waits for a person; what waited and is explained by now is counted. The
    caller holds the lock on the member's residence row, records the event of the entries and marks their days as due
    for settlement. Two journeys whatever the number of slices, and one more where something waits.
    """
    sent = {one.key: one for one in together(slices)}
    if not sent:
        return []
    known, line, loose, days = _facts(member, list(sent.values()), at)
    fresh = [one for one in sent.values() if one.key not in known]
    if not fresh:
        return list(known.values())
    judged = judge(fresh, line, loose, days, lived.day_of, at)
    counted = _insert(member, judged, at)
    let_wait(member, judged, at)
    release(member, released(days), lived, at)
    return counted + list(known.values())


def _facts(
    member: uuid.UUID, slices: Sequence[Slice], at: dt.datetime
) -> tuple[dict[uuid.UUID, Counted], TimeLine, TimeLine, Days]:
    """Slices that came before under these keys, what is counted near the others, and her days: in one journey."""
    near = believed(slices, at)
    wide = _joined([span for one in slices for span, _ in edges(one, at)])
    first, last = wide[0][0].date(), wide[-1][1].date()
    asked: dict[str, Any] = {
        **_around(member, [*near, *searched(slices, at)]),
        "keys": [one.key for one in slices],
        # A day more at each side, for the time zones.
        "first": first - dt.timedelta(days=first.weekday() + 8),
        "last": last + dt.timedelta(days=14 - last.weekday()),
        "charges": sorted({one.charge for one in slices}),
    }
    connection.ensure_connection()
    with ExitStack() as stack:
        cursors = [stack.enter_context(connection.cursor()) for _ in range(4)]
        stack.enter_context(connection.connection.pipeline())
        for cursor, sql in zip(cursors, (_KNOWN, _AROUND, _TALLIES, _PAYERS), strict=True):
            cursor.execute(sql, asked)
        known, around, tallies, payers = (cursor.fetchall() for cursor in cursors)
    loose = _loose(around)
    if any(loose.touches(span) for span in near):
        # What was moved may stand where it was not: whoever comes there looks for a place too.
        with connection.cursor() as cursor:
            cursor.execute(_AROUND, _around(member, wide))
            around = cursor.fetchall()
        loose = _loose(around)
    days = Days(figures(), payers=dict(payers))
    for day, charge, *sums in tallies:
        _add(days.tallies[day][charge], Tally(*map(int, sums)))
    return (
        {row[1]: replace(_counted(row), repeated=True) for row in known},
        TimeLine((row[0], row[1]) for row in around),
        loose,
        days,
    )


def _around(member: uuid.UUID, spans: Sequence[Span]) -> dict[str, Any]:
    # Each is read from so long before it: two that are nearer would read the same entries twice.
    ranges = _joined(spans, within=LONGEST)
    return {
        "member": member,
        "earliest": [low - LONGEST - TOLERANCE for low, _ in ranges],
        "low": [low for low, _ in ranges],
        "high": [high for _, high in ranges],
    }


def _loose(around: Sequence[Sequence[Any]]) -> TimeLine:
    return TimeLine((row[0], row[1]) for row in around if row[2] == "shifted")


def _add(to: Tally, more: Tally) -> None:
    for name in Tally.__slots__:
        setattr(to, name, getattr(to, name) + getattr(more, name))


def _joined(spans: Sequence[Span], within: dt.timedelta = dt.timedelta(0)) -> list[Span]:
    """The same stretches of time, in order and without overlaps; those as near as `within` are one with what lies
    between."""
    joined: list[Span] = []
    for low, high in sorted(spans):
        if joined and low - joined[-1][1] <= within:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined


def _counted(row: Sequence[Any]) -> Counted:
    entry, key, kind, measured_ms, counted_ms, rule, day, charge = row
    return Counted(entry, key, kind, measured_ms, counted_ms, rule, day, charge, repeated=False)


def _insert(member: uuid.UUID, judged: Sequence[Judged], at: dt.datetime) -> list[Counted]:
    explained: Mapping[tuple[dt.date, int], int] = _explained(judged)
    of_key = {one.slice.key: one.slice.explains_ms for one in judged}
    connection.ensure_connection()
    with connection.cursor() as first, connection.cursor() as cursor, connection.connection.pipeline():
        if explained:
            days, charges = zip(*explained, strict=True)
            first.execute(
                _EXPLAIN,
                {"member": member, "days": [*days], "charges": [*charges], "ms": [*explained.values()]},
            )
        cursor.execute(
            _INSERT, {"member": member, "at": at, "sent": json.dumps([_row(one) for one in judged])}
        )
        rows = cursor.fetchall()
    return [replace(_counted(row), explained_ms=of_key[row[1]]) for row in rows]


def _explained(judged: Sequence[Judged]) -> dict[tuple[dt.date, int], int]:
    sums: dict[tuple[dt.date, int], int] = defaultdict(int)
    for one in judged:
        if one.slice.explains_ms:
            sums[one.day, one.slice.charge] += one.slice.explains_ms
    return dict(sorted(sums.items()))


def _row(one: Judged) -> dict[str, object]:
    return {
        "key": str(one.slice.key),
        "kind": str(one.slice.kind),
        "source": str(one.slice.source),
        "charge": one.slice.charge,
        "task": one.slice.task,
        "started_at": one.span[0].isoformat(),
        "ended_at": one.span[1].isoformat(),
        "measured_ms": one.slice.measured_ms,
        "counted_ms": one.counted_ms,
        "rule": one.rule,
        "day": one.day.isoformat(),
    }
