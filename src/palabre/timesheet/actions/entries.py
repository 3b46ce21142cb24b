"""Time as devices and the server measure it, counted by the published rules.

The rules (each cut names its own in `rule`, and the measured value stays beside the counted one):

* `bound`: a slice can't begin before the work was handed out, nor end after the server heard of
  it, give or take two minutes for clocks; a slice is at most four hours (a review on a page: ten minutes).
* `merged`: what overlaps with another slice of the same member counts once.
"""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from palabre.people.residences import Residences
from palabre.timesheet.merging import Span, TimeLine
from palabre.timesheet.models import Kind, Source

TOLERANCE = dt.timedelta(minutes=2)
LONGEST = dt.timedelta(hours=4)
_MILLISECOND = dt.timedelta(milliseconds=1)


_AROUND = """
SELECT id, key, kind, measured_ms, counted_ms, rule, day, charge, started_at, ended_at, source
FROM timesheet_timeentry WHERE member_id = %(member)s AND key = ANY(%(keys)s)
UNION
SELECT id, key, kind, measured_ms, counted_ms, rule, day, charge, started_at, ended_at, source
FROM timesheet_timeentry WHERE member_id = %(member)s
    AND started_at > %(earliest)s AND started_at < %(high)s AND ended_at > %(low)s
"""


_INSERT = """
INSERT INTO timesheet_timeentry (member_id, received_at, key, kind, source, charge, task,
    started_at, ended_at, measured_ms, counted_ms, rule, day)
SELECT %(member)s, %(at)s, s.* FROM jsonb_to_recordset(%(sent)s::jsonb) AS s (
    key uuid, kind text, source text, charge bigint, task bigint, started_at timestamptz, ended_at timestamptz,
    measured_ms int, counted_ms int, rule text, day date)
RETURNING id, key, kind, measured_ms, counted_ms, rule, day, charge
"""


@dataclass(frozen=True, slots=True)
class Slice:
    """`measured_ms` on the device's monotonic clock, from `started_at` (by the server's clock).

    `not_before`: when the work was handed out. `charge`: the ledger account that pays for it.
    `longest`: no more than this is counted of it; what was measured stays beside.
    """

    key: uuid.UUID
    kind: Kind
    charge: int
    started_at: dt.datetime
    measured_ms: int
    task: int | None = None
    not_before: dt.datetime | None = None
    source: Source = Source.DEVICE
    longest: dt.timedelta = LONGEST


@dataclass(frozen=True, slots=True)
class Counted:
    """What a slice came to. `entry` is the row; a slice sent before keeps its first answer."""

    entry: int
    key: uuid.UUID
    kind: str
    measured_ms: int
    counted_ms: int
    rule: str
    day: dt.date
    charge: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class _Placed:
    """A slice with its place on the time line."""

    slice: Slice
    span: Span
    counted_ms: int
    rule: str


def place(one: Slice, at: dt.datetime) -> _Placed:
    """Apply the bounds to one slice. A device's wrong clock shifts a slice, it never refuses it."""
    length = min(max(one.measured_ms, 0) * _MILLISECOND, one.longest)
    end = min(one.started_at + length, at)
    start = end - length
    if one.not_before is not None:
        start = max(start, one.not_before - TOLERANCE)
        end = max(end, start)
    counted = min((end - start) // _MILLISECOND, one.measured_ms)
    return _Placed(one, (start, end), counted, "" if counted == one.measured_ms else "bound")


def merge(placed: Sequence[_Placed], line: TimeLine) -> list[_Placed]:
    """Count each stretch of the member's time once. The order of `placed` decides which slice has it."""
    merged = []
    for one in placed:
        free = line.add(one.span) // _MILLISECOND
        merged.append(one if free >= one.counted_ms else replace(one, counted_ms=free, rule="merged"))
    return merged


def record_time(
    member: uuid.UUID, slices: Sequence[Slice], *, lived: Residences, at: dt.datetime
) -> list[Counted]:
    """Count slices of one member's time on the days where she lived; a key that was sent before changes nothing.

    The caller holds the lock on the member's residence row, records the event and marks the
    days as due for settlement. Two statements whatever the number of slices.
    """
    if not slices:
        return []
    sent = {one.key: one for one in slices}
    known, line = _around(member, list(sent), [place(one, at).span for one in sent.values()])
    placed = [place(one, at) for one in sent.values() if one.key not in known]
    counted = _insert(member, merge(placed, line), lived, at) if placed else []
    return counted + list(known.values())


def _around(
    member: uuid.UUID, keys: list[uuid.UUID], spans: Sequence[Span]
) -> tuple[dict[uuid.UUID, Counted], TimeLine]:
    """Slices that came before under these keys, and what is already counted near the spans.

    No entry is longer than LONGEST, which bounds how far back an overlap can begin.
    """
    low, high = min(start for start, _ in spans), max(end for _, end in spans)
    with connection.cursor() as cursor:
        cursor.execute(
            _AROUND,
            {
                "member": member,
                "keys": keys,
                "earliest": low - LONGEST - TOLERANCE,
                "low": low,
                "high": high,
            },
        )
        rows = cursor.fetchall()
    wanted = set(keys)
    known = {row[1]: replace(_counted(row), repeated=True) for row in rows if row[1] in wanted}
    return known, TimeLine((row[8], row[9]) for row in rows if row[10] != Source.CORRECTION)


def _counted(row: Sequence[Any]) -> Counted:
    entry, key, kind, measured_ms, counted_ms, rule, day, charge = row[:8]
    return Counted(entry, key, kind, measured_ms, counted_ms, rule, day, charge, repeated=False)


def _insert(
    member: uuid.UUID, merged: Sequence[_Placed], lived: Residences, at: dt.datetime
) -> list[Counted]:
    sent = [
        {
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
            "day": lived.day_of(one.span[0]).isoformat(),
        }
        for one in merged
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {"member": member, "at": at, "sent": json.dumps(sent)})
        return [_counted(row) for row in cursor.fetchall()]
