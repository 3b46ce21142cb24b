"""Take a campaign through the product: organisations, members, tasks, judgements, pay, seals, export, ScoreCard.

Everything goes through the actions that live work uses. Times that the file does not have are declared:
each member works through her judgements one after the other, so many seconds each, six hours a day, from
a first day far enough back that the last one is over. All keys follow from the campaign and the file's
rows, so a run that was interrupted goes on where it stood, and nothing is done twice.
"""

import datetime as dt
import json
import math
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from palabre.exchange.actions import ask_import, run_import
from palabre.exchange.errors.imports import ImportFinished
from palabre.exchange.models import Import
from palabre.pay.floors import floor_at
from palabre.pay.jobs import run_settlements
from palabre.people.actions import Home, PersonalFields, add_organisation, add_person
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Account, Organisation, PersonalData, Role
from palabre.quality.actions import recompute
from palabre.record.canonical import Json
from palabre.replay.campaign import Campaign, Row
from palabre.replay.errors import OtherCampaign
from palabre.times import ManualClock
from palabre.timesheet.models import Source
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.launch import close_project, launch_project
from palabre.work.actions.leases import assign_tasks
from palabre.work.actions.projects import Terms, create_project
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.actions.sync import sync
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Lease, Project, Quote, Task
from palabre.work.sync.items import MOST_ITEMS

DAY_SECONDS = 6 * 3600
MORNING = dt.time(8, 0)
TIMEZONES = {
    "SN": "Africa/Dakar",
    "CI": "Africa/Abidjan",
    "BJ": "Africa/Porto-Novo",
    "CM": "Africa/Douala",
    "MG": "Indian/Antananarivo",
    "KE": "Africa/Nairobi",
    "NG": "Africa/Lagos",
    "FR": "Europe/Paris",
}


class Progress:
    """Told how far a run is. This one keeps quiet; the terminal draws a bar."""

    def stage(self, name: str, total: int) -> None: ...
    def step(self, done: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is replayed: the campaign, under which name, where its members live, how long a label takes."""

    campaign: Campaign
    name: str
    country: str
    seconds_per_label: Decimal
    overlap: int
    limit: int | None = None
    text_language: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a run came to, besides what stands in the tables."""

    project: Project
    rows: int
    judgements: int
    ends: dt.datetime


class Replay:
    """One run. Each step looks first whether it was done before."""

    def __init__(self, plan: Plan, progress: Progress, now: dt.datetime) -> None:
        self.plan, self.progress, self.now = plan, progress, now
        self.zone = TIMEZONES.get(plan.country, "UTC")

    def run(self) -> Replayed:
        rows, per_member = self._count()
        self.begins = self._first_day(max(per_member.values(), default=0))
        project = self._project()
        if project.state == Project.State.CLOSED:
            return Replayed(project, rows, sum(per_member.values()), self.now)
        self._import(project, rows)
        self._fund(project, rows)
        members = {name: self._member(project, name) for name in sorted(per_member)}
        judgements = self._judge(project, members, sum(per_member.values()))
        ends = self._settle()
        self.progress.stage("consensus", 1)
        recompute(project.id, at=self.now)
        self.progress.step(1)
        project = close_project(project.id, by=SYSTEM, at=self.now)
        return Replayed(project, rows, judgements, ends)

    def _count(self) -> tuple[int, dict[str, int]]:
        rows, per_member = 0, defaultdict[str, int](int)
        for row in self.plan.campaign.rows(self.plan.limit):
            rows += bool(row.judgements)
            for judgement in row.judgements:
                per_member[judgement.member] += 1
        return rows, dict(per_member)

    def _first_day(self, most: int) -> dt.date:
        days = math.ceil(most * float(self.plan.seconds_per_label) / DAY_SECONDS) + 2
        known = Project.objects.filter(name=self.plan.name).order_by("created_at").first()
        start = known.created_at if known else self.now - dt.timedelta(days=days)
        return start.date()

    def _project(self) -> Project:
        plan, at = self.plan, self._instant(0)
        found = Project.objects.filter(name=plan.name).first()
        if found is not None:
            if not found.declared_times or found.schemas.get(version=1).body != self._schema():
                raise OtherCampaign(name=plan.name)
            return found
        operator = self._organisation(Organisation.Kind.OPERATOR, f"{plan.name}: operator", at)
        client = self._organisation(Organisation.Kind.CLIENT, f"{plan.name}: client", at)
        floor = floor_at(plan.country, "", self.now.date())
        terms = Terms(
            name=plan.name,
            purpose=f"Replay of {plan.campaign.path.name}, a campaign that happened elsewhere.",
            currency=floor.currency,
            seconds_per_task=plan.seconds_per_label,
            overlap=plan.overlap,
            countries=[plan.country],
            declared_times=True,
            language="und",
        )
        project = create_project(terms, client=client.id, operator=operator.id, by=SYSTEM, at=at)
        publish_schema(project.id, self._schema(), by=SYSTEM, at=at)
        text = "The guideline of the original campaign is not known."
        publish_guideline(project.id, text, by=SYSTEM, at=at)
        return project

    def _organisation(self, kind: Organisation.Kind, name: str, at: dt.datetime) -> Organisation:
        found = Organisation.objects.filter(kind=kind, name=name).first()
        return found or add_organisation(kind, name, self.plan.country, self.zone, by=SYSTEM, at=at)

    def _schema(self) -> dict[str, Json]:
        labels: list[Json] = [
            {"value": label, "title": {"en": label, "fr": label}} for label in self.plan.campaign.labels
        ]
        question: dict[str, Json] = {
            "name": "label",
            "type": "choices",
            "to": "text",
            "choice": "single",
            "required": True,
            "labels": labels,
        }
        return {"shows": [{"name": "text", "type": "text", "field": "$text"}], "asks": [question]}

    def _import(self, project: Project, rows: int) -> None:
        """The texts as a file of JSON lines through the client's own door."""
        one = Import.objects.filter(project=project).first()
        if one is None:
            with tempfile.TemporaryFile() as file:
                for row in self.plan.campaign.rows(self.plan.limit):
                    if row.judgements:
                        line = json.dumps({"id": row.id, "text": row.text}, ensure_ascii=False)
                        file.write(line.encode() + b"\n")
                file.seek(0)
                one = ask_import(
                    project.id, file, "texts.jsonl", id_column="id", by=SYSTEM, at=self._instant(0)
                )
        self.progress.stage("tasks", rows)
        try:
            run_import(one.id, ManualClock(self._instant(0)), lambda done: self.progress.step(done.good))
        except ImportFinished:
            self.progress.step(rows)

    def _fund(self, project: Project, rows: int) -> None:
        """A quote for what is there, and a declared deposit of its price."""
        project.refresh_from_db()
        if project.state != Project.State.DRAFT:
            return
        at = self._instant(0)
        quote = Quote.objects.filter(project=project, accepted_at__isnull=False).first()
        if quote is None:
            quote = accept_quote(quote_project(project.id, rows, by=SYSTEM, at=self.now).id, by=SYSTEM, at=at)
        record_deposit(project.id, quote.total, "declared: replay", by=SYSTEM, at=at)
        why = "Replayed from a file: the work was done elsewhere before."
        launch_project(project.id, without_pilot=why, by=SYSTEM, at=at)

    def _member(self, project: Project, name: str) -> Actor:
        """The account of a member of the file. Her name is what the file calls her."""
        called = f"{self.plan.name}: {name}"
        known = PersonalData.objects.filter(name=called).values_list("account_id", flat=True).first()
        if known is None:
            person = PersonalFields(name=called, email=None, phone=None)
            home = Home(country=self.plan.country, region="", timezone=self.zone)
            made: Account = add_person(
                person,
                organisation=project.operator_id,
                roles=[Role.MEMBER],
                language="en",
                home=home,
                by=SYSTEM,
                at=self._instant(0),
            )
            known = made.id
        return Actor(known, project.operator_id, frozenset({Role.MEMBER}))

    def _instant(self, seconds: float) -> dt.datetime:
        """So many seconds of work after the beginning, at six hours a day."""
        day, rest = divmod(seconds, DAY_SECONDS)
        morning = dt.datetime.combine(self.begins, MORNING, dt.UTC)
        return morning + dt.timedelta(days=int(day), seconds=rest)

    def _judge(self, project: Project, members: dict[str, Actor], total: int) -> int:
        """The judgements, in the order of the file, a chunk of rows at a time."""
        self.progress.stage("judgements", total)
        done, counts = 0, dict.fromkeys(members, 0)
        for rows in _chunks(self.plan.campaign.rows(self.plan.limit), MOST_ITEMS):
            tasks = dict(
                Task.objects.filter(project=project, external_id__in=[row.id for row in rows]).values_list(
                    "external_id", "id"
                )
            )
            for name, actor in members.items():
                hers = [
                    (tasks[row.id], judgement.label)
                    for row in rows
                    for judgement in row.judgements
                    if judgement.member == name and row.id in tasks
                ]
                self._work(project, actor, hers, counts[name])
                counts[name] += len(hers)
                done += len(hers)
            self.progress.step(done)
        return done

    def _work(self, project: Project, actor: Actor, hers: Sequence[tuple[int, str]], before: int) -> None:
        if not hers or actor.account is None:
            return
        seconds = float(self.plan.seconds_per_label)
        began, ends = self._instant(before * seconds), self._instant((before + len(hers)) * seconds)
        leased = assign_tasks(
            project.id, actor.account, [task for task, _ in hers], by=self._by(project), at=began
        )
        held = (
            _leases(project, actor.account, [task for task, _ in hers])
            if len(leased.tasks) < len(hers)
            else {}
        )
        held |= {one.task: one.lease for one in leased.tasks}
        items = [
            self._item(project, actor.account, held[task], task, label, self._instant((before + n) * seconds))
            for n, (task, label) in enumerate(hers)
            if task in held
        ]
        sync(items, device_now=ends, source=Source.DECLARED, by=actor, at=ends)

    def _by(self, project: Project) -> Actor:
        return Actor(None, project.operator_id, frozenset())

    def _item(
        self, project: Project, member: uuid.UUID, lease: int, task: int, label: str, began: dt.datetime
    ) -> dict[str, object]:
        key = uuid.uuid5(project.id, f"{member}:{task}")
        milliseconds = int(self.plan.seconds_per_label * 1000)
        item = {"id": "label", "from_name": "label", "to_name": "text", "type": "choices"}
        slices = [
            {
                "key": str(uuid.uuid5(key, "time")),
                "kind": "task",
                "started_at": began.isoformat(),
                "ms": milliseconds,
            }
        ]
        return {
            "type": "answer",
            "key": str(key),
            "lease": lease,
            "result": [{**item, "value": {"choices": [label]}}],
            "schema_version": 1,
            "guideline_version": 1,
            "answered_at": (began + dt.timedelta(milliseconds=milliseconds)).isoformat(),
            "slices": slices,
        }

    def _settle(self) -> dt.datetime:
        self.progress.stage("settlement", 1)
        run_settlements(ManualClock(self.now))
        self.progress.step(1)
        return self.now


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _leases(project: Project, member: uuid.UUID, tasks: Sequence[int]) -> dict[int, int]:
    """Leases of an interrupted run: the answers to them are sent again under their own keys."""
    found = Lease.objects.filter(project=project, member=member, task__in=tasks)
    return dict(found.values_list("task_id", "id"))
