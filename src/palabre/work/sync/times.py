"""The time of an outbox as slices with the server's own bounds: when each can have been, and what stands for it."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from palabre.times import moved
from palabre.timesheet.bounds import Slice
from palabre.timesheet.figures import Figures
from palabre.timesheet.models import Kind, Source
from palabre.timesheet.waits import KIND, OUTSIDE
from palabre.work.sync.facts import Facts, LeaseFact
from palabre.work.sync.items import DeviceSlice

# What the server hands out: tasks, guidelines, a way to ask, and waits. A review's time is measured by the server;
# meetings, support, training and payments are said by a person (a correction).
FROM_DEVICES = frozenset({Kind.TASK, Kind.READING, Kind.QUESTION, Kind.REDO, Kind.OUTAGE})


@dataclass(slots=True)
class Times:
    """Gathers slices item by item. `read`: what a version of a guideline stands for, by the key of the slice."""

    facts: Facts
    figures: Figures
    offset: dt.timedelta
    source: Source
    slices: list[Slice] = field(default_factory=list)
    read: dict[uuid.UUID, list[tuple[uuid.UUID, int, int]]] = field(default_factory=dict)
    _used: dict[tuple[uuid.UUID, int], int] = field(default_factory=dict)

    def of_task(
        self,
        slices: Sequence[DeviceSlice],
        charge: int,
        lease: LeaseFact,
        kind: Kind | None = None,
        *,
        explains: bool,
    ) -> None:
        """Of what came with a lease. `explains`: its item stands for time of the task."""
        stands = explains and self._bounded
        left = self.figures.explained_by(self.facts.projects[lease.project].seconds) if stands else 0
        for number, one in enumerate(slices):
            part = left if number == len(slices) - 1 else min(left, one.ms)
            left -= part
            made = self._slice(one, charge, kind)
            self.slices.append(replace(made, task=lease.task, not_before=lease.leased_at, explains_ms=part))

    def of_project(
        self, slices: Sequence[DeviceSlice], charge: int, project: uuid.UUID, kind: Kind | None = None
    ) -> None:
        """Of what belongs to no task: since something of the project was first handed to her."""
        handed = [one.at for one in self.facts.handouts.get(project, ())]
        for one in slices:
            made = self._slice(one, charge, kind)
            if not handed:
                made = replace(made, for_a_person=made.for_a_person or OUTSIDE, not_before=self.facts.since)
            else:
                explains = self._reading(one, project) if made.kind == Kind.READING and self._bounded else 0
                made = replace(made, not_before=min(handed), explains_ms=explains)
            self.slices.append(made)

    @property
    def _bounded(self) -> bool:
        """Only what a device measured needs something that stands for it: declared time uses up none of that."""
        return self.source == Source.DEVICE

    def _slice(self, one: DeviceSlice, charge: int, kind: Kind | None) -> Slice:
        return Slice(
            key=one.key,
            kind=kind or one.kind,
            charge=charge,
            started_at=moved(one.started_at, self.offset),
            measured_ms=one.ms,
            not_after=self.facts.until if self._bounded else None,
            source=self.source,
            for_a_person=KIND if self._bounded and one.kind not in FROM_DEVICES else "",
        )

    def _reading(self, one: DeviceSlice, project: uuid.UUID) -> int:
        """What the guidelines that were handed to her still stand for, the oldest first."""
        if one.key in self.facts.counted:
            return 0
        left, parts = one.ms, list[tuple[uuid.UUID, int, int]]()
        for handed in self.facts.handouts[project]:
            used = self._used.setdefault((project, handed.version), handed.read_ms)
            part = min(left, self.figures.guideline_ms - used) if handed.version else 0
            if part > 0:
                self._used[project, handed.version] += part
                parts.append((project, handed.version, part))
                left -= part
        if parts:
            self.read[one.key] = parts
        return one.ms - left


def readings(slices: Iterable[DeviceSlice]) -> list[uuid.UUID]:
    """Keys of time spent with a guideline."""
    return [one.key for one in slices if one.kind == Kind.READING]
