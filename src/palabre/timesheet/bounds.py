"""What of a claimed stretch counts, and what waits for a person. Pure: no database, no clock of its own.

Two bounds, each the server's own:

* **when**: a stretch lies between the handing out of the work that it is for and the moment at which the server
  hears of it (or her access ended), on one time line: so no more counts between two contacts than passed between
  them. A stretch outside that window is moved into it with its length kept, never cut (`shifted`). What other work
  of hers has the time of waits for a person: two phones, or a clock that was wrong and looks right.
* **how much**: what she did that day on a project (answers, skips, a guideline read for the first time) stands for
  time; a little more is taken at her word; the rest waits for a person (`waits`). A day has 24 hours.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from palabre.timesheet.figures import BLINK, DAY_MS, LONGEST, REACH, TOLERANCE, Figures
from palabre.timesheet.merging import Span, TimeLine
from palabre.timesheet.models import Kind, Source
from palabre.timesheet.waits import BOUND, KIND, OUTSIDE, OVERLAP, UNEXPLAINED

# Before this no clock of ours ran.
BEGINNING = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
_MS = dt.timedelta(milliseconds=1)
# Her day at an instant.
DayOf = Callable[[dt.datetime], dt.date]


@dataclass(frozen=True, slots=True)
class Slice:
    """`measured_ms` on the device's monotonic clock, from `started_at` (by the server's clock).

    `charge`: the ledger account that pays for it. `not_before`: when the work was handed out. `not_after`: when her
    access ended. `near`: the first lease that came with what belongs to no task. `longest`: no more than this is
    counted of it; what was measured stays beside. `explains_ms`: what the answer that it came with stands for.
    `for_a_person`: why none of it counts without one.
    """

    key: uuid.UUID
    kind: Kind
    charge: int
    started_at: dt.datetime
    measured_ms: int
    task: int | None = None
    near: dt.datetime | None = None
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None
    source: Source = Source.DEVICE
    longest: dt.timedelta = LONGEST
    explains_ms: int = 0
    for_a_person: str = ""

    def window(self, at: dt.datetime) -> Span:
        low = self.not_before - TOLERANCE if self.not_before else BEGINNING
        high = min(at, self.not_after) if self.not_after else at
        return min(low, high), high


@dataclass(slots=True)
class Tally:
    """A day of hers on one account. `device_ms`: counted of what devices measured; `word_ms`: corrections taken at her
    word; `other_ms`: what the server or a person vouches for; `explained_ms`: what her answers stand for;
    `waiting_ms`: device time that nothing explains yet."""

    device_ms: int = 0
    word_ms: int = 0
    other_ms: int = 0
    explained_ms: int = 0
    waiting_ms: int = 0

    @property
    def counted_ms(self) -> int:
        return self.device_ms + self.word_ms + self.other_ms


@dataclass(slots=True)
class Days:
    """Her tallies of the weeks around. `payers`: who bears what is charged to an account (one that is left out stands
    for itself): answers explain time for the same payer, also where a deposit was spent between the two."""

    figures: Figures
    tallies: dict[dt.date, dict[int, Tally]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Tally))
    )
    payers: dict[int, uuid.UUID] = field(default_factory=dict)

    def _of(self, day: dt.date) -> Iterable[Tally]:
        return self.tallies[day].values() if day in self.tallies else ()

    def free_ms(self, day: dt.date) -> int:
        """What the day still holds."""
        return DAY_MS - sum(one.counted_ms for one in self._of(day))

    def _beyond(self, day: dt.date) -> dict[object, int]:
        """By payer: device time less what her answers stand for. What is above zero, nothing explains."""
        sums: dict[object, int] = defaultdict(int)
        for charge, one in self.tallies.get(day, {}).items():
            sums[self._payer(charge)] += one.device_ms - one.explained_ms
        return sums

    def _payer(self, charge: int) -> object:
        return self.payers.get(charge, charge)

    def _unexplained_ms(self, day: dt.date) -> int:
        return sum(max(0, one) for one in self._beyond(day).values())

    def measured_ms(self, day: dt.date) -> int:
        """What is counted without her word."""
        return sum(one.counted_ms - one.word_ms for one in self._of(day)) - self._unexplained_ms(day)

    def at_word_ms(self, day: dt.date) -> int:
        """What was taken at her word that day."""
        return max(0, sum(one.word_ms for one in self._of(day))) + self._unexplained_ms(day)

    def word_left_ms(self, day: dt.date) -> int:
        """What may still be taken at her word, of the day's part and of the week's."""
        monday = day - dt.timedelta(days=day.weekday())
        week = sum(self.at_word_ms(monday + dt.timedelta(days=n)) for n in range(7))
        of_day = self.figures.at_once_ms(self.measured_ms(day)) - self.at_word_ms(day)
        return max(0, min(of_day, self.figures.week_ms - week))

    def room_ms(self, day: dt.date, charge: int) -> int:
        """How much device time may still count on this account without a person."""
        explained = max(0, -self._beyond(day).get(self._payer(charge), 0))
        return max(0, min(explained + self.word_left_ms(day), self.free_ms(day)))


@dataclass(frozen=True, slots=True)
class Judged:
    """A slice with its place on the time line, what counts of it, and what waits for which reason."""

    slice: Slice
    span: Span
    day: dt.date
    counted_ms: int
    rule: str
    waits: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    slice: Slice
    span: Span
    day: dt.date
    fits_ms: int
    rule: str
    beyond_ms: int
    # Of what a device measured: at a time that counts already.
    over_ms: int = 0


def judge(
    slices: Sequence[Slice], line: TimeLine, loose: TimeLine, days: Days, day_of: DayOf, at: dt.datetime
) -> list[Judged]:
    """Place each slice on her time line, then count it. `loose`: what was moved before, so that its place says nothing.

    Slices whose time can be believed go first: one that must be moved takes what is free then (`edges`).
    """
    turns = sorted(slices, key=lambda one: _turn(one, at))
    placed = [part for one in turns for part in _place(one, line, loose, day_of, at)]
    for one in placed:
        days.tallies[one.day][one.slice.charge].explained_ms += one.slice.explains_ms
    return [_count(one, days) for one in placed]


def released(days: Days) -> dict[tuple[dt.date, int], int]:
    """What waited because nothing explained it, and is explained by now: counted from here on."""
    found = {}
    waiting = [
        (day, charge, one) for day, of in days.tallies.items() for charge, one in of.items() if one.waiting_ms
    ]
    for day, charge, tally in waiting:
        taken = min(tally.waiting_ms, days.room_ms(day, charge))
        if taken > 0:
            found[day, charge] = taken
            tally.waiting_ms -= taken
            tally.device_ms += taken
    return found


def together(slices: Sequence[Slice]) -> list[Slice]:
    """The slices of one outbox; those of no task know the first lease that came with them (`near`)."""
    leases = [one.not_before for one in slices if one.task is not None and one.not_before is not None]
    near = min(leases, default=None)
    return [replace(one, near=near) if one.task is None else one for one in slices]


def edges(one: Slice, at: dt.datetime) -> list[tuple[Span, bool]]:
    """Where the slice will find its place, best first, and whether from the end of that time.

    Around itself; if it must be moved, a task's near its lease, in the order of leases, so that each finds the room
    that it really had. What belongs to no task goes before the first lease that came with it: nothing that was done
    under that lease or a later one, and is yet to be sent, can need that time. What is a little late only goes near
    the moment of sending.
    """
    low, high = one.window(at)
    if not _moves(one, at):
        around = one.started_at, one.started_at + _length(one)
        return [((max(low, around[0] - REACH), min(high, around[1] + REACH)), False)]
    if one.task is None and one.near is not None and not _late(one, at):
        lease = min(max(one.near - TOLERANCE, low), high)
        return [((max(low, lease - REACH), lease), True), ((lease, min(high, lease + REACH)), False)]
    first, last = ((low, min(high, low + REACH)), False), ((max(low, high - REACH), high), True)
    return [last, first] if one.task is None or _late(one, at) else [first, last]


def believed(slices: Sequence[Slice], at: dt.datetime) -> list[Span]:
    """Where those slices stand whose time can be believed, and a blink around: all that they need to know."""
    spans = [(one.started_at, one.started_at + _length(one)) for one in slices if not _moves(one, at)]
    return [(start - BLINK, end + BLINK) for start, end in spans]


def searched(slices: Sequence[Slice], at: dt.datetime) -> list[Span]:
    """Where a place is looked for, for those that must be moved."""
    return [span for one in slices if _moves(one, at) for span, _ in edges(one, at)]


def _length(one: Slice) -> dt.timedelta:
    return min(max(one.measured_ms, 0) * _MS, one.longest)


def _moves(one: Slice, at: dt.datetime) -> bool:
    low, high = one.window(at)
    # The order of the conditions: nothing is added to a date at the end of the calendar.
    return one.started_at < low or one.started_at > high or one.started_at + _length(one) > high


def _late(one: Slice, at: dt.datetime) -> bool:
    """A clock that is a little fast: it ends after the moment of sending, by no more than clocks may differ."""
    low, high = one.window(at)
    latest = high + TOLERANCE
    return low <= one.started_at <= latest and one.started_at + _length(one) <= latest


def _turn(one: Slice, at: dt.datetime) -> tuple[bool, bool, dt.datetime, dt.datetime]:
    return _moves(one, at), one.task is None or _late(one, at), one.window(at)[0], one.started_at


def _place(one: Slice, line: TimeLine, loose: TimeLine, day_of: DayOf, at: dt.datetime) -> list[_Placed]:
    low, high = one.window(at)
    length, why = _length(one), one.for_a_person
    if not why and one.not_after is not None and one.started_at >= one.not_after:
        why = OUTSIDE
    if why:
        start = min(max(one.started_at, low), high)
        return [_Placed(one, (start, start), day_of(start), 0, why, one.measured_ms)]
    measured = min(max(one.measured_ms, 0), length // _MS)
    device = one.source == Source.DEVICE
    if _moves(one, at) or (device and loose.touches((one.started_at, one.started_at + length))):
        return _moved(one, measured, line, loose, day_of, at)
    span = one.started_at, one.started_at + length
    if device and dt.timedelta(0) < line.covered(span) <= BLINK:
        near = max(low, span[0] - BLINK), min(high, span[1] + BLINK)
        span = line.beside(span, near) or span
    free = min(line.add(span) // _MS, measured)
    over = measured - free
    beyond = one.measured_ms - measured
    return [
        _Placed(one, span, day_of(span[0]), free, "merged" if over else "", beyond, over if device else 0)
    ]


def _moved(
    one: Slice, measured: int, line: TimeLine, loose: TimeLine, day_of: DayOf, at: dt.datetime
) -> list[_Placed]:
    """In the free time nearest to where it should have been: as a whole, or in parts with keys of their own."""
    where, left, spans = edges(one, at), measured * _MS, list[Span]()
    for edge, from_end in where:
        for span in line.gaps(edge, left, from_end=from_end):
            line.add(span)
            loose.add(span)
            spans.append(span)
            left -= span[1] - span[0]
    earliest, latest = where[0][0]
    start = min(max(one.started_at, earliest), latest)
    spans = spans or [(start, start)]
    parts = [(span[1] - span[0]) // _MS for span in spans]
    placed = []
    for number, (span, ms) in enumerate(zip(spans, parts, strict=True)):
        if number:
            part = replace(one, key=uuid.uuid5(one.key, str(number)), measured_ms=ms, explains_ms=0)
        else:
            part = replace(one, measured_ms=one.measured_ms - sum(parts[1:]))
        placed.append(_Placed(part, span, day_of(span[0]), ms, "shifted", part.measured_ms - ms))
    return placed


def _count(one: _Placed, days: Days) -> Judged:
    tally = days.tallies[one.day][one.slice.charge]
    if one.slice.source != Source.DEVICE:
        counted = min(one.fits_ms, max(0, days.free_ms(one.day)))
        tally.other_ms += counted
        rule = one.rule if counted == one.slice.measured_ms or one.rule == "merged" else "bound"
        return Judged(one.slice, one.span, one.day, counted, rule)
    counted = min(one.fits_ms, days.room_ms(one.day, one.slice.charge))
    tally.device_ms += counted
    tally.waiting_ms += one.fits_ms - counted
    why = one.rule if one.rule in (KIND, OUTSIDE) else BOUND
    rest = (
        (UNEXPLAINED, one.fits_ms - counted),
        (OVERLAP, one.over_ms),
        (why, min(one.beyond_ms, DAY_MS)),
    )
    waits = tuple((reason, ms) for reason, ms in rest if ms > 0)
    return Judged(one.slice, one.span, one.day, counted, "waits" if waits else one.rule, waits)
