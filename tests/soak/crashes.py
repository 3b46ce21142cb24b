"""kill -9 of web, jobs and database at random instants, while devices work: nothing acknowledged is lost."""

import datetime as dt
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from random import Random

import psutil
from bench.dispatch import answer
from bench.house import Client, Member, installation, members, project

CLIENTS = 4
ACKNOWLEDGED = {"stored", "late", "duplicate"}


class Phone(threading.Thread):
    """Leases and submits for ever; what is not acknowledged is sent again under the same key."""

    def __init__(self, member: Member, where: uuid.UUID, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.member, self.where, self.stop_asked = member, where, stop
        self.client = Client(member.token)
        self.outbox: list[dict[str, object]] = []
        self.acknowledged: dict[str, str] = {}
        self.leases: set[int] = set()
        self.failures = Counter[str]()

    def run(self) -> None:
        while not self.stop_asked.is_set():
            try:
                self._lease()
                self._send()
            except (OSError, http.client.HTTPException, RuntimeError) as error:
                self.failures[type(error).__name__] += 1
                self.client = Client(self.member.token)
                self.stop_asked.wait(0.05)

    def finish(self) -> None:
        """Send the rest, when everything runs again."""
        until = time.monotonic() + 60
        while self.outbox and time.monotonic() < until:
            try:
                self._send()
            except (OSError, http.client.HTTPException, RuntimeError):
                self.client = Client(self.member.token)
                time.sleep(0.2)

    def _lease(self) -> None:
        began = dt.datetime.now(dt.UTC)
        tasks = self.client.post(f"/projects/{self.where}/leases", {"count": 5})["tasks"]
        now = dt.datetime.now(dt.UTC)
        for task in tasks:
            if task["lease"] not in self.leases:
                self.leases.add(task["lease"])
                self.outbox.append(answer(task["lease"], began, now))

    def _send(self) -> None:
        items = self.outbox[:20]
        if not items:
            return
        said = self.client.post("/sync", {"device_now": dt.datetime.now(dt.UTC).isoformat(), "items": items})
        for outcome in said["items"]:
            if outcome["status"] in ACKNOWLEDGED:
                before = self.acknowledged.setdefault(outcome["key"], outcome["receipt"])
                if before != outcome["receipt"]:
                    raise AssertionError("another receipt for the same answer")
        done = {one["key"] for one in said["items"] if one["status"] in ACKNOWLEDGED}
        self.outbox = [item for item in self.outbox if item["key"] not in done]


def _victims(server: int, what: str) -> list[psutil.Process]:
    family = psutil.Process(server).children(recursive=True)
    words = {"web": "granian", "jobs": "palabre jobs"}
    if what == "database":
        return [p for p in psutil.process_iter() if p.name() == "postgres" and _is_postmaster(p)]
    return [
        p for p in family if words[what] in " ".join(p.cmdline()).replace("-m palabre jobs", "palabre jobs")
    ]


def _is_postmaster(process: psutil.Process) -> bool:
    try:
        return os.environ["PALABRE_HOME"] in " ".join(process.cmdline()) and "-D" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def _kill(server: int, what: str, chance: Random) -> bool:
    try:
        victims = _victims(server, what)
        if victims:
            chance.choice(victims).send_signal(signal.SIGKILL)
        return bool(victims)
    except psutil.NoSuchProcess:
        return False


def _until_served(token: str) -> float:
    began = time.monotonic()
    while time.monotonic() - began < 60:
        try:
            client = Client(token)
            client.connection.timeout = 5
            client.connection.request("GET", "/readyz")
            if client.connection.getresponse().status == 200:
                return time.monotonic() - began
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    return 60.0


def main(tries: int = 100, seed: int = 1) -> int:
    """Prints kills by part, answers acknowledged, failures, the longest time until serving again, and the seed."""
    chance, kills, waits = Random(seed), Counter[str](), list[float]()
    with installation() as home, (home / "serve.log").open("wb") as log:
        operator, who = members(CLIENTS)
        where = project(operator, 200_000)
        server = subprocess.Popen([sys.executable, "-m", "palabre", "serve"], stdout=log, stderr=log)
        _until_served(who[0].token)
        stop = threading.Event()
        phones = [Phone(member, where, stop) for member in who]
        for phone in phones:
            phone.start()
        while sum(kills.values()) < tries:
            time.sleep(chance.uniform(0.2, 2.5))
            what = chance.choice(["web", "jobs", "database"])
            if _kill(server.pid, what, chance):
                kills[what] += 1
                waits.append(_until_served(who[0].token))
        stop.set()
        for phone in phones:
            phone.join(60)
            phone.finish()
        server.terminate()
        server.wait(60)
        failures = _failures(phones)
    acknowledged = sum(len(phone.acknowledged) for phone in phones)
    if acknowledged < tries:
        failures.append("next to nothing was acknowledged between the kills: nothing was tried")
    interrupted = sum(sum(phone.failures.values()) for phone in phones)
    for failure in failures:
        print(f"FAILED {failure}")
    print(
        f"crashes: {tries} kills {dict(kills)}, seed {seed}, {acknowledged} answers acknowledged,"
        f" {interrupted} requests interrupted, serving again after {max(waits):.1f} s at the most"
        f" (median {sorted(waits)[len(waits) // 2]:.1f} s), {len(failures)} failures"
    )
    return len(failures)


def _failures(phones: list[Phone]) -> list[str]:
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    from palabre.embedded import Cluster
    from palabre.record.seals import first_problem, seal_all
    from palabre.settings import current
    from palabre.times import system_clock
    from palabre.work.models import Annotation
    from palabre.work.verify import problems

    # Our own connections died with the database.
    ours = connections["default"]
    ours.close()
    if isinstance(ours, DatabaseWrapper):
        ours.close_pool()
    Cluster(current().home).ensure_running()
    found = [f"{len(phone.outbox)} answers never got through" for phone in phones if phone.outbox]
    stored = {str(key) for key in Annotation.objects.values_list("key", flat=True)}
    acknowledged = {key for phone in phones for key in phone.acknowledged}
    if acknowledged - stored:
        found.append(f"{len(acknowledged - stored)} acknowledged answers are lost")
    if stored - acknowledged:
        found.append(f"{len(stored - acknowledged)} answers are stored that nobody was told of")
    seal_all(at=system_clock.now())
    broken = first_problem(at=system_clock.now())
    return found + list(problems()) + ([str(broken)] if broken else [])
