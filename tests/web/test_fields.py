"""Each value can be read in one way only; and no operation takes a looser one."""

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from palabre.api import api
from palabre.web.door import takes_body
from palabre.web.fields import Count, CountText, Day, DecimalText, Id, Instant, Minor, RowId, RowIdText
from tests.web.examples import Examples

AT = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)


def read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "value", "read_as"),
    [
        (CountText, "0", 0),
        (CountText, "2147483647", 2**31 - 1),
        (RowIdText, "9223372036854775807", 2**63 - 1),
        (Count, 12, 12),
        (Minor, -5, -5),
        (DecimalText, "1.02923900", Decimal("1.02923900")),
        (DecimalText, "0", Decimal(0)),
        (Instant, "2026-01-05T08:00:00Z", AT),
        (Instant, "2026-01-05T09:00:00.000+01:00", AT),
        (Day, "2026-01-05", dt.date(2026, 1, 5)),
        (Id, "01a20f85-9AFB-7896-9069-e791ca28f3dc", uuid.UUID("01a20f859afb78969069e791ca28f3dc")),
    ],
)
def test_what_is_right(kind: object, value: object, read_as: object) -> None:
    assert read(kind, value) == read_as


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (CountText, ["1_000", "1e3", "٣", "+1", " 1", "01", "1.0", "", "-1", "2147483648", "0x1", 1, True]),
        (RowIdText, ["0", "9223372036854775808", "1" * 40]),
        (Count, ["1", 1.0, True, -1, 2**31, None]),
        (RowId, [0, 2**63]),
        (Minor, ["5", 5.0, 2**53]),
        (
            DecimalText,
            [1, 1.5, "1e3", "NaN", "1_000", "٣", "1.", ".5", "-1", "+1", "01", "1" * 19, "1." + "1" * 13],
        ),
        (
            Instant,
            [
                "2026-01-05T08:00:00",
                "2026-01-05",
                0,
                "0",
                "2026-13-01T00:00:00Z",
                "0001-01-01T00:00:00+14:00",
            ],
        ),
        (Day, ["2026-1-5", "20260105", "2026-02-30", 0, "2026-W05", "٢٠٢٦-٠١-٠٥"]),
        (
            Id,
            [
                "{01a20f85-9afb-7896-9069-e791ca28f3dc}",
                "01a20f859afb78969069e791ca28f3dc",
                1,
                "",
                "urn:uuid:0",
            ],
        ),
    ],
)
def test_what_is_refused(kind: object, values: list[object]) -> None:
    for value in values:
        with pytest.raises(ValidationError):
            read(kind, value)


@given(
    st.one_of(
        st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none(), st.binary(max_size=9)
    )
)
def test_nothing_else_than_a_refusal_comes_out(value: object) -> None:
    for kind in (CountText, RowIdText, Count, RowId, Minor, DecimalText, Instant, Day, Id):
        try:
            read(kind, value)
        except ValidationError:
            continue


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_instants_come_back(at: dt.datetime) -> None:
    assert read(Instant, at.isoformat().replace("+00:00", "Z")) == at


def _document() -> Any:
    return api.get_openapi_schema(path_prefix="/api/v1")


def _numbers(schema: Any, examples: Examples, seen: set[str]) -> Iterator[tuple[str, Any]]:
    """Every number in a schema, with its name."""
    if "$ref" in schema:
        if schema["$ref"] in seen:
            return
        seen.add(schema["$ref"])
        schema = examples._resolve(schema["$ref"])
    for name, inner in schema.get("properties", {}).items():
        if inner.get("type") in {"integer", "number"}:
            yield name, inner
        yield from _numbers(inner, examples, seen)
    for key in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(key, []):
            yield from _numbers(inner, examples, seen)
    if isinstance(schema.get("items"), dict):
        if schema["items"].get("type") in {"integer", "number"}:
            yield "items", schema["items"]
        yield from _numbers(schema["items"], examples, seen)


def test_every_number_that_comes_in_is_bounded() -> None:
    """An unbounded one would reach the database, which refuses it by an error of its own."""
    document = _document()
    examples = Examples(document)
    loose = set()
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            schemas = [{"properties": {each["name"]: each["schema"]}} for each in details["parameters"]] + [
                each["schema"] for each in details.get("requestBody", {}).get("content", {}).values()
            ]
            loose |= {
                f"{method} {path} {name}"
                for schema in schemas
                for name, number in _numbers(schema, examples, set())
                if "minimum" not in number or "maximum" not in number
            }
    assert loose == set()


def test_every_body_is_strict() -> None:
    """Bodies derive from `Input`: nothing is converted and nothing unknown is passed over."""
    loose = []
    for path, operation in api.operations():
        if not takes_body(operation):
            continue
        for model in operation.models:
            if model.__ninja_param_source__ != "body":
                continue
            for field in model.model_fields.values():
                config = getattr(field.annotation, "model_config", {})
                if not (config.get("strict") and config.get("extra") == "forbid"):
                    loose.append(f"{operation.methods[0]} {path}")
    assert loose == []


def test_every_parameter_in_an_address_is_strict() -> None:
    """A bare `int` would read "1_000", and a bare `datetime` a number of seconds."""
    bare = {int, float, Decimal, dt.datetime, dt.date, uuid.UUID, bool}
    loose = [
        f"{operation.methods[0]} {path} {name}"
        for path, operation in api.operations()
        for model in operation.models
        if model.__ninja_param_source__ in {"path", "query"}
        for name, field in _flat(model.model_fields)
        if field.annotation in bare
        and not any(type(each).__name__ == "BeforeValidator" for each in field.metadata)
    ]
    assert loose == []


def _flat(fields: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, field in fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        if inner is None:
            yield name, field
        else:
            yield from _flat(inner)
