"""The sample's projects, from their terms to their launch."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from palabre.demo.people import People
from palabre.exchange.actions import ask_import, run_import
from palabre.people.models import Role
from palabre.record.canonical import Json
from palabre.times import Clock
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.launch import launch_project
from palabre.work.actions.pilot import start_pilot
from palabre.work.actions.projects import Terms, create_project
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Project

NO_PILOT = (
    "A sample: its times were drawn by a rule. · Un exemple : ses durées ont été tirées selon une règle."
)
_FRENCH = {
    "positive": "positif",
    "negative": "négatif",
    "mixed": "partagé",
    "neutral": "neutre",
    "beach": "plage",
    "mountain": "montagne",
    "city": "ville",
    "food": "repas",
    "room": "chambre",
    "meals": "repas",
    "price": "prix",
    "transport": "trajet",
    "activities": "activités",
}


Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the client wants, in English, then in French: `file` with its `content` holds so many `tasks`. `language` is
    that of its data."""

    name: Words
    purpose: Words
    guideline: Words
    schema: dict[str, Json]
    file: str
    content: bytes
    tasks: int
    seconds: int = 22
    language: str = "mul"


def drafted(plan: Plan, people: People, clock: Clock) -> Project:
    """A draft with its questions and its guideline, and its tasks imported."""
    at = clock.now()
    terms = Terms(
        name=plan.name[0],
        purpose=plan.purpose[0],
        main_language="en",
        translations={"fr": {"name": plan.name[1], "purpose": plan.purpose[1]}},
        language=plan.language,
        currency="EUR",
        seconds_per_task=Decimal(plan.seconds),
        overlap=3,
    )
    by = people.others[Role.CLIENT]
    project = create_project(terms, client=people.client, operator=people.operator, by=by, at=at)
    publish_schema(project.id, plan.schema, by=by, at=at)
    english, french = plan.guideline
    publish_guideline(project.id, english, translations={"fr": {"body": french}}, by=by, at=at)
    asked = ask_import(project.id, io.BytesIO(plan.content), plan.file, by=by, at=at)
    run_import(asked.id, clock)
    return project


def launched(plan: Plan, people: People, clock: Clock) -> Project:
    """The same, paid for and open to members."""
    project, by = funded(plan, people, clock), people.others[Role.CLIENT]
    return launch_project(project.id, without_pilot=NO_PILOT, by=by, at=clock.now())


def tried(plan: Plan, people: People, clock: Clock, tasks: int) -> Project:
    """The same, paid for and in its pilot."""
    project, by = funded(plan, people, clock), people.others[Role.CLIENT]
    return start_pilot(project.id, tasks, by=by, at=clock.now())


def funded(plan: Plan, people: People, clock: Clock) -> Project:
    """A draft, quoted and paid for."""
    project, at = drafted(plan, people, clock), clock.now()
    by = people.others[Role.CLIENT]
    quote = accept_quote(quote_project(project.id, plan.tasks, by=by, at=at).id, by=by, at=at)
    reference = f"INV-{at:%y%m%d}-{plan.tasks}"
    record_deposit(project.id, quote.total, reference, by=people.others[Role.FINANCE], at=at)
    return project


def rows(texts: Sequence[tuple[str, str]], prefix: str) -> bytes:
    """Texts with their languages as JSONL."""
    lines = (
        json.dumps({"id": f"{prefix}-{n:03}", "text": text, "language": language}, ensure_ascii=False)
        for n, (text, language) in enumerate(texts, 1)
    )
    return "\n".join(lines).encode()


def schema(
    block: str,
    field: str,
    labels: Sequence[str],
    title: tuple[str, str],
    *,
    kind: str = "text",
    choice: str = "single",
) -> dict[str, Json]:
    """One question over one text or picture; its title is English, then French."""
    question: dict[str, Json] = {
        "name": "label",
        "type": "choices",
        "to": block,
        "choice": choice,
        "title": {"en": title[0], "fr": title[1]},
        "required": True,
        "labels": [{"value": label, "title": {"en": label, "fr": _FRENCH[label]}} for label in labels],
    }
    return {"shows": [{"name": block, "type": kind, "field": field}], "asks": [question]}


def chosen(block: str, labels: Sequence[str]) -> list[dict[str, object]]:
    """An answer to it."""
    value: Mapping[str, object] = {"choices": list(labels)}
    return [{"id": "r1", "from_name": "label", "to_name": block, "type": "choices", "value": value}]
