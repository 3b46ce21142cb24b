"""JSON of unknown origin: read in one way only, or refused by a typed error."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.record.errors import (
    CharacterRefused,
    FileNotJson,
    FileNotText,
    FileRefused,
    FileTooBig,
    FileTooDeep,
    KeyRepeated,
    NumberRefused,
)
from palabre.record.strict_json import DEEPEST, MOST_BYTES, read_json

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=30,
)


@given(json_values)
def test_ordinary_json_is_read_as_python_reads_it(value: object) -> None:
    text = json.dumps(value)
    if "\\u0000" not in text:
        assert read_json(text.encode()) == value


@given(st.binary(max_size=60) | st.text('[]{}",:\\u0e-1.tfn ', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(FileRefused):
        read_json(content)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileNotJson),
        (b"hours: 12", FileNotJson),
        (b'{"a": 1,}', FileNotJson),
        (b'{"a": 01}', FileNotJson),
        (b'{"a": 1_000}', FileNotJson),
        ('{"a": ٣}'.encode(), FileNotJson),
        (b'{"a": "\n"}', FileNotJson),
        (b"\xef\xbb\xbf{}", FileNotJson),
        (b"%PDF-1.7\n", FileNotText),
        (b"PK\x03\x04rest", FileNotText),
        (b"\xff\xfe{\0}\0", FileNotText),
        (b'{"a": "\xe9"}', FileNotText),
        (b'{"a": 1, "a": 2}', KeyRepeated),
        (b'{"x": [{"a": 1, "b": 0, "a": 1}]}', KeyRepeated),
        (b'{"a": 1, "\\u0061": 1}', KeyRepeated),
        (b'{"a": NaN}', NumberRefused),
        (b'{"a": -Infinity}', NumberRefused),
        (b'{"a": 1e400}', NumberRefused),
        (b'{"a": 9007199254740992}', NumberRefused),
        (b'{"a": ' + b"9" * 100_000 + b"}", NumberRefused),
        (b'{"a": 0.' + b"9" * 100_000 + b"}", NumberRefused),
        (b'{"a": "\\u0000"}', CharacterRefused),
        (b'{"a": "\\ud800"}', CharacterRefused),
        (b'{"\\udfff": 1}', CharacterRefused),
        (b"[" * 100_000, FileTooDeep),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), FileTooDeep),
        (b'{"a":' * 1000, FileTooDeep),
        (b"[" + b"1," * MOST_BYTES, FileTooBig),
    ],
    ids=range(28),
)
def test_what_is_refused(content: bytes, error: type[FileRefused]) -> None:
    with pytest.raises(error) as caught:
        read_json(content)
    assert len(str(caught.value)) < 300


def test_the_place_of_the_fault_is_given() -> None:
    with pytest.raises(FileNotJson) as caught:
        read_json(b'{\n  "a": 1\n  "b": 2\n}')
    assert caught.value.fields == {"line": 3, "column": 3}


def test_brackets_inside_texts_do_not_count() -> None:
    text = "[" * 500 + '\\"' + "{" * 500
    assert read_json(b'{"a": ["' + text.encode() + b'"]}') == {"a": [json.loads(f'"{text}"')]}
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)
