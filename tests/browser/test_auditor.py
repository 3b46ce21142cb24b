"""An auditor in Chromium: from a ScoreCard's figure to its rows, a verification by the button, and evidence that
is checked on another machine (a process without a database)."""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from palabre.impact.actions import issue_scorecard
from palabre.installation.verification import run_verifications
from palabre.pay.jobs import run_settlements
from palabre.people.actor import SYSTEM
from palabre.times import ManualClock, system_clock
from palabre.web.keyset import ROWS
from palabre.work.actions.launch import close_project
from palabre.work.models import Annotation, Project
from tests.browser.workplace import DESK, PHONE
from tests.cast import Cast
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, Stage, set_stage

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + dt.timedelta(days=3)
WORDS = {
    "en": {
        "rows": "from figures to rows",
        "judgements": "Judgements",
        "csv": "All rows (CSV)",
        "verify": "Verify everything",
        "now": "Verify now",
        "waits": "It waits for its turn in the background.",
        "agrees": "Everything agrees",
        "evidence": "Evidence to take away",
        "make": "Put it together",
        "zip": "ZIP",
    },
    "fr": {
        "rows": "des chiffres aux lignes",
        "judgements": "Réponses",
        "csv": "Toutes les lignes (CSV)",
        "verify": "Tout vérifier",
        "now": "Vérifier maintenant",
        "waits": "Elle attend son tour en arrière-plan.",
        "agrees": "Tout concorde",
        "evidence": "Des preuves à emporter",
        "make": "Le préparer",
        "zip": "ZIP",
    },
}


@pytest.fixture
def closed(transactional_db: None, cast: Cast) -> Project:
    """Worked on, settled, closed and stated."""
    stage: Stage = set_stage(cast)
    project = stage.live(tasks=8)
    for who in (cast.member, cast.reviewer):
        stage.work(project, who)
    run_settlements(ManualClock(LATER))
    close_project(project.id, by=SYSTEM, at=LATER)
    issue_scorecard(project.id, by=SYSTEM, at=LATER)
    return project


@pytest.fixture(params=[("en", DESK), ("fr", PHONE)], ids=["desk-en", "phone-fr"])
def seat(
    request: pytest.FixtureRequest, live_server: LiveServer, chromium: Browser, closed: Project, cast: Cast
) -> Iterator[tuple[Page, dict[str, str]]]:
    """The auditor's first page, and the words of her language."""
    language, look = request.param
    context = _context(chromium, look)
    session = browser_of(cast.auditor).cookies["sessionid"].value
    for name, value in {"sessionid": session, "django_language": language}.items():
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(live_server.url)
    yield page, WORDS[language]
    context.close()


def _context(chromium: Browser, look: dict[str, Any]) -> BrowserContext:
    return chromium.new_context(accept_downloads=True, **look)


def test_from_a_figure_to_its_rows(
    seat: tuple[Page, dict[str, str]], closed: Project, tmp_path: Path
) -> None:
    page, say = seat
    page.get_by_role("link", name=say["rows"]).first.click()
    row = page.get_by_role("row").filter(
        has=page.get_by_role("rowheader", name=say["judgements"], exact=True)
    )
    stated = row.locator("td").first.inner_text()
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["judgements"])
    answers = Annotation.objects.filter(project=closed).count()
    assert int(stated) == answers
    expect(page.locator("tbody tr")).to_have_count(min(answers, ROWS))
    with page.expect_download() as told:
        page.get_by_role("button", name=say["csv"]).click()
    file = tmp_path / "rows.csv"
    told.value.save_as(file)
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 1 + answers


def a_verification_by_the_button(page: Page, say: dict[str, str]) -> None:
    page.get_by_role("link", name=say["verify"]).first.click()
    page.get_by_role("button", name=say["now"]).click()
    expect(page.get_by_text(say["waits"])).to_be_visible()
    while run_verifications(system_clock):
        pass
    expect(page.get_by_role("heading", name=say["agrees"])).to_be_visible()  # the page looks by itself


def evidence_is_checked_without_the_installation(
    page: Page, say: dict[str, str], url: str, tmp_path: Path
) -> None:
    page.get_by_role("link", name=say["evidence"]).first.click()
    page.get_by_role("button", name=say["make"]).click()
    with page.expect_download() as told:
        page.get_by_role("link", name=say["zip"]).first.click()
    file, keys = tmp_path / "evidence.zip", tmp_path / "keys.json"
    told.value.save_as(file)
    keys.write_bytes(page.request.get(f"{url}/.well-known/palabre-keys.json").body())
    assert verified(file, keys) == (0, "")
    changed = tmp_path / "changed.zip"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    status, _said = verified(changed, keys)
    assert status == 1


def verified(file: Path, keys: Path) -> tuple[int, str]:
    """`palabre verify` where there is no database: its exit status, and what it complains of."""
    ours = re.compile(r"PALABRE_|DATABASE_URL|DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    command = [sys.executable, "-m", "palabre", "verify", str(file), "--keys", str(keys)]
    done = subprocess.run(
        command, env={**kept, "LANG": "en"}, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stderr if done.returncode == 0 else done.stdout
