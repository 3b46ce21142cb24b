"""Judgements and consensus as files."""

import csv
import datetime as dt
import hashlib
import io
import json
import uuid
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage

from palabre.errors import NotAllowed, NotFound
from palabre.exchange.actions import ask_export, ask_import, note_export, run_export, run_import
from palabre.exchange.delivery import stream_export
from palabre.exchange.errors.imports import NotReadyYet
from palabre.exchange.formats import BadRow, Row, read_rows
from palabre.exchange.jobs import run_exports
from palabre.exchange.links import LINK_LASTS, export_link, open_export
from palabre.exchange.models import Export, Import
from palabre.pay.models import Accrual
from palabre.people.models import Account
from palabre.quality.actions import recompute
from palabre.record.models import Event
from palabre.timesheet.models import Kind, Source, TimeEntry
from palabre.work.actions.launch import launch_project
from palabre.work.models import Annotation, LabelSchema, Project
from palabre.work.pseudonyms import pseudonym
from tests.cast import Cast
from tests.exchange.conftest import CLOCK
from tests.work.stage import AT, Stage

pytestmark = pytest.mark.django_db
CONTENT = 'id,text\n"=1+1",Bien\n8,"À revoir, ""vite"""\n'


@pytest.fixture
def judged(stage: Stage, bring: Callable[..., Import]) -> Project:
    """Two tasks with two judgements each, and their consensus."""
    one = bring(CONTENT)
    project = launch_project(one.project_id, without_pilot="A test.", by=stage.coordinator.actor, at=AT)
    for who in (stage.cast.member, stage.cast.reviewer):
        assert stage.work(project, who) == 2
    recompute(project.id, at=AT)
    return project


def written(project: Project, what: str, form: str, *, provenance: bool = False) -> tuple[str, int]:
    pieces = list(stream_export(project, what, form, provenance=provenance))
    return b"".join(piece for piece, _ in pieces).decode(), sum(count for _, count in pieces)


def test_judgements_as_lines(judged: Project) -> None:
    text, rows = written(judged, "judgements", "jsonl")
    lines = [json.loads(line) for line in text.splitlines()]
    assert rows == len(lines) == 4
    assert {line["task"] for line in lines} == {"=1+1", "8"}
    assert lines[0].keys() == {"task", "data", "member", "labels", "note", "counted"}
    assert {line["data"]["text"] for line in lines} == {"Bien", 'À revoir, "vite"'}
    assert all(line["labels"] == ["happy"] and line["counted"] for line in lines)
    members = {line["member"] for line in lines}
    assert len(members) == 2
    assert all(name.startswith("m-") for name in members)


def test_a_pseudonym_is_stable_and_of_this_project_alone(judged: Project, stage: Stage) -> None:
    first, _ = written(judged, "judgements", "csv")
    assert first == written(judged, "judgements", "csv")[0]
    account = str(stage.cast.member.account)
    assert account not in first
    assert account.replace("-", "") not in first


def test_formulas_are_made_safe_and_come_back(judged: Project) -> None:
    text, rows = written(judged, "judgements", "csv")
    header, *cells = csv.reader(io.StringIO(text))
    assert header == ["task", "member", "labels", "note", "counted"]
    assert rows == len(cells) == 4
    assert {row[0] for row in cells} == {"'=1+1", "8"}
    again = list(read_rows(io.BytesIO(text.encode()), name="a.csv", guarded=True))
    assert {row.payload["task"] for row in again if isinstance(row, Row)} == {"=1+1", "8"}


def test_provenance_on_request(judged: Project) -> None:
    Annotation.objects.filter(project=judged).update(active_ms=9_500)
    text, _ = written(judged, "judgements", "jsonl", provenance=True)
    line = json.loads(text.splitlines()[0])
    assert line["submitted_at"] == AT.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert (line["seconds"], line["schema_version"], line["guideline_version"]) == (9.5, 1, 1)
    assert line["currency"] == "XOF"
    assert isinstance(line["pay"], str)
    assert "pay_per_hour" in line
    assert all("m-" in each for each in text.splitlines())


def _hours(charge: int, member: uuid.UUID, *counted: int) -> None:
    for place, milliseconds in enumerate(counted):
        began = AT + dt.timedelta(minutes=place)
        TimeEntry.objects.create(
            member_id=member,
            kind=Kind.TASK if place else Kind.READING,
            source=Source.DEVICE,
            charge=charge,
            started_at=began,
            ended_at=began + dt.timedelta(milliseconds=milliseconds),
            measured_ms=milliseconds,
            counted_ms=milliseconds,
            day=AT.date(),
            received_at=began,
        )


def _another(charge: int) -> None:
    """One more member who was paid for an hour."""
    account = Account.objects.create(created_at=AT)
    Accrual.objects.create(
        member=account,
        charge_id=charge,
        day=AT.date(),
        currency="XOF",
        exact=1,
        credited=1,
        exact_charge=1,
        charged=1,
    )
    _hours(charge, account.id, 3_600_000)


def test_pay_per_hour_is_over_all_her_counted_time_and_over_nobody_among_few(
    judged: Project, stage: Stage
) -> None:
    member, charge = stage.cast.member.account, judged.escrow_id or 0
    _hours(charge, member, 10_000, 20_000)
    earned = sum(row.pay for row in Annotation.objects.filter(project=judged, member=member))
    hers = pseudonym(judged.id, member)
    for others, stated in ((0, None), (3, None), (1, f"{earned * 120:.2f}")):
        for _ in range(others):
            _another(charge)
        text, _rows = written(judged, "judgements", "jsonl", provenance=True)
        lines = [json.loads(line) for line in text.splitlines()]
        assert {line["pay_per_hour"] for line in lines if line["member"] == hers} == {stated}
        assert {line["pay_per_hour"] for line in lines if line["member"] != hers} == {None}


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_consensus_with_confidence(judged: Project, form: str) -> None:
    text, rows = written(judged, "consensus", form)
    again = [
        row for row in read_rows(io.BytesIO(text.encode()), name=f"a.{form}") if not isinstance(row, BadRow)
    ]
    assert rows == len(again) == 2
    labels = "happy" if form == "csv" else ["happy"]
    for row in again:
        assert row.payload["labels"] == labels
        assert 0 < float(str(row.payload["confidence"])) <= 1
        assert int(str(row.payload["judgements"])) == 2


@pytest.mark.parametrize("what", ["judgements", "consensus"])
def test_label_studio_reads_it_and_so_do_we(judged: Project, stage: Stage, what: str) -> None:
    text, rows = written(judged, what, "label_studio", provenance=True)
    found = json.loads(text)
    assert len(found) == 2
    assert rows == 2, "a row is a task"
    given = found[0]["annotations" if what == "judgements" else "predictions"]
    assert len(given) == (2 if what == "judgements" else 1)
    item = given[0]["result"][0]
    assert (item["from_name"], item["type"], item["value"]) == ("mood", "choices", {"choices": ["happy"]})
    other = stage.draft()
    asked = ask_import(other.id, io.BytesIO(text.encode()), "a.json", by=stage.coordinator.actor, at=AT)
    one = run_import(asked.id, CLOCK)
    assert (one.state, one.good, one.bad) == ("done", 2, 0)


def test_an_empty_project_gives_a_whole_empty_file(project: Project) -> None:
    assert written(project, "judgements", "jsonl") == ("", 0)
    assert json.loads(written(project, "judgements", "label_studio")[0]) == []
    assert written(project, "consensus", "csv") == ("task,labels,confidence,judgements,method\r\n", 0)


def test_a_file_is_made_in_the_background_and_fetched_by_a_link(judged: Project, cast: Cast) -> None:
    by = cast.client_person.actor
    asked = ask_export(judged.id, "judgements", "csv", by=by, at=AT)
    with pytest.raises(NotReadyYet):
        export_link(asked.id, by=by, at=AT)
    assert (run_exports(CLOCK), run_exports(CLOCK)) == (1, 0)
    asked.refresh_from_db()
    content = default_storage.open(asked.file).read()
    assert (asked.state, asked.rows) == (Export.State.DONE, 4)
    assert asked.sha256 == hashlib.sha256(content).hexdigest()
    link = export_link(asked.id, by=by, at=AT)
    assert open_export(link.token, at=AT).id == asked.id
    for wrong in (link.token[:-1], "x", ""):
        with pytest.raises(NotFound):
            open_export(wrong, at=AT)
    with pytest.raises(NotFound):
        open_export(link.token, at=AT + LINK_LASTS)


def test_a_file_that_was_left_half_is_made_anew(judged: Project, cast: Cast) -> None:
    asked = ask_export(judged.id, "consensus", "csv", by=cast.coordinator.actor, at=AT)
    default_storage.save(f"exports/{asked.id}.csv", io.BytesIO(b"task,la"))
    done = run_export(asked.id, CLOCK)
    assert done.file == f"exports/{asked.id}.csv"
    assert default_storage.open(done.file).read().startswith(b"task,labels")


def test_who_may_not(judged: Project, cast: Cast) -> None:
    for who in (cast.member, cast.finance, cast.reviewer):
        with pytest.raises(NotAllowed):
            ask_export(judged.id, "consensus", "csv", by=who.actor, at=AT)
    for outsider in (cast.stranger, cast.foreign_client):
        with pytest.raises(NotFound):
            ask_export(judged.id, "consensus", "csv", by=outsider.actor, at=AT)
    asked = ask_export(judged.id, "consensus", "csv", by=cast.client_person.actor, at=AT)
    run_export(asked.id, CLOCK)
    with pytest.raises(NotFound):
        export_link(asked.id, by=cast.foreign_client.actor, at=AT)


def test_every_file_that_is_made_is_in_the_record(judged: Project, cast: Cast) -> None:
    asked = ask_export(judged.id, "judgements", "csv", by=cast.client_person.actor, at=AT)
    made = run_export(asked.id, CLOCK)
    event = Event.objects.get(code="exchange.export.made")
    assert event.organisation == judged.operator_id
    assert event.data == {
        "export": str(made.id),
        "what": "judgements",
        "format": "csv",
        "provenance": False,
        "rows": made.rows,
        "sha256": made.sha256,
    }
    run_export(asked.id, CLOCK)
    assert Event.objects.filter(code="exchange.export.made").count() == 1, "made once, said once"


def test_who_may_not_read_results_notes_no_file(judged: Project, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        note_export(
            judged, "consensus", "csv", provenance=False, rows=1, sha256="", by=cast.member.actor, at=AT
        )


def test_answers_in_words_have_a_column_of_their_own(judged: Project) -> None:
    first = LabelSchema.objects.get(project=judged)
    block = first.body["shows"][0]["name"]
    asks = [*first.body["asks"], {"name": "why", "type": "textarea", "to": block}]
    LabelSchema.objects.create(
        project=judged,
        version=2,
        body=first.body | {"asks": asks},
        published_by=first.published_by,
        published_at=AT,
    )
    one = Annotation.objects.filter(project=judged).earliest("id")
    said = {
        "id": "w",
        "from_name": "why",
        "to_name": block,
        "type": "textarea",
        "value": {"text": ["=Je ris"]},
    }
    Annotation.objects.filter(id=one.id).update(result=[*one.result, said])
    rows = list(csv.DictReader(io.StringIO(written(judged, "judgements", "csv")[0])))
    assert [row["text.why"] for row in rows] == ["'=Je ris", "", "", ""]
    lines = [json.loads(line) for line in written(judged, "judgements", "jsonl")[0].splitlines()]
    assert [line["texts"] for line in lines] == [{"why": "=Je ris"}, {}, {}, {}]
