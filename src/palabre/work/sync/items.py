"""The items of an outbox, read one by one, so that a bad one never holds the others."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from palabre.ids import read_id
from palabre.record.canonical import is_text
from palabre.times import read_instant
from palabre.timesheet.models import Kind
from palabre.work.sync.reasons import NOT_JSON, reason

MOST_ITEMS = 50
# As long as the column holds, which is 24 days: what is beyond is a page that stayed open, not a fault of hers.
MOST_MS = 2**31 - 1
# Under this name the door hands on the parts of an item that it could not read, each as it was spelled.
UNREADABLE = "unreadable"
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
JSONObject = dict[str, object]
T = TypeVar("T")


def _storable(text: str) -> str:
    if not is_text(text):
        raise ValueError("NUL or half a character")
    return text


def _within(ms: object) -> object:
    return min(max(ms, 0), MOST_MS) if type(ms) is int else ms


# The same readings as the doors of the API have (`web.fields`): each value can be read in one way only.
Text = Annotated[str, AfterValidator(_storable)]
Id = Annotated[uuid.UUID, BeforeValidator(read_id)]
Instant = Annotated[dt.datetime, BeforeValidator(read_instant)]
RowId = Annotated[int, Field(ge=1, lt=2**63)]


class DeviceSlice(BaseModel):
    """Time on the device: when it began by the device's clock, how long by its monotonic clock."""

    model_config = _STRICT
    key: Id
    kind: Kind = Field(default=Kind.TASK, strict=False)
    started_at: Instant
    ms: Annotated[int, BeforeValidator(_within)]


class Answer(BaseModel):
    model_config = _STRICT
    type: Literal["answer"]
    key: Id
    lease: RowId
    revision: int = Field(default=1, ge=1, le=1_000)
    result: list[JSONObject]
    note: Text = Field(default="", max_length=10_000)
    schema_version: int = Field(ge=1, lt=2**31)
    guideline_version: int = Field(ge=1, lt=2**31)
    answered_at: Instant
    slices: list[DeviceSlice] = Field(default=[], max_length=500)


class Skip(BaseModel):
    model_config = _STRICT
    type: Literal["skip"]
    key: Id
    lease: RowId
    reason: Literal["unclear", "broken", "harmful", "language", "other"]
    comment: Text = Field(default="", max_length=10_000)
    slices: list[DeviceSlice] = Field(default=[], max_length=500)


class Flag(BaseModel):
    """Marks a task without leaving it."""

    model_config = _STRICT
    type: Literal["flag"]
    key: Id
    lease: RowId
    reason: Literal["harmful", "personal", "wrong", "hard", "other"]
    comment: Text = Field(default="", max_length=10_000)
    slices: list[DeviceSlice] = Field(default=[], max_length=500)


class Ask(BaseModel):
    model_config = _STRICT
    type: Literal["question"]
    key: Id
    project: Id
    lease: RowId | None = None
    text: Text = Field(min_length=1, max_length=10_000)
    slices: list[DeviceSlice] = Field(default=[], max_length=500)


class Time(BaseModel):
    """Time that belongs to no answer: reading a guideline, waiting for us."""

    model_config = _STRICT
    type: Literal["time"]
    key: Id
    project: Id
    slices: list[DeviceSlice] = Field(min_length=1, max_length=500)


Item = Answer | Skip | Flag | Ask | Time
_ITEM: TypeAdapter[Item] = TypeAdapter(Annotated[Item, Field(discriminator="type")])
_ID: TypeAdapter[uuid.UUID] = TypeAdapter(Id)
_LEASE: TypeAdapter[int] = TypeAdapter(Annotated[RowId, Field(strict=True)])
_SLICE: TypeAdapter[DeviceSlice] = TypeAdapter(DeviceSlice)


class Unread(BaseModel):
    """An item that could not be read; kept for a person when it carries a key of its own.

    `why`: lines of `work.sync.reasons`. `lease`, `project` and `slices` are what can be read of it all the same: her
    time counts at once.
    """

    key: uuid.UUID | None
    body: JSONObject
    why: list[str]
    lease: int | None = None
    project: uuid.UUID | None = None
    slices: list[DeviceSlice] = []


def read(raw: object) -> Item | Unread:
    """Read one item. Times without their offset from UTC are refused, and `"12000"` is no number."""
    try:
        return _ITEM.validate_python(raw)
    except ValidationError as error:
        found = error.errors(include_url=False)[:5]
        return _unread(raw, [reason(_place(one["loc"]), one["type"], one.get("ctx")) for one in found])


def _place(location: Sequence[object]) -> str:
    return ".".join(str(part) for part in location[1:] or location)


def _unread(raw: object, why: list[str]) -> Unread:
    body: JSONObject = dict(raw) if isinstance(raw, Mapping) else {"sent": raw}
    slices = body.get("slices")
    return Unread(
        key=_or_none(_ID, body.get("key")),
        body=body,
        why=_spelled(body.get(UNREADABLE)) or why,
        lease=_or_none(_LEASE, body.get("lease")),
        project=_or_none(_ID, body.get("project")),
        slices=[one for one in map(_slice, slices) if one] if isinstance(slices, list) else [],
    )


def _spelled(parts: object) -> list[str]:
    """Why, of an item of which the door could not read all."""
    names = sorted(parts) if isinstance(parts, dict) else []
    return [reason(str(name), NOT_JSON) for name in names[:5]]


def _slice(raw: object) -> DeviceSlice | None:
    return _or_none(_SLICE, raw)


def _or_none(adapter: TypeAdapter[T], raw: object) -> T | None:
    try:
        return adapter.validate_python(raw)
    except ValidationError:
        return None


def digest(raw: object) -> bytes:
    """SHA-256 of the item as canonical JSON: same key, other digest, other content."""
    text = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
