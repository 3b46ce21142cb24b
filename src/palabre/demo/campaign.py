"""The sample campaign, lived through the ordinary actions on a clock that is moved by hand.

The rule by which judgements and times are drawn, seeded: each member finds the intended label with a
probability of her own (0.80 to 0.97), takes around 12 to 22 seconds (log-normal, so that a few take long),
skips one task in a hundred, and reads the guideline when it changes. Nobody did this work: the project says so.
"""

import datetime as dt
import io
import json
import math
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from palabre.demo.pictures import SCENES, archive
from palabre.demo.reviews import LABELS, reviews
from palabre.exchange.actions import ask_import, run_import
from palabre.impact.actions import issue_scorecard
from palabre.impact.models import ScoreCard
from palabre.pay.actions import load_fixture
from palabre.pay.jobs import run_settlements
from palabre.people.actions import Home, PersonalFields, add_organisation, add_person, create_token
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Organisation, Role
from palabre.people.permissions import ALLOWED
from palabre.quality.actions import recompute
from palabre.record.canonical import Json
from palabre.times import ManualClock
from palabre.timesheet.actions import ask_correction
from palabre.timesheet.models import Kind
from palabre.work.actions.fund import record_deposit, settle_shares
from palabre.work.actions.launch import close_project, launch_project
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.projects import Terms, create_project
from palabre.work.actions.questions import answer_question, ask_question
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.actions.sync import sync
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Project

NAME = "Guest reviews · Avis de voyageurs"
PICTURES = "Holiday pictures · Photos de vacances"
PURPOSE = (
    "A tourism academy sorts what guests wrote, so that its students learn from it. A sample: the judgements and"
    " times were drawn by a rule. · Une académie du tourisme trie des avis de voyageurs, pour que ses élèves en"
    " tirent des leçons. Un exemple : les réponses et les durées ont été tirées selon une règle."
)
GUIDELINE = """# Guest reviews · Avis de voyageurs

Choose what the guest feels about the stay. · Choisissez ce que la personne a pensé de son séjour.

* **positive**: only good things · seulement du bien
* **negative**: only bad things · seulement du mal
* **mixed**: both · les deux
* **neutral**: facts, no feeling · des faits, sans sentiment
"""
CHANGES = "New example for “mixed”. · Un exemple nouveau pour « mixed »."
MEMBERS = (
    ("Awa", "SN"),
    ("Fatou", "SN"),
    ("Ndeye", "SN"),
    ("Mariama", "SN"),
    ("Coumba", "SN"),
    ("Aissatou", "SN"),
    ("Chantal", "CM"),
    ("Brigitte", "CM"),
    ("Nadège", "CM"),
    ("Estelle", "CM"),
    ("Solange", "CM"),
)
ZONES = {"SN": "Africa/Dakar", "CM": "Africa/Douala"}
DAYS = 5
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class People:
    """Who takes part, and the tokens that the demo shows."""

    operator: uuid.UUID
    client: uuid.UUID
    members: Sequence[Actor]
    coordinator: Actor
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True)
class Worker:
    """How a member was drawn."""

    actor: Actor
    care: float
    seconds: float


class Campaign:
    """Live through the sample; `texts` makes it shorter for tests."""

    def __init__(self, now: dt.datetime, texts: int = 400, seed: int = 11, told: Told | None = None) -> None:
        self.now, self.chance = now, Random(seed)  # noqa: S311 (a drawn sample, no secret)
        self.reviews = {review.text: review for review in reviews(texts)}
        self.told: Told = told or (lambda _name, _done, _total: None)
        start = dt.datetime.combine((now - dt.timedelta(days=DAYS + 2)).date(), dt.time(8), dt.UTC)
        self.clock = ManualClock(start)

    def run(self) -> tuple[ScoreCard, People]:
        """Everything, from the first account to the signed ScoreCard."""
        load_fixture(by=SYSTEM, at=self.now)
        people = self._people()
        project = self._texts(people)
        self._work(project, people)
        self._second(people)
        self.told("settlement", 0, 1)
        settle_shares(project, at=self.now)
        run_settlements(ManualClock(self.now))
        recompute(project.id, at=self.now)
        close_project(project.id, by=SYSTEM, at=self.now)
        self.told("settlement", 1, 1)
        return issue_scorecard(project.id, by=SYSTEM, at=self.now), people

    def _people(self) -> People:
        at = self.clock.now()
        operator = add_organisation(
            Organisation.Kind.OPERATOR, "Palabre Dakar", "SN", "Africa/Dakar", by=SYSTEM, at=at
        )
        client = add_organisation(
            Organisation.Kind.CLIENT, "Académie du tourisme", "FR", "Europe/Paris", by=SYSTEM, at=at
        )
        tokens: dict[str, str] = {}

        def enter(name: str, organisation: uuid.UUID, role: Role, home: Home | None = None) -> Actor:
            fields = PersonalFields(name=name, email=f"{role.value}{len(tokens)}@demo.example")
            person = add_person(
                fields, organisation=organisation, roles=[role], language="fr", home=home, by=SYSTEM, at=at
            )
            scopes = [str(permission) for permission in ALLOWED[role]]
            _, tokens[f"{role.value}: {name}"] = create_token(
                person.id, organisation, name="demo", scopes=scopes, by=SYSTEM, at=at
            )
            return Actor(person.id, organisation, frozenset({role}))

        members = [
            enter(name, operator.id, Role.MEMBER, Home(country=country, timezone=ZONES[country]))
            for name, country in MEMBERS
        ]
        coordinator = enter("Khady", operator.id, Role.COORDINATOR)
        enter("Moussa", operator.id, Role.FINANCE)
        enter("Adama", operator.id, Role.AUDITOR)
        enter("Claire", client.id, Role.CLIENT)
        return People(operator.id, client.id, members, coordinator, tokens)

    def _texts(self, people: People) -> Project:
        lines = [
            json.dumps(
                {"id": f"review-{n:03}", "text": review.text, "language": review.language}, ensure_ascii=False
            )
            for n, review in enumerate(self.reviews.values(), 1)
        ]
        schema = _schema("text", "$text", LABELS)
        return self._launched(people, NAME, schema, "reviews.jsonl", "\n".join(lines).encode(), len(lines))

    def _launched(
        self, people: People, name: str, schema: dict[str, Json], file: str, content: bytes, tasks: int
    ) -> Project:
        at = self.clock.now()
        terms = Terms(name=name, purpose=PURPOSE, currency="EUR", seconds_per_task=Decimal(22), overlap=3)
        project = create_project(terms, client=people.client, operator=people.operator, by=SYSTEM, at=at)
        publish_schema(project.id, schema, by=SYSTEM, at=at)
        publish_guideline(project.id, GUIDELINE, by=SYSTEM, at=at)
        asked = ask_import(project.id, io.BytesIO(content), file, by=SYSTEM, at=at)
        run_import(asked.id, self.clock)
        quote = accept_quote(quote_project(project.id, tasks, by=SYSTEM, at=self.now).id, by=SYSTEM, at=at)
        record_deposit(project.id, quote.total, f"INV-{tasks}", by=SYSTEM, at=at)
        return launch_project(project.id, by=SYSTEM, at=at)

    def _work(self, project: Project, people: People) -> None:
        workers = [
            Worker(actor, self.chance.uniform(0.80, 0.97), self.chance.uniform(12, 22))
            for actor in people.members
        ]
        total, done, version = len(self.reviews) * project.overlap, 0, 1
        for day in range(DAYS):
            quota = math.ceil(total / DAYS / len(workers)) + 2
            morning = self.clock.now()
            for worker in self.chance.sample(workers, len(workers)):
                self.clock.instant = morning + dt.timedelta(minutes=self.chance.randrange(240))
                done += self._session(project, worker, quota, version)
                self.told("judgements", done, total)
            if day == 1:
                version = self._new_guideline(project, people)
            self.clock.instant = morning + dt.timedelta(days=1)
        self._last_round(project, workers, version)
        self._corrections(project, people)

    def _last_round(self, project: Project, workers: Sequence[Worker], version: int) -> None:
        """Whoever is there takes what is left, until nothing is."""
        while sum(self._session(project, worker, 50, version) for worker in workers):
            continue

    def _session(self, project: Project, worker: Worker, quota: int, version: int) -> int:
        """One sitting: read, take tasks, answer them, send."""
        done, first = 0, True
        while done < quota:
            held = lease_tasks(
                project.id, count=min(20, quota - done), by=worker.actor, at=self.clock.now()
            ).tasks
            if not held:
                break
            items = [self._reading(project)] if first and self.chance.random() < 0.4 else []
            for task in held:
                items.append(self._answer(worker, task.lease, str(task.payload.get("text", "")), version))
            sync(items, device_now=self.clock.now(), by=worker.actor, at=self.clock.now())
            done, first = done + len(held), False
        return done

    def _answer(self, worker: Worker, lease: int, text: str, version: int) -> dict[str, object]:
        began = self.clock.now()
        seconds = worker.seconds * self.chance.lognormvariate(0, 0.45)
        self.clock.advance(dt.timedelta(seconds=seconds))
        item: dict[str, object] = {
            "key": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
            "lease": lease,
            "slices": [self._slice("task", began, seconds)],
        }
        if self.chance.random() < 0.01:
            return item | {"type": "skip", "reason": "unclear"}
        review = self.reviews[text]
        label = review.label if self.chance.random() < worker.care else self.chance.choice(LABELS)
        return item | {
            "type": "answer",
            "result": [_chosen("text", label)],
            "schema_version": 1,
            "guideline_version": version,
            "answered_at": self.clock.now().isoformat(),
        }

    def _reading(self, project: Project) -> dict[str, object]:
        began, seconds = self.clock.now(), self.chance.uniform(30, 100)
        self.clock.advance(dt.timedelta(seconds=seconds))
        key = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        slices = [self._slice("reading", began, seconds)]
        return {"type": "time", "key": key, "project": str(project.id), "slices": slices}

    def _slice(self, kind: str, began: dt.datetime, seconds: float) -> dict[str, object]:
        key = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        return {"key": key, "kind": kind, "started_at": began.isoformat(), "ms": int(seconds * 1000)}

    def _new_guideline(self, project: Project, people: People) -> int:
        """A question, its answer, and the guideline that follows from it."""
        at = self.clock.now()
        asked = ask_question(
            project.id, "A good room but a long wait: mixed or negative?", by=people.members[0], at=at
        )
        answer_question(asked.id, "Mixed: both feelings are there.", by=people.coordinator, at=at)
        body = GUIDELINE + "\nExample · Exemple: “a good room but a long wait” is **mixed**.\n"
        return publish_guideline(project.id, body, CHANGES, by=people.coordinator, at=at).version

    def _corrections(self, project: Project, people: People) -> None:
        if project.escrow_id is None:
            return
        day = (self.clock.now() - dt.timedelta(days=2)).date()
        reason = "I looked a word up · J’ai cherché un mot"
        ask_correction(
            day, Kind.TASK, project.escrow_id, 6 * 60_000, reason, by=people.members[1], at=self.clock.now()
        )

    def _second(self, people: People) -> None:
        """A few pictures, half done: something lives on the server."""
        self.told("pictures", 0, 1)
        self.clock.instant = self.now - dt.timedelta(hours=3)
        schema = _schema("picture", "$file", tuple(SCENES), kind="image")
        project = self._launched(people, PICTURES, schema, "pictures.zip", archive(), 2 * len(SCENES))
        by = people.members[0]
        held = lease_tasks(project.id, count=4, by=by, at=self.clock.now()).tasks
        items = []
        for task in held:
            began = self.clock.now()
            self.clock.advance(dt.timedelta(seconds=9))
            scene = next(scene for scene in SCENES if scene in (task.external_id or ""))
            items.append(
                {
                    "type": "answer",
                    "key": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
                    "lease": task.lease,
                    "result": [_chosen("picture", scene)],
                    "schema_version": 1,
                    "guideline_version": 1,
                    "answered_at": self.clock.now().isoformat(),
                    "slices": [self._slice("task", began, 9)],
                }
            )
        sync(items, device_now=self.clock.now(), by=by, at=self.clock.now())
        self.told("pictures", 1, 1)


def _schema(block: str, field: str, labels: Sequence[str], kind: str = "text") -> dict[str, Json]:
    french = {
        "positive": "positif",
        "negative": "négatif",
        "mixed": "partagé",
        "neutral": "neutre",
        "beach": "plage",
        "mountain": "montagne",
        "city": "ville",
        "food": "repas",
    }
    question: dict[str, Json] = {
        "name": "label",
        "type": "choices",
        "to": block,
        "choice": "single",
        "required": True,
        "labels": [{"value": label, "title": {"en": label, "fr": french[label]}} for label in labels],
    }
    return {"shows": [{"name": block, "type": kind, "field": field}], "asks": [question]}


def _chosen(block: str, label: str) -> dict[str, object]:
    return {
        "id": "r1",
        "from_name": "label",
        "to_name": block,
        "type": "choices",
        "value": {"choices": [label]},
    }
