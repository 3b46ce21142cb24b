"""Lease and submit over real HTTP: one at a time and in batches, at two sizes, with a long history behind."""

import datetime as dt
import itertools
import threading
import time
import uuid
from collections.abc import Callable, Sequence

from bench.house import Client, Member, installation, members, project, web
from bench.table import Figure

SECONDS = 8.0


def answer(lease: int, began: dt.datetime, now: dt.datetime) -> dict[str, object]:
    return {
        "type": "answer",
        "key": str(uuid.uuid4()),
        "lease": lease,
        "result": [
            {
                "id": "r1",
                "from_name": "label",
                "to_name": "text",
                "type": "choices",
                "value": {"choices": ["positive"]},
            }
        ],
        "schema_version": 1,
        "guideline_version": 1,
        "answered_at": now.isoformat(),
        "slices": [
            {
                "key": str(uuid.uuid4()),
                "kind": "task",
                "started_at": began.isoformat(),
                "ms": max(int((now - began).total_seconds() * 1000) - 1, 1),
            }
        ],
    }


def cycles(
    where: uuid.UUID, who: Sequence[Member], *, count: int, seconds: float = SECONDS
) -> tuple[float, list[float]]:
    """Tasks per second over all clients, and the milliseconds of each lease and each submission."""
    until = time.monotonic() + seconds
    done = [0] * len(who)
    times: list[list[float]] = [[] for _ in who]

    def work(number: int) -> None:
        client, began = Client(who[number].token), dt.datetime.now(dt.UTC)
        while time.monotonic() < until:
            started = time.perf_counter()
            tasks = client.post(f"/projects/{where}/leases", {"count": count})["tasks"]
            leased = time.perf_counter()
            now = dt.datetime.now(dt.UTC)
            share = (now - began) / max(len(tasks), 1)
            items = [
                answer(one["lease"], began + share * n, began + share * (n + 1))
                for n, one in enumerate(tasks)
            ]
            answers = client.post("/sync", {"device_now": now.isoformat(), "items": items})["items"]
            times[number] += [(leased - started) * 1000, (time.perf_counter() - leased) * 1000]
            if {one["status"] for one in answers} != {"stored"}:
                raise RuntimeError(str(answers[:1]))
            done[number] += len(tasks)
            began = now

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(who))]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - started), sorted(itertools.chain(*times))


def with_history(where: uuid.UUID, member: Member, tasks: int) -> None:
    """As if she had done the first `tasks` tasks of the project already."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO work_lease (task_id, member_id, project_id, place, state, leased_at, expires_at, reason,"
            " comment) SELECT id, %s, project_id, 0, 'submitted', now(), now(), '', '' FROM work_task"
            " WHERE project_id = %s AND position <= %s",
            [member.account, where, tasks],
        )
        cursor.execute(
            "UPDATE work_task SET free = free & ~1 WHERE project_id = %s AND position <= %s", [where, tasks]
        )
        cursor.execute(
            "INSERT INTO work_cursor (member_id, batch_id, position, returned, gaps)"
            " SELECT %s, id, %s, 0, '{}' FROM work_batch WHERE project_id = %s",
            [member.account, tasks, where],
        )
        cursor.execute("VACUUM ANALYZE work_lease, work_task")


def _p99(times: list[float]) -> float:
    return times[int(len(times) * 0.99)] if times else float("inf")


def run() -> list[Figure]:
    with installation() as _:
        operator, who = members(10)
        small, large = project(operator, 10_000), project(operator, 1_000_000)
        with_history(large, who[9], 100_000)
        with web():
            return _measure(small, large, who)


def _measure(small: uuid.UUID, large: uuid.UUID, who: list[Member]) -> list[Figure]:
    cycles(large, who[:8], count=1, seconds=3)  # warm caches and prepared statements
    figures: list[Figure] = []
    best: Callable[[float, float], bool] = lambda value, budget: value >= budget  # noqa: E731
    eight, times = cycles(large, who[:8], count=1)
    figures.append(Figure("lease + submit, 8 clients, 1 M tasks", eight, "cycles/s", 250, best(eight, 250)))
    figures.append(Figure("… p99 of a request", _p99(times), "ms", 80, _p99(times) <= 80))
    one, _ = cycles(large, who[8:9], count=1)
    figures.append(Figure("lease + submit, 1 client, 1 M tasks", one, "cycles/s", 100, best(one, 100)))
    here, _ = cycles(small, who[:8], count=1)
    apart = abs(here - eight) / max(here, eight) * 100
    figures.append(Figure("the same at 10 k tasks: apart", apart, "%", 20, apart <= 20))
    history, _ = cycles(large, who[9:], count=1)
    figures.append(
        Figure("1 client with 100 k tasks behind her", history, "cycles/s", 100, best(history, 100))
    )
    batch, _ = cycles(large, who[:8], count=20)
    figures.append(Figure("lease + submit in batches of 20", batch, "tasks/s", 3000, best(batch, 3000)))
    return figures
