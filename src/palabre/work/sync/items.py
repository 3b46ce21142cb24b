"""The items of an outbox, read one by one, so that a bad one never holds the others."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from palabre.record.canonical import is_text
from palabre.timesheet.models import Kind

MOST_ITEMS = 50
DAY_MS = 24 * 3_600_000
_STRICT = ConfigDict(extra="forbid", strict=False, frozen=True)
JSONObject = dict[str, object]


def _storable(text: str) -> str:
    if not is_text(text):
        raise ValueError("NUL or half a character")
    return text


Text = Annotated[str, AfterValidator(_storable)]


class DeviceSlice(BaseModel):
    """Time on the device: when it began by the device's clock, how long by its monotonic clock."""

    model_config = _STRICT
    key: uuid.UUID
    kind: Kind = Kind.TASK
    started_at: dt.datetime
    ms: int = Field(ge=0, le=DAY_MS)


class Answer(BaseModel):
    model_config = _STRICT
    type: Literal["answer"]
    key: uuid.UUID
    lease: int = Field(ge=1, lt=2**63)
    revision: int = Field(default=1, ge=1, le=1_000)
    result: list[JSONObject]
    note: Text = Field(default="", max_length=10_000)
    schema_version: int = Field(ge=1, lt=2**31)
    guideline_version: int = Field(ge=1, lt=2**31)
    answered_at: dt.datetime
    slices: list[DeviceSlice] = Field(default=[], max_length=500)


class Skip(BaseModel):
    model_config = _STRICT
    type: Literal["skip"]
    key: uuid.UUID
    lease: int = Field(ge=1, lt=2**63)
    reason: Literal["unclear", "broken", "harmful", "language", "other"]
    comment: Text = Field(default="", max_length=10_000)
    slices: list[DeviceSlice] = Field(default=[], max_length=500)


class Flag(BaseModel):
    """Marks a task without leaving it."""

    model_config = _STRICT
    type: Literal["flag"]
    key: uuid.UUID
    lease: int = Field(ge=1, lt=2**63)
    reason: Literal["harmful", "personal", "wrong", "hard", "other"]
    comment: Text = Field(default="", max_length=10_000)
    slices: list[DeviceSlice] = Field(default=[], max_length=500)


class Ask(BaseModel):
    model_config = _STRICT
    type: Literal["question"]
    key: uuid.UUID
    project: uuid.UUID
    lease: int | None = Field(default=None, ge=1, lt=2**63)
    text: Text = Field(min_length=1, max_length=10_000)
    slices: list[DeviceSlice] = Field(default=[], max_length=500)


class Time(BaseModel):
    """Time that belongs to no answer: reading a guideline, waiting for us."""

    model_config = _STRICT
    type: Literal["time"]
    key: uuid.UUID
    project: uuid.UUID
    slices: list[DeviceSlice] = Field(min_length=1, max_length=500)


Item = Answer | Skip | Flag | Ask | Time
_ITEM: TypeAdapter[Item] = TypeAdapter(Annotated[Item, Field(discriminator="type")])


class Unread(BaseModel):
    """An item that could not be read; kept for a person when it carries a key of its own."""

    key: uuid.UUID | None
    body: JSONObject
    why: list[str]


def read(raw: object) -> Item | Unread:
    """Read one item. Naive times are refused: a device says its offset from UTC."""
    try:
        item = _ITEM.validate_python(raw)
    except ValidationError as error:
        return _unread(raw, [_place(one["loc"], one["msg"]) for one in error.errors(include_url=False)[:5]])
    naive = [s for s in item.slices if s.started_at.tzinfo is None]
    if naive or (isinstance(item, Answer) and item.answered_at.tzinfo is None):
        return _unread(raw, ["started_at: give the offset from UTC, for example Z"])
    return item


def _place(location: Sequence[object], message: str) -> str:
    return ".".join(str(part) for part in location[1:] or location) + ": " + message


def _unread(raw: object, why: list[str]) -> Unread:
    body: JSONObject = dict(raw) if isinstance(raw, Mapping) else {"sent": raw}
    try:
        key = uuid.UUID(str(body.get("key")))
    except ValueError:
        key = None
    return Unread(key=key, body=body, why=why)


def digest(raw: object) -> bytes:
    """SHA-256 of the item as canonical JSON: same key, other digest, other content."""
    text = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
