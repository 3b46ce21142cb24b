"""A project with a published schema, and short ways to bring a file to it."""

import io
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from palabre.exchange.actions import ask_import, run_import
from palabre.exchange.models import Import
from palabre.people.actor import SYSTEM, Actor
from palabre.times import ManualClock
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Project
from tests.cast import Cast
from tests.work.stage import AT, TEXTS, Stage, set_stage

CLOCK = ManualClock(AT)


class Ask(Protocol):
    """Asks for an import of `content` into the project."""

    def __call__(
        self, content: str | bytes, name: str = ..., *, keep: str = ..., id_column: str = ..., by: Actor = ...
    ) -> Import: ...


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


@pytest.fixture
def project(stage: Stage) -> Project:
    return without_tasks(stage)


def without_tasks(stage: Stage) -> Project:
    """With a schema, a guideline and money."""
    quote, by = stage.quoted(), stage.coordinator.actor
    publish_schema(quote.project_id, TEXTS, by=by, at=AT)
    publish_guideline(quote.project_id, "Choose one.", by=by, at=AT)
    record_deposit(quote.project_id, quote.total, "bank 1", by=stage.cast.finance.actor, at=AT)
    return Project.objects.get(id=quote.project_id)


@pytest.fixture
def ask(project: Project) -> Ask:
    def ask(
        content: str | bytes,
        name: str = "reviews.csv",
        *,
        keep: str = Import.Keep.GOOD_ROWS,
        id_column: str = "",
        by: Actor = SYSTEM,
    ) -> Import:
        data = content.encode() if isinstance(content, str) else content
        return ask_import(project.id, io.BytesIO(data), name, keep=keep, id_column=id_column, by=by, at=AT)

    return ask


@pytest.fixture
def bring(ask: Ask) -> Callable[..., Import]:
    """Asks, and works it off."""

    def bring(content: str | bytes, name: str = "reviews.csv", **options: Any) -> Import:
        return run_import(ask(content, name, **options).id, CLOCK)

    return bring
