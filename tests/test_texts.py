"""What may stand in a line, and what looks the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.texts import TextUnreadable, alike, one_line, prose, unaccented


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Awa\r\nBcc: all@example.org", "Awa Bcc: all@example.org"),
        ("  two\t words \n", "two words"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("no\u200bwidth\ufeff", "nowidth"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
    ],
)
def test_a_name_is_one_line(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ud800"])
def test_what_no_screen_shows_is_refused_everywhere(sign: str) -> None:
    for read in (one_line, prose):
        with pytest.raises(TextUnreadable):
            read(f"a{sign}b")


def test_prose_keeps_its_lines() -> None:
    assert prose("one\n\n\ttwo\r\n") == "one\n\n\ttwo\r\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Positif", "positif "),
        ("caf\u00e9", "cafe\u0301"),
        ("\ufb01n", "fin"),
        ("a\u200bb", "ab"),
        ("x\u200dy", "xy"),
    ],
)
def test_two_that_nobody_can_tell_apart_are_alike(one: str, other: str) -> None:
    assert alike(one) == alike(other)


def test_accents_tell_two_names_apart_and_are_not_needed_to_find_one() -> None:
    assert alike("p\u00eache") != alike("peche")
    assert unaccented("A\u00efssatou \u00c9l\u00f3dia") == "aissatou elodia"


@given(st.text())
def test_a_line_that_was_read_reads_the_same_again(typed: str) -> None:
    try:
        once = one_line(typed)
    except TextUnreadable:
        return
    assert one_line(once) == once
    assert "\n" not in once
    assert alike(once) == alike(alike(once))
