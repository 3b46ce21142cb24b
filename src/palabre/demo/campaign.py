"""The sample, lived through the ordinary actions on a clock that is moved by hand.

Guest reviews are sorted over five days and end with a signed ScoreCard; questions of guests are half sorted,
pictures too; one project is still a draft. `labour` states the rule by which judgements and times are drawn.
"""

import datetime as dt
import math
from collections.abc import Callable
from random import Random

from palabre.demo.disputes import leave_disputes
from palabre.demo.labour import Labour, Result, Worker
from palabre.demo.matters import leave_matters
from palabre.demo.people import People, gather
from palabre.demo.projects import Plan, chosen, launched, rows, schema
from palabre.demo.reviews import LABELS, Review, reviews
from palabre.demo.running import run_projects
from palabre.impact.actions import issue_scorecard
from palabre.impact.models import ScoreCard
from palabre.pay.actions import load_fixture
from palabre.pay.jobs import run_settlements
from palabre.people.actor import SYSTEM
from palabre.people.models import Role
from palabre.quality.actions import recompute
from palabre.times import ManualClock
from palabre.timesheet.actions import ask_correction
from palabre.timesheet.models import Kind, TimeEntry
from palabre.work.actions.fund import settle_shares
from palabre.work.actions.launch import close_project
from palabre.work.actions.questions import answer_question, ask_question
from palabre.work.actions.versions import publish_guideline
from palabre.work.dispatch.claim import Claimed
from palabre.work.models import Project

# French and English alike, and short: who closes a project types its name. Of texts, English, then French.
NAME = "Impressions"
PURPOSE = (
    (
        "A tourism academy sorts what guests wrote, so that its students learn from it. A sample: the judgements and"
        " times were drawn by a rule."
    ),
    (
        "Une académie du tourisme trie des avis de voyageurs, pour que ses élèves en tirent des leçons. Un exemple : les"
        " réponses et les durées ont été tirées selon une règle."
    ),
)
GUIDELINE = (
    """# Guest reviews

Choose what the guest feels about the stay.

* **positive**: only good things
* **negative**: only bad things
* **mixed**: both
* **neutral**: facts, no feeling
""",
    """# Avis de voyageurs

Choisissez ce que la personne a pensé de son séjour.

* **positif** : seulement du bien
* **négatif** : seulement du mal
* **partagé** : les deux
* **neutre** : des faits, sans sentiment
""",
)
EXAMPLE = (
    "\nExample: “a good room but a long wait” is **mixed**.\n",
    "\nExemple : « une bonne chambre, mais une longue attente » est **partagé**.\n",
)
CHANGES = ("New example for “mixed”.", "Un nouvel exemple pour « partagé ».")
DAYS = 5
Told = Callable[[str, int, int], None]


class Campaign:
    """Live through the sample; `texts` makes it shorter for tests."""

    def __init__(self, now: dt.datetime, texts: int = 400, seed: int = 11, told: Told | None = None) -> None:
        self.now, self.texts = now, texts
        self.reviews = {review.text: review for review in reviews(texts)}
        self.told: Told = told or (lambda _name, _done, _total: None)
        start = dt.datetime.combine((now - dt.timedelta(days=DAYS + 6)).date(), dt.time(8), dt.UTC)
        chance = Random(seed)  # noqa: S311 (a drawn sample, no secret)
        self.labour = Labour(ManualClock(start), chance)

    @property
    def clock(self) -> ManualClock:
        return self.labour.clock

    def run(self) -> tuple[ScoreCard, People]:
        """Everything, from the first account to the signed ScoreCard."""
        load_fixture(by=SYSTEM, at=self.now)
        people = gather(self.clock.now())
        project = launched(self._plan(), people, self.clock)
        workers = self.labour.draw(people.members)
        self._work(project, people, workers)
        self.told("running", 0, 1)
        running = run_projects(self.labour, people, workers, self.now, self.texts * 3 // 8)
        self.told("running", 1, 1)
        card = self._end(project, people)
        recompute(running.id, at=self.now)
        leave_matters(running, people, self.now)
        leave_disputes(running, people, self.now)
        return card, people

    def _plan(self) -> Plan:
        texts = [(review.text, review.language) for review in self.reviews.values()]
        content = rows(texts, "review")
        asks = schema("text", "$text", LABELS, ("What does the guest feel?", "Que ressent la personne ?"))
        return Plan((NAME, NAME), PURPOSE, GUIDELINE, asks, "reviews.jsonl", content, len(texts))

    def _work(self, project: Project, people: People, workers: list[Worker]) -> None:
        total, done, version = self.texts * project.overlap, 0, 1
        chance = self.labour.chance
        for day in range(DAYS):
            quota = math.ceil(total / DAYS / len(workers)) + 2
            morning = self.clock.now()
            for worker in chance.sample(workers, len(workers)):
                self.clock.instant = morning + dt.timedelta(minutes=chance.randrange(240))
                done += self.labour.sitting(project, worker, quota, version, self._answer)
                self.told("judgements", done, total)
            if day == 1:
                version = self._new_guideline(project, people)
            self.clock.instant = morning + dt.timedelta(days=1)
        while sum(self.labour.sitting(project, worker, 50, version, self._answer) for worker in workers):
            continue  # whoever is there takes what is left, until nothing is
        self._correction(project, people)

    def _answer(self, task: Claimed, careful: bool) -> Result:
        review: Review = self.reviews[str(task.payload["text"])]
        label = review.label if careful else self.labour.chance.choice(LABELS)
        return chosen("text", [label])

    def _new_guideline(self, project: Project, people: People) -> int:
        """A question, its answer, and the guideline that follows from it."""
        at, coordinator = self.clock.now(), people.others[Role.COORDINATOR]
        asked = ask_question(
            project.id, "A good room but a long wait: mixed or negative?", by=people.members[0], at=at
        )
        answer_question(asked.id, "Mixed: both feelings are there.", by=coordinator, at=at)
        english, french = (body + example for body, example in zip(GUIDELINE, EXAMPLE, strict=True))
        others = {"fr": {"body": french, "changes": CHANGES[1]}}
        made = publish_guideline(project.id, english, CHANGES[0], translations=others, by=coordinator, at=at)
        return made.version

    def _correction(self, project: Project, people: People) -> None:
        if project.escrow_id is None:
            return
        reason = "I looked a word up · J’ai cherché un mot"
        at, by = self.clock.now(), people.members[1]
        # Her last day of work: only of such a day is her word enough.
        day = TimeEntry.objects.filter(member=by.account).latest("day").day
        ask_correction(day, Kind.TASK, project.escrow_id, 6 * 60_000, reason, by=by, at=at)

    def _end(self, project: Project, people: People) -> ScoreCard:
        self.told("settlement", 0, 1)
        settle_shares(project, at=self.now)
        run_settlements(ManualClock(self.now))
        recompute(project.id, at=self.now)
        close_project(project.id, by=people.others[Role.CLIENT], at=self.now)
        self.told("settlement", 1, 1)
        return issue_scorecard(project.id, by=SYSTEM, at=self.now)
