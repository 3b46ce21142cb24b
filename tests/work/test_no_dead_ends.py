"""Setting a project up has no dead end: each page says what comes next, to client and coordinator, in both languages."""

import re
from collections.abc import Callable

import pytest

from palabre.work.actions.fund import record_deposit
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Project
from palabre.work.setup.steps import STEPS, address_of
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, TEXTS, Stage

Going = Callable[[Stage, Project], None]


def _asked(stage: Stage, project: Project) -> None:
    publish_schema(project.id, TEXTS, by=stage.coordinator.actor, at=AT)


def _explained(stage: Stage, project: Project) -> None:
    publish_guideline(project.id, "Choose one.", by=stage.coordinator.actor, at=AT)


def _filled(stage: Stage, project: Project) -> None:
    stage.add_tasks(project, 10)


def _priced(stage: Stage, project: Project) -> None:
    quote_project(project.id, tasks=10, by=stage.coordinator.actor, at=AT)


def _accepted(stage: Stage, project: Project) -> None:
    accept_quote(project.quotes.get().id, by=stage.coordinator.actor, at=AT)


def _paid(stage: Stage, project: Project) -> None:
    project.refresh_from_db()
    record_deposit(project.id, project.quotes.get().total, "R-1", by=stage.cast.finance.actor, at=AT)


# What is done on the way, and the step that waits then.
WAY: tuple[tuple[Going | None, str], ...] = (
    (None, "questions"),
    (_asked, "guideline"),
    (_explained, "data"),
    (_filled, "quality"),
    (_priced, "quote"),
    (_accepted, "quote"),
    (_paid, "pilot"),
)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("who", ["client_person", "coordinator"])
def test_every_page_of_the_set_up_leads_to_the_step_that_waits(stage: Stage, who: str, language: str) -> None:
    project = stage.draft()
    browser = browser_of(getattr(stage.cast, who))
    browser.cookies["django_language"] = language
    for do, waits in WAY:
        if do is not None:
            do(stage, project)
        step = address_of(next(page for name, _label, page in STEPS if name == waits), project)
        for name, _label, page in STEPS:
            address = address_of(page, project)
            seen = browser.get(address).content.decode()
            main = seen.partition("<main")[2]
            assert re.search(rf'<a href="{re.escape(address)}" aria-current="step"', main), name
            if name == waits:
                assert "<button" in main or 'role="button"' in main, name
            elif waits not in ("quote", "pilot") or name not in ("quote", "pilot", "launch"):
                assert any(f'href="{step}"' in one for one in _buttons(main)), (waits, name)


def _buttons(main: str) -> list[str]:
    return re.findall(r'<a [^>]*role="button"[^>]*>', main)
