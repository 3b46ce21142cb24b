"""The safe HTML of a guideline is made when it is written, kept with it, and read as it stands."""

from collections.abc import Iterator
from contextlib import contextmanager

import markdown_it
import pytest
from django.db import connection
from django.test import Client

from palabre.record.rows import row_problems
from palabre.times import ManualClock
from palabre.work import markdown
from palabre.work.actions.versions import publish_guideline
from palabre.work.jobs import run_guidelines
from palabre.work.models import Guideline
from tests.web.reading import reader
from tests.work.stage import AT, Stage, events

UGLY = """# How

<script>alert(1)</script> [a](javascript:alert(1)) <img src=x onerror=alert(1)> [b](https://example.org)
"""
FRENCH = {"fr": {"body": "# Comment\n\n<script>alert(2)</script>", "changes": "Plus *clair*."}}


@pytest.fixture
def cleanings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were read as Markdown."""
    seen: list[str] = []
    parse = markdown_it.MarkdownIt.parse

    def counted(self: markdown_it.MarkdownIt, src: str, env: object = None) -> object:
        seen.append(src)
        return parse(self, src)

    monkeypatch.setattr(markdown_it.MarkdownIt, "parse", counted)
    return seen


def _published(stage: Stage) -> Guideline:
    project = stage.live()
    return publish_guideline(
        project.id, UGLY, "Clearer.", translations=FRENCH, by=stage.coordinator.actor, at=AT
    )


def test_what_is_dangerous_never_comes_out(stage: Stage) -> None:
    made = _published(stage)
    for language in ("en", "fr"):
        for html in (
            made.html("body", language),
            Guideline(body=UGLY, main_language="en").html("body", language),
        ):
            assert "<script" not in html
            assert "<img" not in html
            assert 'href="javascript' not in html
            assert "<h2>" in html
    assert made.html("changes", "fr") == "<p>Plus <em>clair</em>.</p>\n"
    assert made.html("changes", "en") == "<p>Clearer.</p>\n"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nobody_who_reads_cleans(stage: Stage, client: Client, cleanings: list[str], language: str) -> None:
    made = _published(stage)
    assert {UGLY, "Clearer.", *FRENCH["fr"].values()} <= set(cleanings)
    cleanings.clear()
    member = stage.cast.member
    setup = f"/projects/{made.project_id}/setup/guideline/{made.version}/"
    for who, address in ((member, f"/work/{made.project_id}/"), (member, "/"), (stage.coordinator, setup)):
        page = reader(who).read(address, language)
        assert (page.status, "alert(1)</script>" in page.html) == (200, False)
    pack = client.get(f"/api/v1/projects/{made.project_id}/workbench", headers=member.headers).json()
    assert "<script" not in pack["guideline"]["html"]
    assert cleanings == []


def test_what_another_cleaner_made_is_cleaned_at_each_call_until_the_job_was_there(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, cleanings: list[str]
) -> None:
    made = _published(stage)
    assert run_guidelines(ManualClock(AT)) == 0
    for module in ("palabre.work.models.projects", "palabre.work.jobs"):
        monkeypatch.setattr(f"{module}.CLEANER", markdown.CLEANER + 1)
    Guideline.objects.filter(id=made.id).update(cleaned={"en": {"body": "<script>", "changes": ""}})
    cleanings.clear()
    assert "<script" not in Guideline.objects.get(id=made.id).html("body", "en")
    assert len(cleanings) == 1
    assert run_guidelines(ManualClock(AT)) == Guideline.objects.count()
    assert run_guidelines(ManualClock(AT)) == 0
    cleanings.clear()
    assert Guideline.objects.get(id=made.id).html("body", "fr").startswith("<h2>Comment</h2>")
    assert cleanings == []
    assert events(made.project_id, "work.guideline.cleaned")[-1].data == {
        "version": made.version,
        "cleaner": markdown.CLEANER + 1,
    }


@pytest.mark.parametrize("change", [{"cleaned": {}}, {"cleaner": 0}])
def test_a_damaged_form_is_named(stage: Stage, change: dict[str, object]) -> None:
    made = _published(stage)
    assert list(row_problems()) == []
    with _behind_the_record():
        Guideline.objects.filter(id=made.id).update(**change)
    said = [str(one) for one in row_problems()]
    assert len(said) == 1, said
    assert str(made.id) in said[0]
    assert "work_guideline" in said[0]


@contextmanager
def _behind_the_record() -> Iterator[None]:
    """As a superuser can: no trigger gathers what is written."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
