"""The pages of a project's data: a file in, looked at, imported, put right, taken back."""

import html
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from palabre.exchange.actions import begin_upload, run_export, run_import
from palabre.exchange.models import Export, Import, Upload
from palabre.people.actor import SYSTEM
from palabre.times import ManualClock
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Batch, Project, Task
from tests.cast import Persona
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, TEXTS, Stage

CSV = "id,text\n1,Bien\n2,Mal\n3,\n4,=cmd\n"
CLOCK = ManualClock(AT)


@pytest.fixture
def browser(stage: Stage) -> Client:
    return browser_of(stage.cast.client_person)


def text(response: object) -> str:
    """What a reader sees, in one line."""
    assert isinstance(response, HttpResponse)
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", words))


def once(browser: Client, address: str) -> str:
    """The mark of a form on the page."""
    found = re.search(r'name="_once" value="([^"]+)"', browser.get(address).content.decode())
    assert found is not None
    return found[1]


def where(name: str, project: Project, **more: object) -> str:
    return reverse(name, kwargs={"project": project.id, **more})


def post(browser: Client, address: str, page: str, **fields: object) -> HttpResponse:
    response = browser.post(address, {"_once": once(browser, page), **fields})
    assert isinstance(response, HttpResponse)
    return response


def bring(browser: Client, project: Project, content: str | bytes = CSV, to: str = "") -> str:
    """A file by the plain form; where it leads."""
    data = content.encode() if isinstance(content, str) else content
    page = to or where("project-data", project)
    answer = post(browser, page, page, file=SimpleUploadedFile("reviews.csv", data))
    assert answer.status_code == 302
    return str(answer["Location"])


def imported(browser: Client, project: Project, content: str | bytes = CSV, **fields: object) -> Import:
    address = bring(browser, project, content)
    given = {"column-text": "text", "id_column": "id", "keep": "good_rows", **fields}
    assert post(browser, address, address, **given).status_code == 302
    return run_import(Import.objects.latest("id").id, CLOCK)


def test_a_file_is_looked_at_before_anything_is_imported(browser: Client, project: Project) -> None:
    seen = browser.get(bring(browser, project))
    assert not Import.objects.exists()
    words = text(seen)
    for wanted in ("a table (CSV)", "cells separated by commas", "utf-8", "Bien", "Column for “text”"):
        assert wanted in words
    assert re.search(r'<option value="text" selected>', seen.content.decode())
    assert re.search(r'<option value="id" selected>', seen.content.decode())


def test_from_a_file_to_its_bad_rows_and_on(browser: Client, project: Project) -> None:
    one = imported(browser, project)
    page = where("import", project, import_id=one.id)
    words = text(browser.get(page))
    assert "Tasks made 3" in words
    assert "This field, which members are shown, is empty." in words
    assert "4 text" in words
    table = b"".join(browser.get(where("import-problems", project, import_id=one.id)))
    assert table.decode("utf-8-sig").splitlines()[1].startswith("4,text")
    address = bring(browser, project, CSV.replace("3,\n", "3,Moyen\n"), to=page)
    given = {"column-text": "text", "id_column": "id", "keep": "good_rows"}
    post(browser, address, address, **given)
    second = run_import(Import.objects.latest("id").id, CLOCK)
    assert (second.corrects_id, second.good, second.known, second.bad) == (one.id, 1, 3, 0)
    assert "Rows that were here already 3" in text(browser.get(where("import", project, import_id=second.id)))
    assert Task.objects.filter(project=project).count() == 4


def test_an_import_that_is_done_leads_to_the_next_step(browser: Client, stage: Stage) -> None:
    """It was the end of the way: the data page said nothing of what comes next."""
    project = stage.draft()
    publish_schema(project.id, TEXTS, by=stage.coordinator.actor, at=AT)
    publish_guideline(project.id, "Choose one.", by=stage.coordinator.actor, at=AT)
    onward = f'role="button" href="{where("setup-quality", project)}"'
    assert onward not in browser.get(where("project-data", project)).content.decode()
    one = imported(browser, project)
    for page in (where("import", project, import_id=one.id), where("project-data", project)):
        assert onward in browser.get(page).content.decode()


def test_a_form_without_a_file_says_so(browser: Client, project: Project) -> None:
    page = where("project-data", project)
    answer = post(browser, page, page)
    assert answer.status_code == 422
    assert "Choose a file first." in text(answer)


def test_a_spreadsheet_is_refused_in_words(browser: Client, project: Project) -> None:
    words = text(browser.get(bring(browser, project, b"PK\x03\x04" + b"\x00" * 30)))
    assert "This file can’t be read" in words


def test_an_old_encoding_is_asked_for(browser: Client, project: Project) -> None:
    address = bring(browser, project, "id,text\n1,Très bien à côté\n".encode("windows-1252"))
    assert "Read it like this" in text(browser.get(address))
    words = text(browser.get(address, {"encoding": "windows-1252"}))
    assert "Très bien à côté" in words


def test_one_column_is_named_once(browser: Client, project: Project) -> None:
    address = bring(browser, project)
    answer = post(browser, address, address, **{"column-text": "", "keep": "good_rows"})
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_a_double_click_imports_once(browser: Client, project: Project) -> None:
    address = bring(browser, project)
    fields = {"_once": once(browser, address), "column-text": "text", "id_column": "id", "keep": "good_rows"}
    first, second = browser.post(address, fields), browser.post(address, fields)
    assert first["Location"] == second["Location"]
    other_window = post(browser, address, where("project-data", project), **fields)
    assert other_window["Location"] == first["Location"]
    assert Import.objects.count() == 1


def test_progress_then_the_end(browser: Client, project: Project) -> None:
    address = bring(browser, project)
    post(browser, address, address, **{"column-text": "text", "id_column": "id", "keep": "good_rows"})
    one = Import.objects.get()
    page, part = (where(name, project, import_id=one.id) for name in ("import", "import-progress"))
    assert "Waiting for its turn" in text(browser.get(page))
    assert "Look again" in text(browser.get(page))
    assert "Waiting for its turn" in text(browser.get(part))
    run_import(one.id, CLOCK)
    assert browser.get(part)["HX-Refresh"] == "true"


def test_stopping_leaves_nothing(browser: Client, project: Project) -> None:
    address = bring(browser, project)
    post(browser, address, address, **{"column-text": "text", "id_column": "id", "keep": "good_rows"})
    one = Import.objects.get()
    page = where("import", project, import_id=one.id)
    assert post(browser, where("cancel-import", project, import_id=one.id), page).status_code == 302
    assert run_import(one.id, CLOCK).state == Import.State.REFUSED
    assert "The import was cancelled" in text(browser.get(page))


def test_nothing_when_a_row_is_bad(browser: Client, project: Project) -> None:
    one = imported(browser, project, keep="all_or_nothing")
    words = text(browser.get(where("import", project, import_id=one.id)))
    assert "Nothing was imported" in words
    assert "Send the corrected rows" in words
    assert not Task.objects.exists()


def test_taking_nothing_after_all(browser: Client, project: Project) -> None:
    one = imported(browser, project)
    page = where("import", project, import_id=one.id)
    assert post(browser, where("discard-import", project, import_id=one.id), page).status_code == 302
    run_import(one.id, CLOCK)
    assert not Task.objects.exists()
    assert "taken back" in text(browser.get(where("project-data", project)))


def test_a_batch_is_closed(browser: Client, project: Project) -> None:
    one = imported(browser, project)
    data = where("project-data", project)
    assert post(browser, where("close-batch", project, batch=one.batch_id), data).status_code == 302
    assert Batch.objects.get(id=one.batch_id).state == Batch.State.CLOSED


def test_files_on_their_way_are_listed(browser: Client, project: Project) -> None:
    upload = begin_upload(project.id, "big.csv", 100, by=SYSTEM, at=AT)
    page = browser.get(where("project-data", project)).content.decode()
    assert f'data-id="{upload.id}"' in page
    words = text(browser.get(where("upload", project, upload=upload.id)))
    assert "This file has not arrived whole" in words
    drop = where("drop-upload", project, upload=upload.id)
    assert post(browser, drop, where("upload", project, upload=upload.id)).status_code == 302
    assert not Upload.objects.exists()


def test_another_projects_things_are_not_found(browser: Client, stage: Stage, project: Project) -> None:
    one, other = imported(browser, project), stage.draft()
    upload = begin_upload(project.id, "big.csv", 100, by=SYSTEM, at=AT)
    for name, given in (("import", {"import_id": one.id}), ("upload", {"upload": upload.id})):
        assert browser.get(where(name, project, **given)).status_code == 200
        assert browser.get(where(name, other, **given)).status_code == 404


def test_who_only_reads_gets_no_form(stage: Stage, browser: Client, project: Project) -> None:
    imported(browser, project)
    auditor = browser_of(stage.cast.auditor).get(where("project-data", project))
    assert auditor.status_code == 200
    assert b'<input type="file"' not in auditor.content
    assert b"close/" not in auditor.content


@pytest.mark.parametrize("files", [1, 5])
def test_statements_do_not_grow_with_the_list(
    browser: Client, project: Project, files: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(files):
        imported(browser, project, f"id,text\n{number},Bien\n")
    with django_assert_max_num_queries(14):
        assert browser.get(where("project-data", project)).status_code == 200


def test_a_live_project_keeps_its_rows(browser: Client, project: Project) -> None:
    one = imported(browser, project)
    Project.objects.filter(id=project.id).update(state="live")
    page = where("import", project, import_id=one.id)
    answer = post(browser, where("discard-import", project, import_id=one.id), page)
    assert answer.status_code == 409
    assert Task.objects.exists()


def test_results_are_made_listed_and_fetched(browser: Client, stage: Stage, project: Project) -> None:
    page = where("project-results", project)
    assert "No file yet" in text(browser.get(page))
    assert post(browser, page, page, what="judgements", format="csv", provenance="on").status_code == 302
    one = Export.objects.get()
    assert (one.what, one.format, one.provenance) == ("judgements", "csv", True)
    assert "being made" in text(browser.get(page))
    run_export(one.id, CLOCK)
    assert "with provenance" in text(browser.get(page))
    link = browser.get(where("fetch-export", project, export=one.id))["Location"]
    assert Client().get(link).status_code == 200
    assert browser.get(where("fetch-export", project, export=uuid.uuid4())).status_code == 404
    foreign = browser_of(stage.cast.foreign_client)
    assert foreign.get(where("fetch-export", project, export=one.id)).status_code == 404


def test_a_strange_page_mark_is_no_fault(browser: Client, project: Project) -> None:
    assert browser.get(where("project-data", project), {"cursor": "!!"}).status_code in {400, 422}


def test_roles(stage: Stage, browser: Client, project: Project) -> None:
    who: tuple[tuple[Persona, int], ...] = (
        (stage.cast.coordinator, 200),
        (stage.cast.finance, 200),
        (stage.cast.member, 403),
        (stage.cast.foreign_client, 404),
        (stage.cast.stranger, 404),
    )
    for persona, status in who:
        assert browser_of(persona).get(where("project-data", project)).status_code == status, persona.name
