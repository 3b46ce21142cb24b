"""A file that comes in parts: begun, cut, gone on with, handed over, forgotten."""

import datetime as dt
import hashlib
import io
import random
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from PIL import Image

from palabre.errors import NotAllowed, NotFound
from palabre.exchange.actions import (
    How,
    append_part,
    begin_upload,
    drop_upload,
    forget_uploads,
    receive,
    run_import,
    take_upload,
)
from palabre.exchange.actions.uploads import KEPT, MOST_BYTES
from palabre.exchange.errors.imports import (
    OffsetWrong,
    PartDamaged,
    PartTooLarge,
    ProjectClosed,
    SizeWrong,
    UploadNotWhole,
    UploadUsed,
)
from palabre.exchange.forms import TakeForm
from palabre.exchange.models import Import, Upload, UploadPart
from palabre.exchange.parts import PART_BYTES, opened
from palabre.exchange.preview import preview
from palabre.people.actor import SYSTEM
from palabre.times import ManualClock
from palabre.work.models import LabelSchema, Project, Task
from tests.work.stage import AT, Stage, events

CSV = b"id,text\n1,Bien\n2,Mal\n3,\n"
CLOCK = ManualClock(AT)


def send(upload: Upload, content: bytes, offset: int = 0) -> Upload:
    return append_part(upload.id, offset, content, hashlib.sha256(content).hexdigest(), by=SYSTEM, at=AT)


@pytest.fixture
def upload(project: Project) -> Upload:
    return begin_upload(project.id, "reviews.csv", len(CSV), by=SYSTEM, at=AT)


def test_a_cut_upload_goes_on_and_is_byte_equal(project: Project) -> None:
    content = random.Random(3).randbytes(3_000)
    one = begin_upload(project.id, "a.bin", len(content), by=SYSTEM, at=AT)
    send(one, content[:1_000])
    send(one, content[1_000:2_400], 1_000)  # cut at 80 %
    again = Upload.objects.get(id=one.id)
    assert (again.received, again.whole) == (2_400, False)
    done = send(again, content[2_400:], 2_400)
    assert done.whole
    with opened(done) as file:
        assert file.read() == content
        assert file.seek(990) == 990
        assert file.read(20) == content[990:1_010]
        assert file.seek(-5, io.SEEK_END) == 2_995
        assert file.read() == content[-5:]


def test_a_part_sent_twice_is_one(upload: Upload) -> None:
    send(upload, CSV[:10])
    assert send(upload, CSV[:10]).received == 10
    assert UploadPart.objects.count() == 1
    assert len(default_storage.listdir(f"uploads/{upload.id}")[1]) == 1


def test_another_part_than_the_next_is_refused_with_the_place(upload: Upload) -> None:
    send(upload, CSV[:10])
    for offset, content in ((0, CSV[:9]), (5, CSV[5:10]), (12, CSV[12:15])):
        with pytest.raises(OffsetWrong) as error:
            send(upload, content, offset)
        assert error.value.fields["expected"] == 10


def test_a_damaged_part_leaves_nothing(upload: Upload) -> None:
    with pytest.raises(PartDamaged):
        append_part(upload.id, 0, CSV[:10], hashlib.sha256(CSV[:9]).hexdigest(), by=SYSTEM, at=AT)
    assert Upload.objects.get(id=upload.id).received == 0


def test_parts_end_with_the_file(upload: Upload) -> None:
    for content in (b"", CSV + b"!", b"x" * (PART_BYTES + 1)):
        with pytest.raises(PartTooLarge):
            send(upload, content)


def test_sizes_have_bounds(project: Project) -> None:
    for size in (0, -1, MOST_BYTES + 1):
        with pytest.raises(SizeWrong):
            begin_upload(project.id, "a", size, by=SYSTEM, at=AT)


def test_it_becomes_an_import_once(upload: Upload) -> None:
    with pytest.raises(UploadNotWhole):
        take_upload(upload.id, by=SYSTEM, at=AT)
    send(upload, CSV)
    made = take_upload(upload.id, by=SYSTEM, at=AT)
    assert take_upload(upload.id, by=SYSTEM, at=AT) == made
    assert Import.objects.count() == 1
    ended = run_import(made.id, CLOCK)
    assert (ended.good, ended.bad, ended.size) == (2, 1, len(CSV))
    with pytest.raises(UploadUsed):
        send(upload, CSV)


def test_fields_are_mapped_and_the_client_hears_of_her_own_columns(project: Project) -> None:
    content = "ref;Avis laissé\n1;Très bien\n2;\n".encode("windows-1252")
    one = receive(project.id, io.BytesIO(content), "avis.csv", len(content), by=SYSTEM, at=AT)
    refused = preview(one)
    assert refused.encoding_wanted
    seen = preview(one, "windows-1252")
    assert (seen.kind, seen.delimiter, seen.columns) == ("csv", "semicolon", ("ref", "Avis laissé"))
    assert seen.rows[0] == ("1", "Très bien")
    assert (seen.guesses, seen.id_guess) == ({"text": "Avis laissé"}, "ref")
    how = How(columns={"text": "Avis laissé"}, encoding="windows-1252")
    ended = run_import(take_upload(one.id, id_column="ref", how=how, by=SYSTEM, at=AT).id, CLOCK)
    assert (ended.good, ended.bad) == (1, 1)
    task = Task.objects.get(project=project)
    assert (task.external_id, task.payload) == ("1", {"ref": "1", "text": "Très bien"})
    assert ended.problems.get().column == "Avis laissé"


def test_pictures_fill_the_field_that_members_are_shown(stage: Stage, project: Project) -> None:
    body: dict[str, Any] = {
        "shows": [{"name": "photo", "type": "image", "field": "$photo"}],
        "asks": [
            {"name": "mood", "type": "choices", "to": "photo", "labels": [{"value": "a"}, {"value": "b"}]}
        ],
    }
    LabelSchema.objects.filter(project=project).update(body=body)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), "green").save(picture, "PNG")
        archive.writestr("a/1.png", picture.getvalue())
    content = packed.getvalue()
    one = receive(project.id, io.BytesIO(content), "p.zip", len(content), by=SYSTEM, at=AT)
    form = TakeForm(preview(one), {"column-photo": "file", "keep": "good_rows"})
    assert form.is_valid(), form.errors
    assert "id_column" not in form.fields
    ended = run_import(take_upload(one.id, how=form.how(), by=SYSTEM, at=AT).id, CLOCK)
    assert (ended.good, ended.bad) == (1, 0)
    task = Task.objects.get(project=project)
    assert (task.payload, task.external_id, task.media_id is not None) == (
        {"photo": "a/1.png"},
        "a/1.png",
        True,
    )


def test_a_corrected_file_may_come_whole(project: Project) -> None:
    first = receive(project.id, io.BytesIO(CSV), "a.csv", len(CSV), by=SYSTEM, at=AT)
    begun = run_import(take_upload(first.id, by=SYSTEM, at=AT).id, CLOCK)
    better = CSV.replace(b"3,\n", b"3,Moyen\n3,Encore\n")
    second = receive(
        project.id, io.BytesIO(better), "a.csv", len(better), corrects=begun.id, by=SYSTEM, at=AT
    )
    ended = run_import(take_upload(second.id, by=SYSTEM, at=AT).id, CLOCK)
    assert (ended.good, ended.known, ended.bad) == (1, 2, 1)
    assert ended.problems.get().code == "id.there_already"
    assert set(Task.objects.values_list("external_id", flat=True)) == {"1", "2", "3"}


def test_who_may_not(stage: Stage, upload: Upload) -> None:
    digest = hashlib.sha256(CSV).hexdigest()
    cast = stage.cast
    with pytest.raises(NotAllowed):
        begin_upload(upload.project_id, "a", 1, by=cast.member.actor, at=AT)
    for act in (
        lambda by: append_part(upload.id, 0, CSV, digest, by=by, at=AT),
        lambda by: take_upload(upload.id, by=by, at=AT),
        lambda by: drop_upload(upload.id, by=by, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act(cast.auditor.actor)
        with pytest.raises(NotFound):
            act(cast.foreign_client.actor)
    append_part(upload.id, 0, CSV, digest, by=cast.client_person.actor, at=AT)


def test_a_closed_project_takes_no_file(project: Project) -> None:
    Project.objects.filter(id=project.id).update(state="closed")
    with pytest.raises(ProjectClosed):
        begin_upload(project.id, "a", 1, by=SYSTEM, at=AT)


@pytest.mark.django_db(transaction=True)
def test_dropping_leaves_nothing(upload: Upload) -> None:
    send(upload, CSV[:10])
    project = upload.project_id
    drop_upload(upload.id, by=SYSTEM, at=AT)
    assert not Upload.objects.exists()
    assert default_storage.listdir(f"uploads/{upload.id}")[1] == []
    assert [len(events(project, f"exchange.upload.{what}")) for what in ("begun", "dropped")] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_nobody_goes_on_for_a_week(upload: Upload) -> None:
    send(upload, CSV[:10])
    assert forget_uploads(at=AT + KEPT) == 0
    assert forget_uploads(at=AT + KEPT + dt.timedelta(seconds=1)) == 1
    assert not Upload.objects.exists()
    assert default_storage.listdir(f"uploads/{upload.id}")[1] == []


@pytest.mark.django_db(transaction=True)
def test_two_windows_send_the_same_part(upload: Upload) -> None:
    def one(_: int) -> int:
        try:
            return send(upload, CSV[:10]).received
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(one, range(4))) == [10] * 4
    assert UploadPart.objects.count() == 1
    assert len(default_storage.listdir(f"uploads/{upload.id}")[1]) == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_that_fails_leaves_the_upload(upload: Upload) -> None:
    send(upload, CSV)
    with transaction.atomic():
        take_upload(upload.id, by=SYSTEM, at=AT)
        transaction.set_rollback(True)
    assert preview(Upload.objects.get(id=upload.id)).columns == ("id", "text")
