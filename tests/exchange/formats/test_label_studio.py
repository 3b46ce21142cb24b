"""Label Studio's tasks: nothing of them is lost, and what we write it reads back."""

import io
import json

from palabre.exchange.formats import JsonValue, Kind, Row, inspect_file, label_studio, writer
from tests.exchange.formats.files import bad, codes, outcomes

RESULT: dict[str, JsonValue] = label_studio.choices("r1", from_name="mood", to_name="text", labels=["Good"])
TASK: dict[str, JsonValue] = {
    "id": 12,
    "data": {"text": "Bonjour", "id": "row-3"},
    "annotations": [
        {"id": 1, "completed_by": 7, "was_cancelled": False, "lead_time": 41.2, "result": [RESULT]}
    ],
    "predictions": [{"model_version": "m1", "score": 0.8, "result": []}],
    "meta": {"page": 3},
}


def kind_of(value: JsonValue) -> Kind:
    return inspect_file(io.BytesIO(json.dumps(value).encode()), name="tasks.json").kind


def test_tasks_are_told_from_plain_objects() -> None:
    assert kind_of([TASK]) is Kind.LABEL_STUDIO
    assert kind_of([{"data": {"text": "a"}}]) is Kind.LABEL_STUDIO
    assert kind_of([{"data": "a"}]) is Kind.JSON
    assert kind_of([{"data": {"a": 1}, "colour": "red"}]) is Kind.JSON
    assert kind_of([{"text": "a"}]) is Kind.JSON


def test_data_is_the_payload_and_all_the_rest_is_kept() -> None:
    (row,) = outcomes(json.dumps([TASK]), "tasks.json")
    assert isinstance(row, Row)
    assert (row.payload, row.external_id) == (TASK["data"], "12")
    assert row.foreign is not None
    assert row.foreign | {"data": row.payload} == TASK


def test_an_id_of_the_data_can_be_named() -> None:
    (row,) = outcomes(json.dumps([TASK]), "tasks.json", id_field="id")
    assert isinstance(row, Row)
    assert row.external_id == "row-3"


def test_bare_data_may_stand_among_tasks() -> None:
    row = outcomes(json.dumps([TASK, {"id": 4, "text": "a"}]), "tasks.json")[1]
    assert isinstance(row, Row)
    assert (row.external_id, row.payload, row.foreign) == ("4", {"id": 4, "text": "a"}, None)


def test_tasks_of_the_wrong_shape_are_refused() -> None:
    wrong = [{"id": 1, "data": [1]}, TASK | {"annotations": 3}, TASK | {"predictions": [{"result": 1}]}]
    content = json.dumps([TASK, *wrong])
    assert codes(content, "tasks.json") == ["ok", "task.data", "task.annotations", "task.annotations"]
    assert [each.column for each in bad(content, "tasks.json")] == ["data", "annotations", "predictions"]


def test_absent_and_null_judgements_are_none() -> None:
    assert codes(json.dumps([{"data": {}, "annotations": None}]), "tasks.json") == ["ok"]


def test_what_is_written_is_read_back() -> None:
    result: list[JsonValue] = [RESULT]
    done = label_studio.annotation(
        annotation_id=1,
        completed_by="m-1",
        result=result,
        lead_time=41.25,
        created_at="2026-01-05T10:00:00Z",
        meta={"guideline_version": 3},
    )
    guess = label_studio.prediction(model_version="palabre-majority", score=0.75, result=[RESULT])
    out = io.BytesIO()
    tasks = writer(Kind.LABEL_STUDIO, out, label_studio.COLUMNS)
    tasks.write((1, {"text": "=a"}, [done], [guess]))
    tasks.write((2, {"text": "b"}, [], []))
    tasks.close()
    first, second = outcomes(out.getvalue(), "tasks.json")
    assert isinstance(first, Row)
    assert first.payload == {"text": "=a"}
    assert first.foreign == {"id": 1, "annotations": [done], "predictions": [guess]}
    assert second.external_id == "2"  # type: ignore[union-attr]
    assert done["meta"] == {"palabre": {"guideline_version": 3}}
