"""A whole installation of its own for a measurement: embedded database, web server, people, a project."""

import http.client
import json
import os
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# The one of whoever started this process, or a free one: measurements may run side by side.
PORT = int(os.environ.get("PALABRE_BENCH_PORT") or _free_port())


@contextmanager
def installation(**settings: str) -> Iterator[Path]:
    """PALABRE_HOME in a temporary folder, the database running and migrated, Django ready."""
    with tempfile.TemporaryDirectory(prefix="palabre-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"PALABRE_HOME": folder, "PALABRE_API_RATE": "1000000", "PALABRE_LOG_LEVEL": "warning"}
        os.environ |= {"PALABRE_PORT": str(PORT), **settings}
        from palabre.cli import _django, _migrate
        from palabre.installation.serve import database
        from palabre.settings import current

        with database(current()):
            _django()
            _migrate()
            yield Path(folder)


@contextmanager
def web() -> Iterator[subprocess.Popen[bytes]]:
    """The web server, as `palabre serve` starts it."""
    from palabre.installation.serve import web_command
    from palabre.settings import current

    process = subprocess.Popen(web_command(current()), start_new_session=True)
    try:
        until = time.monotonic() + 30
        while not _answers():
            if time.monotonic() > until:
                raise TimeoutError("the web server does not answer")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _answers() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class Client:
    """One connection that stays open, as a device's does."""

    def __init__(self, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, path: str, body: object) -> Any:
        self.connection.request("POST", f"/api/v1{path}", json.dumps(body), self.headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status} {content[:500]!r}")
        return json.loads(content)


@dataclass(frozen=True, slots=True)
class Member:
    account: uuid.UUID
    token: str


SCHEMA = {
    "shows": [{"name": "text", "type": "text", "field": "$text", "lang": "fr"}],
    "asks": [
        {
            "name": "label",
            "type": "choices",
            "to": "text",
            "choice": "single",
            "required": True,
            "labels": [
                {"value": value, "title": {"fr": value, "en": value}}
                for value in ("positive", "negative", "neutral")
            ],
        }
    ],
}


def members(count: int) -> tuple[uuid.UUID, list[Member]]:
    """An operator and `count` members of it in Dakar, each with a token."""
    from palabre.people.actions import Home, PersonalFields, add_organisation, add_person, create_token
    from palabre.people.actor import SYSTEM
    from palabre.people.models import Organisation, Role
    from palabre.times import system_clock

    at = system_clock.now()
    operator = add_organisation(Organisation.Kind.OPERATOR, "Bench", "SN", "Africa/Dakar", by=SYSTEM, at=at)
    made = []
    for number in range(count):
        person = add_person(
            PersonalFields(name=f"Member {number}", email=f"m{number}@bench.example", phone=None),
            language="fr",
            roles=[Role.MEMBER],
            home=Home(country="SN", region="", timezone="Africa/Dakar"),
            organisation=operator.id,
            by=SYSTEM,
            at=at,
        )
        _, secret = create_token(person.id, operator.id, name="bench", scopes=["work.do"], by=SYSTEM, at=at)
        made.append(Member(person.id, secret))
    return operator.id, made


def project(operator: uuid.UUID, tasks: int, *, overlap: int = 3) -> uuid.UUID:
    """A live project with `tasks` texts, written straight into the tables: the import has a bench of its own."""
    from django.db import connection

    from palabre.ids import new_id
    from palabre.pay.actions import open_account, record_deposit
    from palabre.pay.models import LedgerAccount
    from palabre.people.actor import SYSTEM
    from palabre.times import system_clock
    from palabre.work.models import Batch, Guideline, LabelSchema, Project

    at = system_clock.now()
    made = Project.objects.create(
        operator_id=operator,
        client_id=operator,
        name="Bench",
        purpose="Bench",
        currency="EUR",
        overlap=overlap,
        seconds_per_task=10,
        state="live",
        rates={"SN": {"currency": "XOF", "pay": "1.02923900", "charge": "0.00157000"}},
        created_at=at,
        launched_at=at,
        without_pilot="Written straight into the tables.",
    )
    made.escrow = open_account(LedgerAccount.Kind.ESCROW, made.id, "EUR")
    made.save()
    # Without money the background stops offering the work, as it should.
    record_deposit(made.id, made.escrow.id, 100_000_000, "EUR", "bench", by=SYSTEM, at=at)
    LabelSchema.objects.create(project=made, version=1, body=SCHEMA, published_at=at, published_by=new_id())
    guideline = Guideline(
        project=made, version=1, body="Choose.", changes="", published_at=at, published_by=new_id()
    )
    guideline.keep_html()
    guideline.save(force_insert=True)
    batch = Batch.objects.create(
        project=made, number=1, name="1", state="open", size=tasks, funded_upto=tasks, created_at=at
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO work_task (project_id, batch_id, position, external_id, payload, free)"
            " SELECT %s, %s, n, 'id-' || n, jsonb_build_object('text', 'Un texte de la longueur habituelle, numéro '"
            " || n), (1 << %s) - 1 FROM generate_series(1, %s) n",
            [made.id, batch.id, overlap, tasks],
        )
        cursor.execute("VACUUM ANALYZE work_task")
    return made.id
