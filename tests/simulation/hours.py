"""The hour that counts, against a referee who sees everything: a dishonest member, an honest one, and a slow one.

They live in memory with the rule itself (`timesheet.bounds`), so that thousands of seeds are quick. What the server
knows (leases, packs, its own clock) comes from the world; the referee keeps what was really worked and says, by the
published figures alone, what may be paid. `test_hours.py` sends some of the same through the database.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import ClassVar
from zoneinfo import ZoneInfo

from palabre.timesheet.bounds import Days, Slice, judge, released, together
from palabre.timesheet.figures import DAY_MS, MINUTE_MS, MOST_REVISIONS, TOLERANCE, Figures
from palabre.timesheet.merging import TimeLine
from palabre.timesheet.models import Kind
from palabre.timesheet.waits import BOUND, OVERLAP, UNEXPLAINED

FIGURES = Figures()
ZONES = ("Africa/Dakar", "Europe/Paris", "Indian/Antananarivo", "Pacific/Kiritimati", "America/St_Johns")
CHARGE = 1
_MS = dt.timedelta(milliseconds=1)
_ODD = (dt.datetime.min, dt.datetime(1970, 1, 1, 0, 3), dt.datetime(2040, 1, 1), dt.datetime.max)  # noqa: DTZ001, DTZ901
ODD = tuple(one.replace(tzinfo=dt.UTC) for one in _ODD)


@dataclass
class Verdict:
    """What the referee says of one life, in milliseconds. `allowed`: what may be paid beyond what was worked."""

    seed: int
    days: int
    worked: int = 0
    paid: int = 0
    waits: int = 0
    allowed: int = 0
    # What was taken at her word in her fullest week.
    week: int = 0

    @property
    def overpaid(self) -> int:
        return self.paid - self.worked


@dataclass
class World:
    """One seed: a clock, what was handed out, and the server's memory of one member."""

    seed: int
    days: int = 7
    chance: Random = field(init=False)
    line: TimeLine = field(default_factory=TimeLine)
    loose: TimeLine = field(default_factory=TimeLine)
    sums: Days = field(default_factory=lambda: Days(FIGURES))
    known: set[uuid.UUID] = field(default_factory=set)
    worked: TimeLine = field(default_factory=TimeLine)
    explained: int = 0
    # Time that waits for a person whatever is explained: why, and how much.
    for_a_person: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.zone = ZoneInfo(self.chance.choice(ZONES))
        start = dt.datetime(2026, 3, 26, 7, tzinfo=dt.UTC) + dt.timedelta(days=self.chance.randrange(300))
        self.now, self.first = start, start
        self.seconds = Decimal(self.chance.choice([5, 10, 30, 60, 240]))
        self.each = FIGURES.explained_by(self.seconds)

    def day_of(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self.zone).date()

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128))

    def send(self, slices: list[Slice]) -> None:
        """As `record_time` does it, without the tables."""
        sent = {one.key: one for one in together(slices)}
        fresh = [one for one in sent.values() if one.key not in self.known]
        self.known |= {one.key for one in fresh}
        self.explained += sum(one.explains_ms for one in fresh)
        for one in judge(fresh, self.line, self.loose, self.sums, self.day_of, self.now):
            assert 0 <= one.counted_ms <= max(one.slice.measured_ms, 0)
            assert self.first - TOLERANCE <= one.span[0] <= one.span[1] <= self.now
            for reason, ms in one.waits:
                self.for_a_person[reason] = self.for_a_person.get(reason, 0) + ms
        released(self.sums)

    def verdict(self) -> Verdict:
        """Raises AssertionError where a published figure was passed."""
        made = Verdict(self.seed, self.days, worked=self.worked.length() // _MS)
        by_day: dict[dt.date, int] = {}
        tallies = [(day, one) for day, of in self.sums.tallies.items() for one in of.values()]
        for day, tally in tallies:
            by_day[day] = by_day.get(day, 0) + tally.counted_ms
            made.paid += tally.counted_ms
            made.waits += tally.waiting_ms
        made.waits += sum(ms for why, ms in self.for_a_person.items() if why != UNEXPLAINED)
        weeks: dict[tuple[int, int], int] = {}
        for day, counted in by_day.items():
            assert 0 <= counted <= DAY_MS, f"{day} holds {counted} ms"
            at_word = self.sums.at_word_ms(day)
            # The day's part grows with the day, so its word is never above the part at the end.
            assert at_word <= FIGURES.at_once_ms(self.sums.measured_ms(day)), (
                f"{day}: {at_word} ms at her word"
            )
            week = day.isocalendar()[:2]
            weeks[week] = weeks.get(week, 0) + at_word
        made.week = max(weeks.values(), default=0)
        assert made.week <= FIGURES.week_ms, f"{made.week} ms at her word in one week"
        made.allowed = max(0, self.explained - made.worked) + FIGURES.week_ms * len(weeks)
        assert made.overpaid <= made.allowed, f"{made.overpaid} ms too much, {made.allowed} allowed"
        passed = (self.now - self.first + TOLERANCE) // _MS
        said = sum(max(0, tally.word_ms) for _, tally in tallies)
        assert made.paid <= passed + said, f"{made.paid} ms in {passed} ms"
        return made


class Dishonest(World):
    """Works little, answers what she was handed, and sends whatever may bring money."""

    def live(self) -> Verdict:
        sent: list[Slice] = []
        for _ in range(self.days):
            for _ in range(self.chance.randint(1, 4)):
                leased = self.now
                self._work()
                sent += self._sent(leased, self.chance.randint(1, 40))
                if self.chance.random() < 0.3:  # an old outbox again, and the same under other keys
                    again = self.chance.sample(sent, min(len(sent), 20))
                    self.send(again)
                    self.send([self._edited(one) for one in again])
                self._correct()
            self.now += dt.timedelta(hours=self.chance.randint(1, 30))
        return self.verdict()

    def _work(self) -> None:
        length = dt.timedelta(seconds=self.chance.choice([0, 5, 60, 1800]))
        self.worked.add((self.now, self.now + length))
        self.now += length + dt.timedelta(minutes=self.chance.choice([0, 1, 45, 400]))

    def _sent(self, leased: dt.datetime, tasks: int) -> list[Slice]:
        made = []
        for _ in range(tasks):
            revisions = self.chance.choice([1, 1, 1, 3, 20])
            for revision in range(1, revisions + 1):
                explains = self.each if revision <= MOST_REVISIONS else 0
                made += self._forged(leased, explains)
        self.chance.shuffle(made)
        self.send(made)
        return made

    def _forged(self, leased: dt.datetime, explains: int) -> list[Slice]:
        many = self.chance.choice([1, 1, 1, 2, 12])
        return [self._one(leased, explains if n == 0 else 0) for n in range(many)]

    def _one(self, leased: dt.datetime, explains: int) -> Slice:
        around = dt.timedelta(seconds=self.chance.randint(-9_000_000, 900_000))
        near = leased + dt.timedelta(seconds=self.chance.randint(-600, 40_000))
        started = self.chance.choice(
            [near, near, self.now, leased, self.now + around, self.chance.choice(ODD)]
        )
        return Slice(
            key=self.key(),
            kind=self.chance.choice(list(Kind)),
            charge=self.chance.choice([CHARGE, CHARGE, CHARGE + 1]),
            started_at=started,
            measured_ms=self.chance.choice([0, 1, 900, 60_000, 3_600_000, DAY_MS, 2**31 - 1]),
            not_before=leased,
            task=self.chance.choice([1, None]),
            explains_ms=explains,
            for_a_person=self.chance.choice(["", "", "", "kind"]),
        )

    def _edited(self, one: Slice) -> Slice:
        """The same work does not explain twice: the server knows the lease."""
        return Slice(
            self.key(), one.kind, one.charge, one.started_at, one.measured_ms, not_before=one.not_before
        )

    def _correct(self) -> None:
        """As `ask_correction` takes it at her word, on any day of hers."""
        for day in (self.day_of(self.now) - dt.timedelta(days=n) for n in range(self.chance.randint(0, 20))):
            delta = self.chance.choice([MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS])
            if self.sums.measured_ms(day) > 0 and delta <= min(
                self.sums.word_left_ms(day), self.sums.free_ms(day)
            ):
                self.sums.tallies[day][CHARGE].word_ms += delta


class Honest(World):
    """Works as people do; the link is cut, the clock is wrong, the phone crashes, is lent, and is offline for days.

    She gets all that she worked without anybody's help. Only where the draw made a day of hers slower than the
    published figures allow for may what is beyond them wait.
    """

    # Times the expected time that she takes for a task; after so long she rests.
    slowness: ClassVar[tuple[float, float]] = 0.5, 3.0
    rests_after: ClassVar[dt.timedelta] = dt.timedelta.max
    # What her phone's clock is ahead, where it was set before it sent; where its dates are of another year.
    astray: ClassVar[tuple[dt.timedelta, ...]] = ()

    def live(self) -> Verdict:
        self.guideline = FIGURES.guideline_ms
        # What she truly worked, and what stands for it, day by day.
        self.true_days: dict[dt.date, tuple[int, int]] = {}
        outbox: list[Slice] = []
        for _ in range(self.days):
            for _ in range(self.chance.randint(1, 3)):
                outbox += self._session()
                if self.chance.random() < 0.6:
                    outbox = self._link(outbox)
                self.now += dt.timedelta(minutes=self.chance.randint(1, 200))
            self.now += dt.timedelta(hours=self.chance.randint(9, 14))
        while outbox:
            outbox = self._link(outbox)
        made = self.verdict()
        # Nothing is lost: what is not paid stands before a person, to the millisecond.
        assert made.paid + made.waits == made.worked, f"{made.worked - made.paid - made.waits} ms were lost"
        self.judged(made)
        return made

    def judged(self, made: Verdict) -> None:
        """What the referee says besides."""
        beyond = self._beyond()
        assert made.waits <= beyond, f"{made.waits} ms wait, {beyond} are beyond: {self.for_a_person}"

    def _beyond(self) -> int:
        """What she worked on her true days beyond what stands for it and what a day takes at her word."""
        over = (worked - stands - FIGURES.at_once_ms(stands) for worked, stands in self.true_days.values())
        return sum(max(0, one) for one in over)

    def _session(self) -> list[Slice]:
        """Leases, then work: a few seconds of each session pass without any (lent, hidden, asleep)."""
        leased, made, slow = self.now, list[Slice](), self.chance.uniform(*self.slowness)
        self.now += dt.timedelta(seconds=2)
        wrong = self._wrong()
        if self.guideline > 0 and self.chance.random() < 0.3:
            ms = min(self.guideline, self.chance.randint(20_000, 1_500_000))
            self.guideline -= ms
            made.append(self._slice(Kind.READING, ms, self.first, ms, wrong))
        for _ in range(self.chance.randint(5, 60)):
            if self.now - leased > self.rests_after:
                break
            ms = int(float(self.seconds) * 1000 * slow * self.chance.lognormvariate(0, 0.5)) + 200
            made.append(self._slice(Kind.TASK, ms, leased, self.each, wrong))
            if self.chance.random() < 0.03:
                ms = self.chance.randint(2_000, 60_000)
                made.append(
                    self._slice(self.chance.choice([Kind.QUESTION, Kind.OUTAGE]), ms, self.first, 0, wrong)
                )
            if self.chance.random() < 0.1:
                self.now += dt.timedelta(seconds=self.chance.randint(1, 900))
        return made

    def _wrong(self) -> dt.timedelta | None:
        """A clock that is wrong while she sends too is put right by the server; one that was set meanwhile is not."""
        wrong: list[dt.timedelta | None] = [*(self.astray or (odd - self.now for odd in ODD[1:3]))]
        return self.chance.choice([None, None, None, None, *wrong])

    def _slice(
        self, kind: Kind, ms: int, since: dt.datetime, explains: int, wrong: dt.timedelta | None
    ) -> Slice:
        began, self.now = self.now, self.now + ms * _MS
        self.worked.add((began, self.now))
        worked, stands = self.true_days.get(self.day_of(began), (0, 0))
        self.true_days[self.day_of(began)] = worked + ms, stands + explains
        said = began if wrong is None else began + wrong
        task = 1 if kind == Kind.TASK else None
        return Slice(self.key(), kind, CHARGE, said, ms, task, not_before=since, explains_ms=explains)

    def _link(self, outbox: list[Slice]) -> list[Slice]:
        """Pieces in any order, some sent twice because the reply was lost, some not at all."""
        waiting = list(outbox)
        if self.chance.random() < 0.3:
            self.chance.shuffle(waiting)
        while waiting:
            part, waiting = waiting[:50], waiting[50:]
            self.now += dt.timedelta(seconds=self.chance.randint(1, 20))
            self.send(part)
            if self.chance.random() < 0.2:
                self.send(part)
            if self.chance.random() < 0.15:
                return part + waiting  # the reply never came: all of it again
        return waiting


class Slow(Honest):
    """Honest, and slower than the figures allow for: something may wait for a person, and only for one reason."""

    slowness = 5.0, 8.0
    rests_after = dt.timedelta(hours=3)

    def judged(self, made: Verdict) -> None:
        assert set(self.for_a_person) <= {UNEXPLAINED}, f"waits for another reason: {self.for_a_person}"


class Astray(Honest):
    """Honest, with a clock that is wrong by minutes, hours or a day in most of her sessions, and set before she sends.

    Its dates lie inside the windows and look right. Nothing is lost: what meets other work of hers waits for a person.
    """

    astray = tuple(dt.timedelta(minutes=n) for n in (-1440, -540, -60, -3, 3, 60, 540, 1440))

    def judged(self, made: Verdict) -> None:
        assert set(self.for_a_person) <= {OVERLAP, BOUND, UNEXPLAINED}, (
            f"waits for another reason: {self.for_a_person}"
        )
