"""What the API takes and gives: strict types, so that each value can be read in one way only.

`1_000`, `1e3`, `"12"` for a number, `1` for true and digits of other scripts are refused. Every body derives
from `Input`; a parameter in a path or a query uses the types below, never a bare `int` or `datetime`.
"""

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from palabre.ids import read_id
from palabre.record.canonical import LARGEST
from palabre.texts import TextUnreadable, one_line, prose
from palabre.times import read_instant

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# What the database's integer and bigint columns hold.
_INTEGER, _BIGINT = 2**31 - 1, 2**63 - 1


class Verbatim:
    """Mark of a text that names something in somebody else's file: it is kept to the letter."""


# A text of so many characters at most is a name or a title: one line.
ONE_LINE = 200


class Input(Schema):
    """A body that a client sends: nothing is converted and nothing unknown is passed over in silence.

    Texts without characters that can't be shown; names and titles in one line (`palabre.texts`).
    """

    model_config = ConfigDict(strict=True, extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _readable(cls, value: object, info: ValidationInfo) -> object:
        field = cls.model_fields[str(info.field_name)]
        if not isinstance(value, str) or any(mark is Verbatim for mark in field.metadata):
            return value
        try:
            return one_line(value) if _most(field) <= ONE_LINE else prose(value)
        except TextUnreadable:
            raise PydanticCustomError("text_unreadable", "characters that can't be shown") from None


def _most(field: FieldInfo) -> int:
    return min(
        (most for one in field.metadata if isinstance(most := getattr(one, "max_length", None), int)),
        default=2**31,
    )


def _whole(value: object) -> object:
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        raise PydanticCustomError("whole_number", "not a whole number")
    return int(value)


def _id(value: object) -> object:
    try:
        return read_id(value)
    except ValueError:
        raise PydanticCustomError("uuid_parsing", "not an id") from None


def _decimal(value: object) -> object:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise PydanticCustomError("decimal_text", "not a decimal number in text")
    return Decimal(value)


def _instant(value: object) -> object:
    try:
        return read_instant(value)
    except ValueError:
        raise PydanticCustomError("instant", "not an instant of RFC 3339") from None


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "not a day")
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day", "not a day") from None


def _flag(value: object) -> object:
    """JSON has true and false; in a form they are words."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


# Anywhere.
Flag = Annotated[bool, BeforeValidator(_flag)]
Id = Annotated[uuid.UUID, BeforeValidator(_id), WithJsonSchema({"type": "string", "format": "uuid"})]
Instant = Annotated[
    dt.datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
DecimalText = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    WithJsonSchema({"type": "string", "pattern": f"^{_DECIMAL.pattern}$"}),
]

# In a body, where JSON has numbers.
Count = Annotated[int, Strict(), Field(ge=0, le=_INTEGER)]
# Minor units of a currency, as far as the record writes whole numbers.
Minor = Annotated[int, Strict(), Field(ge=-LARGEST, le=LARGEST)]
RowId = Annotated[int, Strict(), Field(ge=1, le=_BIGINT)]

# In a path or a query, where everything is text. FROM_TEXT comes last: else the document lacks the bounds.
FROM_TEXT = BeforeValidator(_whole)
CountText = Annotated[int, Field(ge=0, le=_INTEGER), FROM_TEXT]
RowIdText = Annotated[int, Field(ge=1, le=_BIGINT), FROM_TEXT]
