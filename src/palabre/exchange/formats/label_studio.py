"""Label Studio's JSON: a list of tasks, {id, data, annotations, predictions}, read and written.

What a task holds besides its data is kept untouched and given to the importer as `Row.foreign`. Results are
kept in Label Studio's own form everywhere, so export writes them as they are.
"""

from collections.abc import Sequence

from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.rows import JsonValue, Problem

COLUMNS = ("id", "data", "annotations", "predictions")
_JUDGED = ("annotations", "predictions")
_PLAIN_TASK = {
    "id",
    "data",
    "meta",
    "inner_id",
    "created_at",
    "updated_at",
    "project",
    "overlap",
    "is_labeled",
}


def is_task(item: dict[str, JsonValue]) -> bool:
    """Whether an object has the form of a task rather than of bare data."""
    if not isinstance(item.get("data"), dict):
        return False
    return any(key in item for key in _JUDGED) or item.keys() <= _PLAIN_TASK


def split_task(
    item: dict[str, JsonValue],
) -> tuple[dict[str, JsonValue] | Problem, dict[str, JsonValue] | None]:
    """A task's data and all the rest; an object without "data" is bare data, as Label Studio reads it."""
    if "data" not in item:
        return item, None
    data = item["data"]
    if not isinstance(data, dict):
        return Problem("task.data", "data", excerpt(str(data)), {}), None
    for key in _JUDGED:
        if not _are_judgements(item.get(key)):
            return Problem("task.annotations", key, excerpt(str(item[key])), {"key": key}), None
    return data, {key: value for key, value in item.items() if key != "data"}


def _are_judgements(value: JsonValue) -> bool:
    if value is None:
        return True
    return isinstance(value, list) and all(
        isinstance(each, dict) and isinstance(each.get("result"), list) for each in value
    )


def choices(item_id: str, *, from_name: str, to_name: str, labels: Sequence[str]) -> dict[str, JsonValue]:
    """A result item: the labels chosen for a whole task."""
    return {
        "id": item_id,
        "from_name": from_name,
        "to_name": to_name,
        "type": "choices",
        "origin": "manual",
        "value": {"choices": list(labels)},
    }


def annotation(
    *,
    annotation_id: int | str,
    completed_by: str,
    result: list[JsonValue],
    lead_time: float,
    created_at: str,
    was_cancelled: bool = False,
    meta: dict[str, JsonValue] | None = None,
) -> dict[str, JsonValue]:
    """One member's answer. `lead_time` in seconds, `created_at` in ISO 8601; a skip is `was_cancelled`.

    `completed_by` is a pseudonym: Label Studio takes any id that its users are mapped to. Ours goes to
    `meta.palabre` (guideline version and the like).
    """
    written: dict[str, JsonValue] = {
        "id": annotation_id,
        "completed_by": completed_by,
        "was_cancelled": was_cancelled,
        "ground_truth": False,
        "created_at": created_at,
        "lead_time": lead_time,
        "result": result,
    }
    if meta:
        written["meta"] = {"palabre": meta}
    return written


def prediction(*, model_version: str, score: float, result: list[JsonValue]) -> dict[str, JsonValue]:
    """A consensus, as Label Studio shows it: an answer that no single person gave, with its confidence."""
    return {"model_version": model_version, "score": score, "result": result}
