"""The same file a second time is told by what it holds, at each door, and asked about; its name is never a path."""

import io
import uuid

import pytest

from palabre.exchange.actions import How, ask_import, receive, run_import, take_upload
from palabre.exchange.errors.imports import SameFile
from palabre.exchange.models import Import, UploadPart
from palabre.exchange.names import file_name
from palabre.exchange.parts import PART_BYTES, content_of, digest_of
from palabre.people.actor import SYSTEM
from palabre.times import ManualClock
from palabre.work.models import Project, Task
from tests.exchange.test_uploads import send
from tests.work.stage import AT

# No column of ids: nothing in the rows would tell them apart.
ROWS = b"text\nBien\nMal\n"
CLOCK = ManualClock(AT)


def taken(project: Project, content: bytes = ROWS, how: How | None = None) -> Import:
    upload = receive(project.id, io.BytesIO(content), "rows.csv", len(content), by=SYSTEM, at=AT)
    return take_upload(upload.id, how=how, by=SYSTEM, at=AT)


def asked(project: Project, content: bytes = ROWS, how: How | None = None) -> Import:
    return ask_import(project.id, io.BytesIO(content), "again.csv", how=how, by=SYSTEM, at=AT)


@pytest.mark.parametrize("first", [taken, asked])
@pytest.mark.parametrize("second", [taken, asked])
@pytest.mark.parametrize("worked_off", [True, False])
def test_it_is_told_at_each_door_and_taken_when_it_is_meant(
    project: Project, first: object, second: object, worked_off: bool
) -> None:
    assert callable(first)
    assert callable(second)
    one = first(project)
    if worked_off:
        run_import(one.id, CLOCK)
    with pytest.raises(SameFile) as told:
        second(project)
    assert told.value.fields["batch"] == 1
    assert Import.objects.count() == 1
    run_import(second(project, how=How(again=True)).id, CLOCK)
    assert Task.objects.filter(project=project).count() == (4 if worked_off else 2)


def test_other_content_or_a_refused_import_is_no_second_time(project: Project) -> None:
    run_import(asked(project, b"text\n\n").id, CLOCK)
    assert Import.objects.get().state == Import.State.REFUSED
    asked(project, b"text\n\n")
    asked(project)


def test_parts_of_any_size_tell_the_same(project: Project) -> None:
    from palabre.exchange.actions import begin_upload

    content = b"text\n" + b"Bien\n" * 10
    upload = begin_upload(project.id, "a.csv", len(content), by=SYSTEM, at=AT)
    for offset in range(0, len(content), 7):
        send(upload, content[offset : offset + 7], offset)
    made = take_upload(upload.id, by=SYSTEM, at=AT)
    assert made.digest == digest_of(io.BytesIO(content))
    with pytest.raises(SameFile):
        asked(project, content)


def test_an_import_reads_the_parts_where_they_lie_and_forgets_them(project: Project) -> None:
    made = taken(project)
    assert made.file == ""
    with content_of(made) as file:
        assert file.read() == ROWS
    run_import(made.id, CLOCK)
    assert not UploadPart.objects.exists()
    with pytest.raises(FileNotFoundError), content_of(made):
        pass


def test_one_whose_parts_are_gone_says_so(project: Project) -> None:
    made = taken(project)
    UploadPart.objects.all().delete()
    assert run_import(made.id, CLOCK).error == {"code": "exchange.file_gone", "fields": {}}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Awa\\rows.csv", "rows.csv"),
        ("pho\u202egpj.exe", "phogpj.exe"),
        ("a\u200bb.csv", "ab.csv"),
        ("e\u0301.csv", "\u00e9.csv"),
        ("two\nlines.csv", "two lines.csv"),
        ("\x00", "file"),
        ("..", "file"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_a_name_is_read_and_never_followed(project: Project, said: str, kept: str) -> None:
    assert file_name(said) == kept
    made = ask_import(project.id, io.BytesIO(uuid.uuid4().bytes), said, by=SYSTEM, at=AT)
    assert made.name == kept


def test_the_cut_of_the_digest_is_that_of_the_parts() -> None:
    content = b"x" * (PART_BYTES + 3)
    assert digest_of(io.BytesIO(content)) != digest_of(io.BytesIO(content[:-1]))
