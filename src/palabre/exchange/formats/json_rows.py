"""From the text of one JSON item to a row."""

import json

from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.json_text import ObjectReader
from palabre.exchange.formats.label_studio import split_task
from palabre.exchange.formats.rows import BadRow, Expectations, JsonValue, Position, Problem, Row


class ItemReader:
    """Makes rows of items; with `tasks`, of Label Studio tasks, whose fields stand under "data"."""

    def __init__(self, expectations: Expectations, *, tasks: bool = False) -> None:
        self._expectations = expectations
        self._objects = ObjectReader(expectations.limits)
        self._tasks = tasks

    def row(self, text: str, line: int, position: Position) -> Row | BadRow:
        """The row that the text of an item stands for, or why it cannot be taken."""
        item = self._objects.read(text)
        if isinstance(item, Problem):
            return item.at(line, position)
        payload: dict[str, JsonValue] | Problem = item
        foreign = None
        if self._tasks:
            payload, foreign = split_task(item)
        if isinstance(payload, Problem):
            return payload.at(line, position)
        problem = blank_field(payload, self._expectations)
        identifier = problem or identity(payload, foreign, self._expectations)
        if isinstance(identifier, Problem):
            return identifier.at(line, position)
        return Row(line, position, identifier, payload, None, foreign)


def identity(
    payload: dict[str, JsonValue], foreign: dict[str, JsonValue] | None, expectations: Expectations
) -> str | Problem | None:
    """The id: a text as written but trimmed, a whole number as its digits. A task's own id comes first."""
    field = expectations.id_field or "id"
    value = payload.get(field)
    if foreign is not None and expectations.id_field is None:
        value = foreign.get(field, value)
    if value is None:
        value = ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return Problem("id.not_text", field, excerpt(json.dumps(value)), {})
    return checked_id(value, field, expectations)


def checked_id(written: str, field: str, expectations: Expectations) -> str | Problem | None:
    """The id as written but trimmed; None when it may be blank and is."""
    trimmed = written.strip()
    if not trimmed:
        return Problem("id.blank", field, "", {}) if expectations.id_field else None
    limit = expectations.limits.id_characters
    if len(trimmed) > limit:
        return Problem("id.too_long", field, excerpt(trimmed), {"limit": limit})
    return trimmed


def blank_field(item: dict[str, JsonValue], expectations: Expectations) -> Problem | None:
    """The first required field that is missing, null or blank."""
    for field in expectations.required:
        value = item.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            return Problem("cell.blank", field, "", {})
    return None
