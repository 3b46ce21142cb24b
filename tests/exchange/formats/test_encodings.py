"""Encodings: UTF-8 and UTF-16 by themselves, older ones only by name, damage with its place."""

import codecs

import pytest

from palabre.exchange.errors import EncodingNotClear, EncodingNotOffered
from tests.exchange.formats.files import bad, codes, good, outcomes

TABLE = "id,text\n1,élève ŋaɓi 💩\n"
ROWS = [{"id": "1", "text": "élève ŋaɓi 💩"}]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
    ],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be"],
)
def test_unicode_is_read(content: bytes) -> None:
    assert good(content) == ROWS


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tasks.json", '[{"text": "é"}]'),
        ("tasks.jsonl", '{"text": "é"}\r\n'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_read_in_unicode_too(name: str, content: str, encoding: str) -> None:
    assert good(content.encode(encoding), name) == [{"text": "é"}]


def test_latin_1_is_refused_with_the_place_and_what_to_do() -> None:
    with pytest.raises(EncodingNotClear) as refused:
        outcomes("id,text\n1,ok\n2,élève\n".encode("latin-1"))
    assert {key: refused.value.fields[key] for key in ("line", "byte", "value")} == {
        "line": 3,
        "byte": 3,
        "value": "0xE9",
    }
    assert "windows-1252" in str(refused.value)


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1", "Windows-1252 "])
def test_an_old_encoding_is_read_when_it_is_named(encoding: str) -> None:
    content = "id,text\n1,élève\n".encode("latin-1")
    assert good(content, encoding=encoding) == [{"id": "1", "text": "élève"}]


def test_a_byte_that_windows_1252_does_not_have_spoils_its_row() -> None:
    assert codes(b"id,text\n1,a\x81b\n2,\x93c\x94\n", encoding="windows-1252") == ["text.bytes", "ok"]


def test_an_encoding_that_is_not_read_is_refused() -> None:
    with pytest.raises(EncodingNotOffered):
        outcomes(b"id,text\n1,a\n", encoding="shift-jis")


def test_utf_16_without_its_mark_is_refused() -> None:
    with pytest.raises(EncodingNotClear):
        outcomes(TABLE.encode("utf-16-le"))


def test_utf_32_is_refused() -> None:
    with pytest.raises(EncodingNotOffered):
        outcomes(TABLE.encode("utf-32"))


def test_one_damaged_byte_spoils_its_row_only() -> None:
    content = "id,text\n1,élève à l'école\n2,b??d\n3,été\n".encode().replace(b"??", b"\xff")
    (wrong,) = bad(content)
    assert (wrong.line, wrong.column, wrong.code, wrong.value) == (3, "text", "text.bytes", "b\\xffd")
    assert wrong.fields == {"byte": "0xFF"}
    assert codes(content) == ["ok", "text.bytes", "ok"]


def test_a_file_that_ends_inside_a_character_says_so() -> None:
    content = "id,text\n1,éé\n2,é".encode()[:-1]
    assert codes(content) == ["ok", "text.bytes"]


def test_utf_16_with_half_a_character_spoils_its_row() -> None:
    content = codecs.BOM_UTF16_LE + "id,text\n1,a\ud800b\n2,c\n".encode("utf-16-le", "surrogatepass")
    assert codes(content) == ["text.surrogate", "ok"]


def test_utf_16_with_an_odd_byte_at_the_end_spoils_its_row() -> None:
    content = codecs.BOM_UTF16_LE + "id,text\n1,a\n2,b".encode("utf-16-le") + b"\xff"
    assert codes(content) == ["ok", "text.bytes"]


def test_a_surrogate_written_as_utf_8_is_no_text() -> None:
    content = "id,text\n1,é\n2,éèà".encode() + b"\xed\xa0\x80\n"
    assert codes(content) == ["ok", "text.bytes"]
