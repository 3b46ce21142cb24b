"""Fifty clients at once on the last tasks, and the same outbox three times: the counts are exact."""

import datetime as dt
import threading
from collections import Counter

from bench.dispatch import answer
from bench.house import Client, Member, installation, members, project, web

CLIENTS = 50


def main(tries: int = 5, seed: int = 1) -> int:
    """Prints, for each try, how many leases were won and refused; returns the number of failures."""
    failures = 0
    with installation(PALABRE_WEB_THREADS="8"):
        operator, who = members(CLIENTS)
        with web():
            for number in range(tries):
                failures += _race(operator, who, tasks=7 + number, overlap=3)
            failures += _three_times(operator, who[0])
    print(f"races: {tries} races of {CLIENTS} clients, {failures} failures")
    return failures


def _race(operator: object, who: list[Member], *, tasks: int, overlap: int) -> int:
    from palabre.work.models import Annotation

    where = project(operator, tasks, overlap=overlap)  # type: ignore[arg-type]
    start, results = threading.Barrier(len(who), timeout=60), Counter[str]()

    def run(member: Member) -> None:
        client = Client(member.token)
        start.wait()
        for _ in range(tasks + 3):
            got = client.post(f"/projects/{where}/leases", {"count": 1})["tasks"]
            results["leases won" if got else "refused"] += 1
            if not got:
                break
            now = dt.datetime.now(dt.UTC)
            item = answer(got[0]["lease"], now, now)
            said = client.post("/sync", {"device_now": now.isoformat(), "items": [item]})
            results[said["items"][0]["status"]] += 1

    threads = [threading.Thread(target=run, args=(member,)) for member in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = Annotation.objects.filter(project=where, place__isnull=False).count()
    expected = tasks * overlap
    ok = counted == expected == results["leases won"] == results["stored"]
    print(
        f"race: {tasks} tasks x {overlap} places, {len(who)} clients: {dict(results)}, counted {counted} of {expected}"
    )
    return 0 if ok else 1


def _three_times(operator: object, member: Member) -> int:
    from palabre.pay.models import Posting
    from palabre.timesheet.models import TimeEntry
    from palabre.work.models import Annotation

    where = project(operator, 20)  # type: ignore[arg-type]
    client, now = Client(member.token), dt.datetime.now(dt.UTC)
    tasks = client.post(f"/projects/{where}/leases", {"count": 20})["tasks"]
    items = [answer(task["lease"], now, now) for task in tasks]
    seen, receipts = [], []
    for _ in range(3):
        said = client.post("/sync", {"device_now": now.isoformat(), "items": items})["items"]
        seen.append(
            (
                Annotation.objects.filter(project=where).count(),
                TimeEntry.objects.count(),
                Posting.objects.count(),
            )
        )
        receipts.append([one["receipt"] for one in said])
    ok = len(set(seen)) == 1 and receipts[0] == receipts[1] == receipts[2]
    print(f"the same outbox three times: (answers, time entries, postings) {seen}, same receipts: {ok}")
    return 0 if ok else 1
