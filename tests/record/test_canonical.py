"""Canonical JSON: RFC 8785's own tables, and the fast way against the full one."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.record.canonical import LARGEST, Json, canonical, canonical_event, check_event_data
from palabre.record.errors import EventDataRefused, NotCanonical

# RFC 8785, appendix B: the bits of a double and the text that it must have.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ascii_keys = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=8)
scalars = st.none() | st.booleans() | texts | st.integers(-LARGEST, LARGEST)
event_data: st.SearchStrategy[Json] = st.dictionaries(
    ascii_keys,
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ascii_keys, inner, max_size=4),
        max_leaves=20,
    ),
    max_size=5,
)


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_are_written_as_the_standard_says(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number).decode() == text


def test_keys_are_ordered_by_utf_16_units() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical(dict.fromkeys(names, 0)).decode()
    order = ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert written == "{" + ",".join(f'"{name}":0' for name in order) + "}"


@pytest.mark.parametrize(
    "value",
    [2**53, -(2**53), float("nan"), float("inf"), "\ud800", {"\ud800": 1}, {1: 2}, [b"x"], {1, 2}],
)
def test_what_has_no_canonical_form_is_refused(value: Json) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_depth_beyond_the_machine_is_refused() -> None:
    value: Json = 0
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical):
        canonical(value)


@given(event_data)
def test_the_fast_way_gives_the_bytes_of_the_standard(data: dict[str, Json]) -> None:
    check_event_data(data)
    assert canonical_event(data) == canonical(data)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"hours": [1, 2.5]}, "data.hours[1]"),
        ({"a": {"b": [{"c": 2**53}]}}, "data.a.b[0].c"),
        ({"name": "a\0b"}, "data.name"),
        ({"name": "\udfff"}, "data.name"),
        ({"a": {"clé": 1}}, "data.a"),
        ({"a": {2: 1}}, "data.a"),
        ({"a": {"\0": 1}}, "data.a"),
        ({"a": (1, 2)}, "data.a"),
        ({"a": b"bytes"}, "data.a"),
    ],
)
def test_event_data_names_the_place_of_what_it_refuses(data: object, path: str) -> None:
    with pytest.raises(EventDataRefused) as caught:
        check_event_data(data)
    assert caught.value.fields["path"] == path
    assert str(caught.value).startswith(f"{path}: ")


def test_event_data_is_bounded_in_depth() -> None:
    value: object = 0
    for _ in range(1000):
        value = [value]
    with pytest.raises(EventDataRefused):
        check_event_data(value)


def test_an_event_with_half_a_character_has_no_bytes() -> None:
    with pytest.raises(NotCanonical):
        canonical_event({"a": "\ud800"})
