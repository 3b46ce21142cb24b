"""Every refusal can be read: what is wrong and what to do, with all its places filled, in both languages."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import palabre.exchange.formats
from palabre.exchange import errors
from palabre.exchange.errors import ROW_WORDINGS, Refused
from palabre.exchange.errors.kinds import FILE_KINDS
from palabre.exchange.formats.excerpts import excerpt
from tests.exchange.formats.files import bad

SOURCES = "".join(path.read_text() for path in Path(palabre.exchange.formats.__file__).parent.glob("*.py"))
# Any place that a sentence may have.
PLACES = (
    "found expected limit last_line byte character key other width height why name size line value offered "
    "encoding column first second present member bad"
)
FIELDS = dict.fromkeys(PLACES.split(), "7")
REFUSALS = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, Refused) and "code" in vars(each)
]


def test_every_code_that_a_reader_gives_has_its_words() -> None:
    written = set(re.findall(r'Problem\(\s*"([a-z_.]+)"', SOURCES)) | {"quote.not_closed", "quote.misplaced"}
    assert written <= ROW_WORDINGS.keys()
    assert len(written) > 25


@pytest.mark.parametrize("code", ROW_WORDINGS)
def test_every_row_says_what_is_wrong_and_what_to_do(code: str) -> None:
    for sentence in ROW_WORDINGS[code]:
        text = str(sentence) % FIELDS
        assert text[0].isupper() or text.startswith("“")
        assert text.endswith(".")


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_renders(refusal: type[Refused]) -> None:
    assert "%(" not in str(refusal(**FIELDS))
    assert "." in refusal.code


def test_codes_are_told_apart() -> None:
    assert len({each.code for each in REFUSALS}) == len(REFUSALS)


def test_a_bad_row_reads_as_line_column_value_reason_and_remedy() -> None:
    with translation.override("en"):
        (wrong,) = bad("id,text\n1,a\x07b\n")
        assert wrong.describe() == (
            "Line 2, column “text”, value “a\\u0007b”: It holds the control character U+0007. "
            "Delete the character, which cannot be seen."
        )
        assert wrong.wrong == "It holds the control character U+0007."
        assert wrong.remedy == "Delete the character, which cannot be seen."


def test_kinds_are_named_in_the_reader_s_language() -> None:
    refused = errors.FileNotSupported(name="a.pdf", found="pdf")
    with translation.override("en"):
        assert "a PDF document" in str(refused)
    assert refused.fields["found"] in FILE_KINDS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Wolof: ŋaɓi, عربي, 💩", "Wolof: ŋaɓi, عربي, 💩"),
        ("a\x00b\x1b[31m", "a\\u0000b\\u001b[31m"),
        ("\u202eevil", "\\u202eevil"),
        ("\udcff\ud800", "\\xff\\ud800"),
        ("x" * 100, "x" * 60 + "…"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_an_excerpt_is_safe_to_show(text: str, shown: str) -> None:
    assert excerpt(text) == shown
