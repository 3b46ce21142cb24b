"""How the drawn members work: what they answer, and how long it takes them.

The rule, seeded: each member finds the intended label with a probability of her own (0.80 to 0.97), takes
around 12 to 22 seconds (log-normal, so that a few take long), skips one task in a hundred, and often reads the
guideline when she sits down. Nobody did this work: the project's purpose says so.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from palabre.people.actor import Actor
from palabre.times import ManualClock
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.sync import sync
from palabre.work.dispatch.claim import Claimed
from palabre.work.models import Project

Result = list[dict[str, object]]
# What a careful (True) or a careless (False) look at a task answers.
Answers = Callable[[Claimed, bool], Result]


@dataclass(frozen=True, slots=True)
class Worker:
    """How a member was drawn."""

    actor: Actor
    care: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Labour:
    """Everybody at work, on one clock that is moved by hand."""

    clock: ManualClock
    chance: Random

    def draw(self, members: Sequence[Actor]) -> list[Worker]:
        """How each of them works."""
        return [Worker(one, self.chance.uniform(0.80, 0.97), self.chance.uniform(12, 22)) for one in members]

    def sitting(self, project: Project, worker: Worker, quota: int, version: int, answers: Answers) -> int:
        """Read, take tasks, answer them, send. How many tasks were done."""
        done, first = 0, True
        while done < quota:
            count = min(20, quota - done)
            held = lease_tasks(project.id, count=count, by=worker.actor, at=self.clock.now()).tasks
            if not held:
                break
            items = [self._reading(project)] if first and self.chance.random() < 0.4 else []
            items += [self._done(worker, task, version, answers) for task in held]
            sync(items, device_now=self.clock.now(), by=worker.actor, at=self.clock.now())
            done, first = done + len(held), False
        return done

    def _done(self, worker: Worker, task: Claimed, version: int, answers: Answers) -> dict[str, object]:
        began = self.clock.now()
        seconds = worker.seconds * self.chance.lognormvariate(0, 0.45)
        self.clock.advance(dt.timedelta(seconds=seconds))
        item = {"key": self._key(), "lease": task.lease, "slices": [self._slice("task", began, seconds)]}
        if self.chance.random() < 0.01:
            return item | {"type": "skip", "reason": "unclear"}
        return item | {
            "type": "answer",
            "result": answers(task, self.chance.random() < worker.care),
            "schema_version": 1,
            "guideline_version": version,
            "answered_at": self.clock.now().isoformat(),
        }

    def _reading(self, project: Project) -> dict[str, object]:
        began, seconds = self.clock.now(), self.chance.uniform(30, 100)
        self.clock.advance(dt.timedelta(seconds=seconds))
        slices = [self._slice("reading", began, seconds)]
        return {"type": "time", "key": self._key(), "project": str(project.id), "slices": slices}

    def _slice(self, kind: str, began: dt.datetime, seconds: float) -> dict[str, object]:
        return {"key": self._key(), "kind": kind, "started_at": began.isoformat(), "ms": int(seconds * 1000)}

    def _key(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
