"""Where projects stand, at a glance: for whole lists, in a counted number of statements."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from palabre.impact.forecast import Forecast, forecast, window
from palabre.impact.queries.work_done import Done, done_in
from palabre.pay.queries import balances
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.quality.models import Agreement
from palabre.work.access import of_organisation
from palabre.work.models import Project, Question
from palabre.work.queries.sizes import NOTHING, Sizes, sizes_of


@dataclass(frozen=True)
class Standing:
    """One project: `wanted` judgements in all, `funded` tasks that the money covers, both without what was taken out;
    `left` on its escrow.

    `window`: counted judgements on each of the last whole days since the launch.
    """

    project: Project
    size: Sizes
    done: Done
    agreement: Agreement | None
    left: int
    open_questions: int
    today: dt.date
    window: Sequence[int]

    @property
    def seed(self) -> int:
        """The same project always draws alike."""
        return self.project.id.int % 2**32

    @cached_property
    def forecast(self) -> Forecast | None:
        """When the covered judgements are done; None while there is not enough to say, or nothing is offered."""
        return forecast(self.window, self.missing, seed=self.seed) if self.offered else None

    @property
    def earliest(self) -> dt.date | None:
        return None if self.forecast is None else self.forecast.earliest(self.today)

    @property
    def latest(self) -> dt.date | None:
        return None if self.forecast is None else self.forecast.latest(self.today)

    @property
    def offered(self) -> bool:
        return self.project.state == Project.State.LIVE

    @property
    def tasks(self) -> int:
        return self.size.tasks

    @property
    def funded(self) -> int:
        return self.size.funded

    @property
    def wanted(self) -> int:
        return self.size.wanted

    @property
    def affordable(self) -> int:
        """Judgements that the money covers, those that are done included."""
        return max(self.size.covered, self.done.counted)

    @property
    def missing(self) -> int:
        """Judgements that are covered and not done yet."""
        return self.affordable - self.done.counted

    @property
    def share(self) -> float:
        """How much of all tasks is judged, in 0..1."""
        return min(self.done.counted / self.wanted, 1.0) if self.wanted else 0.0

    @property
    def all_done(self) -> bool:
        """Whether every judgement of every task is there."""
        return self.wanted > 0 and self.done.counted >= self.wanted


def projects_at_a_glance(
    by: Actor, *, state: str = "", after: uuid.UUID | None = None, limit: int = 20, at: dt.datetime
) -> list[Standing]:
    """The projects of the actor's organisation, newest first. Six statements.

    Raises: NotAllowed.
    """
    by.require(Permission.READ_PROJECTS)
    found = of_organisation(by).select_related("client", "operator").order_by("-id")
    if state:
        found = found.filter(state=state)
    if after is not None:
        found = found.filter(id__lt=after)
    return standings(list(found[:limit]), at=at)


def standings(projects: Sequence[Project], *, at: dt.datetime) -> list[Standing]:
    """Where each of some projects stands. Five statements."""
    ids = [project.id for project in projects]
    done = done_in(ids)
    sizes = sizes_of(ids)
    agreements = Agreement.objects.defer("confusion", "disputed", "reliability").in_bulk(ids)
    money = balances([project.escrow_id for project in projects if project.escrow_id])
    questions = _open_questions(ids)
    today = at.astimezone(dt.UTC).date()
    return [
        Standing(
            project,
            sizes.get(project.id, NOTHING),
            done=done[project.id],
            agreement=agreements.get(project.id),
            left=money.get(project.escrow_id or 0, 0),
            open_questions=questions.get(project.id, 0),
            today=today,
            window=_window(project, done[project.id], today),
        )
        for project in projects
    ]


def _window(project: Project, done: Done, today: dt.date) -> list[int]:
    """Nothing before the launch; the day of the launch is not a whole one."""
    if project.launched_at is None:
        return []
    began = project.launched_at.astimezone(dt.UTC).date() + dt.timedelta(days=1)
    return window(done.by_day, began, today)


def _open_questions(ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    rows = Question.objects.filter(project__in=ids, answered_at=None).values_list("project")
    return dict(rows.annotate(Count("id")))
