"""From a file to tasks: what is taken, what is told, what is left."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.utils import translation
from PIL import Image

from palabre.errors import NotAllowed, NotFound
from palabre.exchange import queries
from palabre.exchange.actions import ask_import, cancel_import, run_import
from palabre.exchange.errors.imports import ImportFinished, ProjectClosed
from palabre.exchange.jobs import run_imports
from palabre.exchange.models import Import
from palabre.record.models import Failure
from palabre.work.models import Batch, Media, Project, Task
from tests.cast import Cast
from tests.exchange.conftest import CLOCK, Ask
from tests.exchange.formats.files import archive
from tests.work.stage import AT, Stage, events

pytestmark = pytest.mark.django_db
Bring = Callable[..., Import]
ALL = {"keep": Import.Keep.ALL_OR_NOTHING}


def tasks(one: Import) -> list[tuple[int, str | None, str]]:
    found = Task.objects.filter(batch=one.batch_id).order_by("position")
    return [(task.position, task.external_id, task.payload["text"]) for task in found]


def codes(one: Import) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.code) for row in one.problems.order_by("id")]


def test_good_rows_become_an_open_batch(bring: Bring, project: Project) -> None:
    one = bring('id,text,city\n7,Très bien,Dakar\n8,"À revoir,\nplus tard",Thiès\n')
    assert (one.state, one.good, one.bad) == ("done", 2, 0)
    assert tasks(one) == [(1, "7", "Très bien"), (2, "8", "À revoir,\nplus tard")]
    one.batch.refresh_from_db()
    assert (one.batch.state, one.batch.size, one.batch.number) == (Batch.State.OPEN, 2, 1)
    stored = Task.objects.filter(batch=one.batch_id).first()
    assert stored is not None
    assert stored.payload == {"id": "7", "text": "Très bien", "city": "Dakar"}
    assert stored.free == (1 << project.overlap) - 1
    assert [event.code for event in events(project.id, "exchange.import.done")] == ["exchange.import.done"]
    assert not default_storage.exists(one.file), "the file is not kept once its tasks are there"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.tsv", "id\ttext\n1\tBien\n"),
        ("a.json", '[{"id": 1, "text": "Bien"}]'),
        ("a.jsonl", '{"id": 1, "text": "Bien"}\n'),
        ("a.json", '[{"id": 1, "data": {"text": "Bien"}, "annotations": [], "predictions": []}]'),
        ("a.csv", "\ufeffid;text\r\n1;Bien\r\n"),
    ],
)
def test_every_format_comes_to_the_same(bring: Bring, name: str, content: str) -> None:
    assert tasks(bring(content, name)) == [(1, "1", "Bien")]


def test_backslashes_quotes_and_scripts_arrive_as_written(bring: Bring) -> None:
    text = 'C:\\new\\t "x" \\N \\\\ ህዝብ 💩 \t|'
    one = bring(json.dumps({"id": "a\\b\tc", "text": text}) + "\n", "a.jsonl")
    assert tasks(one) == [(1, "a\\b\tc", text)]


def test_a_row_without_what_members_are_shown_is_told_with_its_place(bring: Bring) -> None:
    one = bring("id,text\n1,Bien\n2,\n3\n")
    assert (one.good, one.bad) == (1, 2)
    assert codes(one) == [(3, "text", "payload.field_empty"), (4, "", "row.width")]
    assert "empty" in queries.wording(one.problems.order_by("id")[0])[0]


def test_all_or_nothing_leaves_nothing_but_the_reasons(bring: Bring, project: Project) -> None:
    one = bring("id,text\n1,Bien\n2,\n3,Mal\n", **ALL)
    assert (one.state, one.error) == ("refused", {"code": "exchange.bad_rows", "fields": {"bad": 1}})
    assert "1 rows" in queries.why(one)
    assert not Task.objects.filter(project=project).exists()
    one.batch.refresh_from_db()
    assert (one.batch.state, one.batch.size) == (Batch.State.DISCARDED, 0)
    assert codes(one) == [(3, "text", "payload.field_empty")]


def test_all_or_nothing_takes_all_when_all_are_good(bring: Bring) -> None:
    assert len(tasks(bring("id,text\n1,Bien\n2,Mal\n", **ALL))) == 2


def test_a_repeated_id_is_told_and_the_first_row_keeps_it(bring: Bring) -> None:
    first = bring("id,text\n1,Bien\n2,Mal\n1,Encore\n")
    assert tasks(first) == [(1, "1", "Bien"), (2, "2", "Mal")]
    assert codes(first) == [(4, "id", "id.there_already")]
    second = bring("ref,text\n2,Mal\n3,Bon\n", id_column="ref")
    assert tasks(second) == [(1, "3", "Bon")]
    assert codes(second) == [(2, "ref", "id.there_already")]
    assert second.batch.number == 2


def test_rows_without_ids_may_repeat(bring: Bring) -> None:
    assert len(tasks(bring("text\nBien\nBien\n"))) == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file.empty"),
        ("a.csv", b"id,text\n", "file.no_rows"),
        ("a.csv", b"%PDF-1.7 \x00\x01\x02", "file.not_what_its_name_says"),
        ("a.csv", b"id,text\n1,\n", "exchange.no_good_rows"),
        ("a.csv", b"id,id\n1,2\n", "header.name_repeated"),
    ],
)
def test_a_file_without_anything_to_take_is_refused_as_a_whole(
    bring: Bring, name: str, content: bytes, code: str
) -> None:
    one = bring(content, name)
    assert one.state == Import.State.REFUSED
    assert one.error is not None
    assert one.error["code"] == code
    assert "%(" not in queries.why(one)
    one.batch.refresh_from_db()
    assert one.batch.state == Batch.State.DISCARDED


def test_a_named_id_column_must_be_there(bring: Bring) -> None:
    one = bring("id,text\n1,Bien\n", id_column="ref")
    assert one.error is not None
    assert one.error["code"] == "header.column_missing"


def test_pictures_are_kept_as_members_get_them(stage: Stage) -> None:
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {2: (14.0, 41.0, 0.0)}
    Image.new("RGB", (1600, 800), "red").save(picture, "JPEG", exif=exif)
    project = stage.draft()
    content = archive(
        ("a.jpg", picture.getvalue()), ("b.jpg", picture.getvalue()), ("c.jpg", b"\xff\xd8\xff")
    )
    one = run_import(
        ask_import(project.id, io.BytesIO(content), "a.zip", by=stage.coordinator.actor, at=AT).id, CLOCK
    )
    assert (one.good, one.bad) == (2, 1)
    media = Media.objects.get(project=project)
    assert (media.width, media.original_width, media.content_type) == (1280, 1600, "image/webp")
    stored = default_storage.open(f"media/{project.id}/{media.sha256}.webp").read()
    assert b"Exif" not in stored
    found = Task.objects.filter(batch=one.batch_id).values_list("external_id", "media_id")
    assert sorted(found) == [("a.jpg", media.id), ("b.jpg", media.id)]
    assert codes(one) == [(3, "", "picture.damaged")]


def test_the_problems_as_a_table_in_the_readers_language_and_safe(bring: Bring) -> None:
    one = bring('id,text\n1,Bien\n2,Mal\n"=cmd|calc",x\n"=cmd|calc",y\n')
    with translation.override("fr"):
        content = b"".join(queries.problems_csv(one)).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(content))
    assert len(header) == len(row) == 5
    assert row[:3] == ["5", "id", "'=cmd|calc"]


def test_the_background_works_off_what_was_asked(ask: Ask) -> None:
    first, second = ask("id,text\n1,Bien\n"), ask("id,text\n2,Mal\n")
    while run_imports(CLOCK):
        pass
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("done", "done")
    assert run_imports(CLOCK) == 0
    with pytest.raises(ImportFinished):
        run_import(first.id, CLOCK)


def test_one_that_fails_keeps_no_other_waiting(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, good = ask("id,text\n1,Bien\n", "broken.csv"), ask("id,text\n2,Mal\n")
    opened = default_storage.open

    def refuse(name: str, mode: str = "rb") -> object:
        if name == broken.file:
            raise PermissionError(name)
        return opened(name, mode)

    monkeypatch.setattr(default_storage, "open", refuse)
    assert run_imports(CLOCK) == 1
    good.refresh_from_db()
    assert good.state == Import.State.DONE
    # Passed, named, and tried again later.
    assert run_imports(CLOCK) == 0
    assert [(one.job, one.why) for one in Failure.objects.all()] == [("imports", "PermissionError")]


def test_a_file_that_left_the_storage_is_told(ask: Ask) -> None:
    one = ask("id,text\n1,Bien\n")
    default_storage.delete(one.file)
    assert queries.why(run_import(one.id, CLOCK)).startswith("The file is no longer")


def test_a_cancelled_import_leaves_nothing(ask: Ask, cast: Cast) -> None:
    one = ask("id,text\n1,Bien\n")
    cancel_import(one.id, by=cast.coordinator.actor, at=AT)
    one = run_import(one.id, CLOCK)
    assert one.state == Import.State.REFUSED
    assert one.error is not None
    assert one.error["code"] == "exchange.cancelled"
    assert tasks(one) == []
    with pytest.raises(ImportFinished):
        cancel_import(one.id, by=cast.coordinator.actor, at=AT)


def test_cancelled_while_it_is_read(ask: Ask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palabre.exchange.intake.CHUNK", 2)
    one = ask("id,text\n" + "".join(f"{n},Bien\n" for n in range(10)))

    def told(now: Import) -> None:
        if now.good == 4:
            cancel_import(one.id, by=cast.coordinator.actor, at=AT)

    done = run_import(one.id, CLOCK, told)
    assert done.error is not None
    assert (done.state, done.error["code"], tasks(done)) == ("refused", "exchange.cancelled", [])


def test_who_may_not(ask: Ask, cast: Cast, project: Project) -> None:
    for who in (cast.member, cast.finance, cast.auditor, cast.reviewer):
        with pytest.raises(NotAllowed):
            ask("id,text\n1,Bien\n", by=who.actor)
    for outsider in (cast.stranger, cast.foreign_client):
        with pytest.raises(NotFound):
            ask("id,text\n1,Bien\n", by=outsider.actor)
    one = ask("id,text\n1,Bien\n", by=cast.client_person.actor)
    with pytest.raises(NotFound):
        queries.import_for(cast.foreign_client.actor, one.id)
    with pytest.raises(NotFound):
        cancel_import(one.id, by=cast.foreign_client.actor, at=AT)
    Project.objects.filter(id=project.id).update(state=Project.State.CLOSED)
    with pytest.raises(ProjectClosed):
        ask("id,text\n1,Bien\n")
