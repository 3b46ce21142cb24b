"""A week of counted time as one picture: a bar for each day, cut by what the time was."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.pay.days import DayPay
from palabre.pay.paper.figures import minutes_of
from palabre.timesheet.models import Kind

HOUR_MS = 3_600_000
# The class of a colour, what it stands for, and the kinds of time in it.
GROUPS: tuple[tuple[str, str | Promise, frozenset[str]], ...] = (
    ("one", _("Tasks"), frozenset({Kind.TASK, Kind.REDO, Kind.REVIEW})),
    ("two", _("Reading and questions"), frozenset({Kind.READING, Kind.QUESTION})),
    ("three", _("Training and meetings"), frozenset({Kind.TRAINING, Kind.MEETING, Kind.SUPPORT})),
    ("four", _("Outages and payments"), frozenset({Kind.OUTAGE, Kind.PAYMENT})),
)
_STEP, _WIDTH, _HEIGHT, _TOP = 50, 30, 96, 18
# The least that the height stands for, so that a short day looks short.
_LEAST_MS = HOUR_MS


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of one colour."""

    colour: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """One day's bar. `said`: its hours and minutes, above it."""

    day: dt.date
    x: int
    middle: int
    top: int
    said: str
    parts: tuple[Part, ...]
    today: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """`ground`: where the bars stand. `groups`: the colours that occur, with what they stand for."""

    columns: tuple[Column, ...]
    groups: tuple[tuple[str, str | Promise], ...]
    ground: int = _TOP + _HEIGHT
    width: int = 7 * _STEP
    height: int = _TOP + _HEIGHT + 24


def picture(days: Sequence[DayPay], today: dt.date) -> Picture:
    """The highest bar fills the height, unless the whole week is short."""
    most = max([_LEAST_MS, *(day.counted_ms for day in days)])
    seen = {kind for day in days for kind in day.kinds}
    return Picture(
        columns=tuple(_column(place, day, most, today) for place, day in enumerate(days)),
        groups=tuple((colour, name) for colour, name, kinds in GROUPS if kinds & seen),
    )


def _column(place: int, day: DayPay, most: int, today: dt.date) -> Column:
    parts = tuple(_parts(day, most))
    x = place * _STEP + (_STEP - _WIDTH) // 2
    top = parts[-1].y if parts else _TOP + _HEIGHT
    minutes = minutes_of(day.counted_ms)
    said = f"{minutes // 60}:{minutes % 60:02}" if day.counted_ms > 0 else ""
    return Column(day.day, x, place * _STEP + _STEP // 2, top - 5, said, parts, day.day == today)


def _parts(day: DayPay, most: int) -> Iterator[Part]:
    """From the ground up. Time that was taken away makes a part smaller, never less than nothing."""
    y = _TOP + _HEIGHT
    for colour, _name, kinds in GROUPS:
        spent = max(sum(counted for kind, counted in day.kinds.items() if kind in kinds), 0)
        if spent:
            height = max(round(spent * _HEIGHT / most), 1)
            y -= height
            yield Part(colour, y, height)
