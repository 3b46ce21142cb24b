"""How long pages take: on the demo, and in a house with a million tasks and a thousand members."""

import http.client
import re
import time
import uuid

from tests.browser.screens import PAGES

from bench.exports import judge
from bench.house import PORT, installation, members, project, web
from bench.table import Figure

TASKS, MEMBERS, ROUNDS = 1_000_000, 1_000, 12
ON_DEMO, IN_LARGE = 100, 300


def run() -> list[Figure]:
    with installation(PALABRE_DEMO="1"):
        _live_the_demo()
        figures = _figures("demo", ON_DEMO)
    return figures + _measured_apart()


def large() -> list[Figure]:
    """In an installation of its own."""
    with installation(PALABRE_DEMO="1"):
        _fill()
        return _figures(f"{TASKS:,} tasks, {MEMBERS:,} members", IN_LARGE)


def _measured_apart() -> list[Figure]:
    """Settings are read once in a process, so the large house gets its own."""
    import json
    import subprocess
    import sys

    code = "import json;from dataclasses import asdict;from bench.pages import large;"
    code += "print(json.dumps([asdict(one) for one in large()]))"
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    return [Figure(**one) for one in json.loads(done.stdout.splitlines()[-1])]


def _live_the_demo() -> None:
    from palabre.demo.campaign import Campaign
    from palabre.times import system_clock

    Campaign(system_clock.now()).run()


def _fill() -> None:
    """The demo's people and matters, and beside them one project as large as they come."""
    from django.db import connection

    from palabre.people.models import Organisation
    from palabre.work.models import Project

    _live_the_demo()
    ours = Organisation.objects.get(kind="operator")
    client = Organisation.objects.get(kind="client")
    strangers, _ = members(MEMBERS)
    made = project(strangers, TASKS, overlap=3)
    with connection.cursor() as cursor:
        # Everybody and everything belongs to the operator and the client of the demo.
        cursor.execute(
            "UPDATE people_grant SET organisation_id = %s WHERE organisation_id = %s", [ours.id, strangers]
        )
        cursor.execute(
            "UPDATE work_project SET created_at = now() - interval '30 days' WHERE id = %s", [made]
        )
    Project.objects.filter(id=made).update(operator=ours, client=client)
    judge(made, most_tasks=TASKS // 4)
    _tally()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _tally() -> None:
    """As the background has counted it some minutes later."""
    import datetime as dt

    from palabre.impact.jobs import run_tallies
    from palabre.times import ManualClock, system_clock

    clock = ManualClock(system_clock.now() + dt.timedelta(minutes=5))
    while run_tallies(clock):
        continue


def _figures(where: str, budget: int) -> list[Figure]:
    """The 95th percentile of each page, worst first, and how many pages there are."""
    with web():
        times = {
            f"{name}": _percentile(role, path) for role, name, path in PAGES if not path.startswith("/bench/")
        }
    worst = sorted(times.items(), key=lambda one: -one[1])
    shown = [
        Figure(f"pages, {where}: p95 of {name}", ms, "ms", budget, ms <= budget) for name, ms in worst[:5]
    ]
    return [*shown, Figure(f"pages, {where}: pages measured", len(times), "pages")]


def _percentile(role: str, path: str) -> float:
    from palabre.web.home.seats import objects, seats

    if set(re.findall(r"{(\w+)}", path)) - set(objects()):
        return 0.0
    seat = next((one for one in seats() if one.role == role), None)
    headers = {"Accept": "text/html"} | ({"Cookie": f"sessionid={_session(seat.account)}"} if seat else {})
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        connection.request("GET", path.format(**objects()), headers=headers)
        response = connection.getresponse()
        response.read()
        taken.append((time.perf_counter() - began) * 1000)
        if response.status != 200:
            raise RuntimeError(f"{path} as {role or 'nobody'}: {response.status}")
    connection.close()
    return sorted(taken[1:])[round((ROUNDS - 1) * 0.95) - 1]


def _session(account: uuid.UUID) -> str:
    """A session as signing in makes it."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from palabre.people.models import Account

    person = Account.objects.get(id=account)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    return str(session.session_key)
