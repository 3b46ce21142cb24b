import csv
import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from palabre.money import UnknownCurrency
from palabre.pay.actions import settle_day
from palabre.pay.models import Floor, Payout
from palabre.pay.paper.figures import Figures
from palabre.pay.paper.files import COLUMNS, statement_csv, statement_pdf
from palabre.pay.paper.names import FLOORS, PAYOUTS, TIME
from palabre.pay.paper.slip import slip
from palabre.pay.statements import statement_for, week_of
from palabre.record.canonical import Json
from palabre.timesheet.models import Kind as TimeKind
from tests.pay.conftest import DAY, HOUR_MS, NEXT_DAY, Book, new_member, work


@pytest.fixture
def statement(xof: Book, floors: None) -> dict[str, Json]:
    """An hour and a half in Lagos, whose floor comes from the press, corrected once."""
    member = new_member("NG", "Africa/Lagos")
    work(member, xof.escrow, HOUR_MS)
    settle_day(member, DAY, at=NEXT_DAY)
    work(member, xof.escrow, HOUR_MS // 2 + 250, kind="reading")
    settle_day(member, DAY, at=NEXT_DAY)
    return statement_for(member, week_of(DAY), at=NEXT_DAY + dt.timedelta(days=7))


def test_the_table_has_a_line_for_each_thing(statement: dict[str, Json]) -> None:
    rows = list(csv.DictReader(io.StringIO(statement_csv(statement))))
    assert list(rows[0]) == COLUMNS
    assert [row["line"] for row in rows] == [
        "time",
        "time",
        "top_up",
        "top_up",
        "opening",
        "movement",
        "closing",
    ]
    assert (rows[3]["amount"], rows[3]["due"], rows[3]["topped_up_before"]) == ("201.95", "605.80", "403.85")
    assert rows[-1]["amount"] == "605.80"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sheet_is_a_tagged_pdf_of_the_same_bytes(statement: dict[str, Json], language: str) -> None:
    made = statement_pdf(statement, language, name="Amina Bello")
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" in made
    assert made == statement_pdf(statement, language, name="Amina Bello")


def test_the_words_say_what_the_figures_are(statement: dict[str, Json]) -> None:
    with translation.override("en"):
        worded = slip(statement, "en", "Amina Bello")
    assert worded.period == "Week 10 of 2026: Monday, March 2, 2026 to Sunday, March 8, 2026"
    first, second = worded.sums.rows
    assert first[1:] == ["1\N{NO-BREAK SPACE}h × 403.846153…", *amounts("403.85", "0.00", "0.00", "403.85")]
    assert second[1] == "1\N{NO-BREAK SPACE}h 30\N{NO-BREAK SPACE}min 0.25\N{NO-BREAK SPACE}s × 403.846153…"
    assert second[2:] == amounts("605.80", "0.00", "\N{MINUS SIGN}403.85", "201.95")
    assert worded.days.total[-1] == amounts("605.80")[0]
    assert len(worded.warnings) == 1
    assert "a month of 40 hours a week × 52 ÷ 12" in worded.sources[0]


def amounts(*texts: str) -> list[str]:
    """As the reader's language writes them: the sign first, then the currency."""
    minus = "\N{MINUS SIGN}"
    return [
        f"{minus if text.startswith(minus) else ''}NGN\N{NO-BREAK SPACE}{text.removeprefix(minus)}"
        for text in texts
    ]


@pytest.mark.django_db
def test_a_week_without_work_is_worded_too() -> None:
    empty = statement_for(new_member(), week_of(DAY), at=NEXT_DAY)
    with translation.override("en"):
        assert slip(empty, "en", "").days.rows == []
    assert statement_pdf(empty, "en").startswith(b"%PDF-")


def test_every_word_of_the_database_has_a_name() -> None:
    assert set(TIME) == set(TimeKind)
    assert set(PAYOUTS) == set(Payout.State)
    assert set(FLOORS) == set(Floor.Kind)


def test_figures_are_written_as_the_reader_does() -> None:
    english, french = (Figures(language, ZoneInfo("Africa/Dakar")) for language in ("en", "fr"))
    space, narrow = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
    assert english.money(-125000, "XOF") == f"\N{MINUS SIGN}F{narrow}CFA{space}125,000"
    assert french.money(1250, "EUR") == f"12,50{space}€"
    assert french.money(1234567, "TND") == f"1{narrow}234,567{space}TND"
    assert french.day("2026-03-01") == "dimanche 1er mars 2026"
    assert french.short_day("2026-03-11") == "mer. 11 mars"
    assert english.instant("2026-03-01T23:05:09.000000Z") == "March 1, 2026, 23:05"
    assert english.exact("370.526000", 6) == "370.526"
    assert english.exact("346.15384615", 6) == "346.153846…"
    with translation.override("en"):
        assert [english.time(ms) for ms in (0, 59_000, 60_000, 3_600_000)] == [
            f"0{space}min",
            f"59{space}s",
            f"1{space}min",
            f"1{space}h",
        ]
    with pytest.raises(UnknownCurrency):
        english.money(1, "XXX")
