"""Time as devices and the server measure it, counted by the published rules.

The rules (each cut names its own in `rule`, and the measured value stays beside the counted one):

* `bound`: a slice can't begin before the work was handed out, nor end after the server heard of
  it, give or take two minutes for clocks; a slice is at most four hours.
* `merged`: what overlaps with another slice of the same member counts once.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection

from palabre.times import day_of
from palabre.timesheet.merging import Span, TimeLine
from palabre.timesheet.models import Kind, Source

TOLERANCE = dt.timedelta(minutes=2)
LONGEST = dt.timedelta(hours=4)
_MILLISECOND = dt.timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Slice:
    """`measured_ms` on the device's monotonic clock, from `started_at` (by the server's clock).

    `not_before`: when the work was handed out. `charge`: the ledger account that pays for it.
    """

    key: uuid.UUID
    kind: Kind
    charge: int
    started_at: dt.datetime
    measured_ms: int
    task: int | None = None
    not_before: dt.datetime | None = None
    source: Source = Source.DEVICE


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
    length = min(max(one.measured_ms, 0) * _MILLISECOND, LONGEST)
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
    member: uuid.UUID, slices: Sequence[Slice], *, timezone: str, at: dt.datetime
) -> list[Counted]:
    """Count slices of one member's time; a key that was sent before changes nothing.

    The caller holds the lock on the member's residence row, records the event and marks the
    days as due for settlement. Three statements whatever the number of slices.
    """
    if not slices:
        return []
    known = _known(member, [one.key for one in slices])
    placed = [place(one, at) for one in {s.key: s for s in slices}.values() if one.key not in known]
    counted = _insert(member, merge(placed, _line_around(member, placed)), timezone, at) if placed else []
    return counted + list(known.values())


def _known(member: uuid.UUID, keys: list[uuid.UUID]) -> dict[uuid.UUID, Counted]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, key, kind, measured_ms, counted_ms, rule, day, charge, true"
            " FROM timesheet_timeentry WHERE member_id = %s AND key = ANY(%s)",
            [member, keys],
        )
        return {row[1]: Counted(*row) for row in cursor.fetchall()}


def _line_around(member: uuid.UUID, placed: Sequence[_Placed]) -> TimeLine:
    """What is already counted near the new slices. No entry is longer than LONGEST."""
    low, high = min(one.span[0] for one in placed), max(one.span[1] for one in placed)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT started_at, ended_at FROM timesheet_timeentry"
            " WHERE member_id = %s AND started_at > %s AND started_at < %s AND ended_at > %s"
            " AND source <> 'correction'",
            [member, low - LONGEST - TOLERANCE, high, low],
        )
        return TimeLine((row[0], row[1]) for row in cursor.fetchall())


def _insert(member: uuid.UUID, merged: Sequence[_Placed], timezone: str, at: dt.datetime) -> list[Counted]:
    columns: tuple[list[object], ...] = tuple(
        list(column)
        for column in zip(
            *(
                (
                    one.slice.key,
                    str(one.slice.kind),
                    str(one.slice.source),
                    one.slice.charge,
                    one.slice.task,
                    one.span[0],
                    one.span[1],
                    one.slice.measured_ms,
                    one.counted_ms,
                    one.rule,
                    day_of(one.span[0], timezone),
                )
                for one in merged
            ),
            strict=True,
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO timesheet_timeentry (member_id, received_at, key, kind, source, charge, task,"
            " started_at, ended_at, measured_ms, counted_ms, rule, day)"
            " SELECT %s, %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],"
            " %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[], %s::text[], %s::date[])"
            " RETURNING id, key, kind, measured_ms, counted_ms, rule, day, charge, false",
            [member, at, *columns],
        )
        return [Counted(*row) for row in cursor.fetchall()]
