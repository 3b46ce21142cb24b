"""What a client gets: judgements, or consensus with confidence, as a stream of bytes in constant memory.

PostgreSQL sends the rows as text (COPY) while those before are being written, so both work at once.
"""

import io
import json
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Protocol, TypeAlias, cast

from django.db import connection, transaction

from palabre.exchange.answers import Answers
from palabre.exchange.formats import JsonValue, Kind, writer
from palabre.exchange.formats import label_studio as ls
from palabre.exchange.provenance import Provenance, Pseudonyms
from palabre.work.models import Project

PAGE = 2_000
KINDS = {"jsonl": Kind.JSONL, "csv": Kind.CSV, "label_studio": Kind.LABEL_STUDIO}
_Texts: TypeAlias = tuple[str, ...]

_JUDGEMENTS = """
    SELECT coalesce(t.external_id, t.id::text), t.payload::text, a.id, a.member_id, %(answer)s, %(texts)s, a.note,
        a.place IS NOT NULL, to_char(a.submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        a.active_ms, a.schema_version, a.guideline_version, a.pay, a.pay_currency
    FROM work_annotation a JOIN work_task t ON t.id = a.task_id
    WHERE a.project_id = %%s ORDER BY %(order)s
"""
_CHOICES = """(SELECT coalesce(jsonb_object_agg(item->>'from_name', item->'value'->'choices'), '{}')::text
        FROM jsonb_array_elements(a.result) item WHERE item->>'type' = 'choices')"""
# What was written in answer to questions for a text; asked only where the schema has one.
_WRITTEN = """(SELECT coalesce(jsonb_object_agg(item->>'from_name', item->'value'->'text'->0), '{}')::text
        FROM jsonb_array_elements(a.result) item WHERE item->>'type' = 'textarea')"""
_NOTHING = "'{}'"
_CONSENSUS = """
    SELECT coalesce(t.external_id, t.id::text), t.payload::text, c.labels::text, c.confidence, c.judgements,
        c.method
    FROM quality_consensus c JOIN work_task t ON t.id = c.task_id
    WHERE c.project_id = %s ORDER BY c.task_id
"""


class _Content(Protocol):
    """Columns and rows of one kind of file."""

    @property
    def columns(self) -> Sequence[str]: ...

    def rows(self) -> Iterator[list[JsonValue]]: ...


def stream_export(
    project: Project, what: str, form: str, *, provenance: bool = False
) -> Iterator[tuple[bytes, int]]:
    """Pieces of a file, each with the number of rows that it brings.

    `what`: judgements or consensus; `form`: jsonl, csv or label_studio (where a row is a task).
    """
    kind, out, count = KINDS[form], io.BytesIO(), 0
    content = _content(project, what, kind, provenance=provenance)
    to = writer(kind, out, content.columns)
    # The snapshot of one transaction: rows that come meanwhile are not in the file.
    with transaction.atomic():
        for row in content.rows():
            to.write(row)
            count += 1
            if out.tell():
                yield drained(out), count
                count = 0
    to.close()
    yield drained(out), count


def _content(project: Project, what: str, kind: Kind, *, provenance: bool) -> _Content:
    if what == "consensus":
        return ConsensusTasks(project) if kind is Kind.LABEL_STUDIO else ConsensusRows(project, kind)
    if kind is Kind.LABEL_STUDIO:
        return JudgedTasks(project, provenance=provenance)
    return JudgementRows(project, kind, provenance=provenance)


def drained(out: io.BytesIO) -> bytes:
    """What was written so far, taken out."""
    piece = out.getvalue()
    out.seek(0)
    out.truncate()
    return piece


def _texts(sql: str, project: uuid.UUID) -> Iterator[_Texts]:
    """Rows as text, in flat memory. None of the columns is ever null."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT", [project]) as copy:
        rows = copy.rows()
        while page := list(islice(rows, PAGE)):
            yield from page


class JudgementRows:
    """One row a judgement: JSONL with the task's data, CSV without. Where the schema asks for texts, each has a column
    (`text.<question>`), and JSONL an object of them by question."""

    def __init__(self, project: Project, kind: Kind, *, provenance: bool) -> None:
        self._project, self._flat = project.id, kind is Kind.CSV
        self._answers, self._names = Answers(project), Pseudonyms(project.id)
        self._proof = Provenance(project) if provenance else None
        labels = self._answers.columns if self._flat else ["labels"]
        written = [f"text.{name}" for name in self._answers.written] if self._flat else ["texts"]
        self._written = written if self._answers.written else []
        data = [] if self._flat else ["data"]
        self.columns = ["task", *data, "member", *labels, *self._written, "note", "counted"]
        self.columns += Provenance.COLUMNS if provenance else []

    def rows(self) -> Iterator[list[JsonValue]]:
        flat, names, answers, proof = self._flat, self._names, self._answers, self._proof
        texts = _WRITTEN if self._written else _NOTHING
        sql = _JUDGEMENTS % {"answer": _CHOICES, "texts": texts, "order": "a.id"}
        for task, data, _, member, choices, said, note, counted, *rest in _texts(sql, self._project):
            row: list[JsonValue] = [task] if flat else [task, json.loads(data)]
            row.append(names[member])
            if flat:
                row += answers.cells(choices)
            else:
                row.append(answers.value(choices))
            if self._written:
                row += answers.texts(said) if flat else [json.loads(said)]
            row += (note, counted == "t")
            if proof:
                row += proof.cells(member, rest)
            yield row


class JudgedTasks:
    """One task a row with all its judgements, as Label Studio has them."""

    columns = ls.COLUMNS

    def __init__(self, project: Project, *, provenance: bool) -> None:
        self._project, self._names = project.id, Pseudonyms(project.id)
        self._proof = Provenance(project) if provenance else None

    def rows(self) -> Iterator[list[JsonValue]]:
        sql = _JUDGEMENTS % {"answer": "a.result::text", "texts": _NOTHING, "order": "a.task_id, a.id"}
        for (name, data), texts in groupby(_texts(sql, self._project), key=lambda row: (row[0], row[1])):
            yield [name, json.loads(data), [self._annotation(row) for row in texts], []]

    def _annotation(self, row: _Texts) -> JsonValue:
        _, _, number, member, result, _, note, counted, *rest = row
        meta: dict[str, JsonValue] = {"counted": counted == "t"}
        if note:
            meta["note"] = note
        if self._proof:
            meta |= zip(Provenance.COLUMNS, self._proof.cells(member, rest), strict=True)
        return ls.annotation(
            annotation_id=int(number),
            completed_by=self._names[member],
            result=json.loads(result),
            lead_time=int(rest[1]) / 1000,
            created_at=rest[0],
            meta=meta,
        )


class ConsensusRows:
    """One row a task: its labels, and how sure they are."""

    def __init__(self, project: Project, kind: Kind) -> None:
        self._project, self._flat = project.id, kind is Kind.CSV
        self._answers = Answers(project)
        labels = self._answers.columns if self._flat else ["labels"]
        data = [] if self._flat else ["data"]
        self.columns = ["task", *data, *labels, "confidence", "judgements", "method"]

    def rows(self) -> Iterator[list[JsonValue]]:
        flat, answers = self._flat, self._answers
        for task, data, labels, confidence, judgements, method in _texts(_CONSENSUS, self._project):
            row: list[JsonValue] = [task] if flat else [task, json.loads(data)]
            if flat:
                row += answers.cells(labels)
            else:
                row.append(answers.value(labels))
            row += (round(float(confidence), 6), int(judgements), method)
            yield row


class ConsensusTasks:
    """One task a row, with its consensus as Label Studio shows an answer that no single person gave."""

    columns = ls.COLUMNS

    def __init__(self, project: Project) -> None:
        self._project, self._answers = project.id, Answers(project)

    def rows(self) -> Iterator[list[JsonValue]]:
        for task, data, labels, confidence, _, method in _texts(_CONSENSUS, self._project):
            result = [
                ls.choices(f"c{place}", from_name=question.name, to_name=question.to, labels=chosen)
                for place, (question, chosen) in enumerate(self._answers.by_question(labels))
                if chosen
            ]
            guess = ls.prediction(
                model_version=f"palabre-{method}",
                score=round(float(confidence), 6),
                result=cast("list[JsonValue]", result),
            )
            yield [task, json.loads(data), [], [guess]]
