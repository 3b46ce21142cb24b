"""Projects in every state, made by the actions themselves, with the people of the cast around them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from palabre.ids import new_id
from palabre.pay.actions import load_fixture
from palabre.pay.models import Floor
from palabre.people.actor import SYSTEM
from palabre.record.models import Event
from palabre.work.actions.fund import record_deposit, refresh_funding
from palabre.work.actions.launch import launch_project
from palabre.work.actions.leases import Leased, lease_tasks
from palabre.work.actions.projects import Terms, create_project
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.actions.sync import sync
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Batch, Project, Quote, Task
from tests.cast import Cast, Persona
from tests.kept import kept

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TERMS = Terms(
    name="Guest reviews",
    purpose="To show a hotel what its guests speak of.",
    currency="EUR",
    seconds_per_task=Decimal(10),
    overlap=2,
    countries=["SN"],
)
TEXTS: dict[str, Any] = {
    "shows": [{"name": "text", "type": "text", "field": "$text", "lang": "fr"}],
    "asks": [
        {
            "name": "mood",
            "type": "choices",
            "to": "text",
            "labels": [{"value": "happy"}, {"value": "sad"}],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The cast, and what the tests of this room put before it."""

    cast: Cast

    @property
    def coordinator(self) -> Persona:
        return self.cast.coordinator

    def draft(self, terms: Terms = TERMS) -> Project:
        """Nothing but its terms."""
        parties = {"client": self.cast.client.id, "operator": self.cast.operator.id}
        return create_project(terms, **parties, by=self.coordinator.actor, at=AT)

    def quoted(self, tasks: int = 10, terms: Terms = TERMS) -> Quote:
        """A draft's quote, accepted."""
        quote = quote_project(self.draft(terms).id, tasks, by=self.coordinator.actor, at=AT)
        return accept_quote(quote.id, by=self.coordinator.actor, at=AT)

    def ready(self, tasks: int = 10, terms: Terms = TERMS, deposit: int | None = None) -> Project:
        """A draft with all that it needs to be launched; `deposit` is the price if not said."""
        quote = self.quoted(tasks, terms)
        project = quote.project
        publish_schema(project.id, TEXTS, by=self.coordinator.actor, at=AT)
        publish_guideline(project.id, "Choose one.", by=self.coordinator.actor, at=AT)
        self.add_tasks(project, tasks)
        paid = quote.total if deposit is None else deposit
        record_deposit(project.id, paid, "bank 1", by=self.cast.finance.actor, at=AT)
        return Project.objects.get(id=project.id)

    def live(self, tasks: int = 10, terms: Terms = TERMS, deposit: int | None = None) -> Project:
        """On offer."""
        ready = self.ready(tasks, terms, deposit)
        return launch_project(ready.id, without_pilot="A test.", by=self.coordinator.actor, at=AT)

    def add_tasks(self, project: Project, number: int) -> Batch:
        """An open batch of texts."""
        batch = Batch.objects.create(
            project=project,
            number=project.batches.count() + 1,
            name="reviews.csv",
            state=Batch.State.OPEN,
            size=number,
            created_at=AT,
        )
        free = (1 << project.overlap) - 1
        Task.objects.bulk_create(
            Task(project=project, batch=batch, position=place, payload={"text": f"Bien {place}"}, free=free)
            for place in range(1, number + 1)
        )
        refresh_funding(project)
        return batch

    def work(self, project: Project, who: Persona, most: int = 50, at: dt.datetime = AT) -> int:
        """She takes what she can get and answers it all; how many answers were stored."""
        leased = lease_tasks(project.id, count=most, by=who.actor, at=at)
        return self.answer(leased, who, at).count("stored")

    def answer(self, leased: Leased, who: Persona, at: dt.datetime = AT) -> list[str]:
        """She sends an answer to each task that she was handed: the status of each."""
        answers = [_answer(task.lease, at) for task in leased.tasks]
        return [one.status.value for one in sync(answers, device_now=at, by=who.actor, at=at)]


def _answer(lease: int, at: dt.datetime) -> dict[str, object]:
    item = {"id": "r", "from_name": "mood", "to_name": "text", "type": "choices"}
    return {
        "type": "answer",
        "key": str(new_id()),
        "lease": lease,
        "result": [{**item, "value": {"choices": ["happy"]}}],
        "schema_version": 1,
        "guideline_version": 1,
        "answered_at": at.isoformat(),
    }


@kept
def set_stage(cast: Cast) -> Stage:
    """Floors and parities as they come with the program, whose sources were looked at later than AT."""
    load_fixture(by=SYSTEM, at=AT.replace(year=AT.year + 1))
    return Stage(cast)


def raise_floor(country: str, amount: str, since: dt.date) -> Floor:
    """A new legal minimum, an hour, in the currency of the present one."""
    present = Floor.objects.get(country=country, region="", sector="")
    present.pk, present.valid_from = None, since
    present.amount, present.unit = Decimal(amount), "hour"
    present.save(force_insert=True)
    return present


def events(project: uuid.UUID, code: str) -> list[Event]:
    """What the record says of a project under one code."""
    return list(Event.objects.filter(subject=f"project:{project}", code=code).order_by("seq"))
