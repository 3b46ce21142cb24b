"""Reading a campaign's file: stated foldings, everything else named with its place."""

import csv
from pathlib import Path

import pytest

from palabre.replay.campaign import LONGEST_CELL, Campaign, Columns, Judgement, Row, fold, member_id
from palabre.replay.errors import ColumnMissing, ColumnsDiffer, NotReadable

COLUMNS = Columns("text", ("a1", "a2"), ("l1", "l2"), "id")


def rows(folder: Path, *lines: str, labels: list[str] | None = None) -> list[Row]:
    file = folder / "campaign.csv"
    file.write_text("id,text,a1,a2,l1,l2\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return list(Campaign(file, COLUMNS, labels).rows())


def codes(row: Row) -> list[tuple[int, str, str]]:
    return [(cell.line, cell.column, cell.code) for cell in row.refused]


def test_spellings_of_a_label_are_one(tmp_path: Path) -> None:
    found = rows(tmp_path, "1,Ina kwana,8,13.0,POSITIVE, positive ", "2,Lafiya,8,13,Positive,NEGATIVE")
    assert found[0].judgements == (Judgement("8", "POSITIVE"), Judgement("13", "POSITIVE"))
    assert found[1].judgements == (Judgement("8", "POSITIVE"), Judgement("13", "NEGATIVE"))
    assert fold(" Very  GOOD ") == "very good"
    assert (member_id("13.0"), member_id("13"), member_id("a.0"), member_id("13.5")) == (
        "13",
        "13",
        "a.0",
        "13.5",
    )


def test_blank_is_blank_and_odd_cells_are_named(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        "1,text,8,,YES,",
        "2,text,8,,YES,NO",
        "3,text,8,9,YES,",
        "4,text,8,9,YES,MAYBE",
        "5,text,8,8.0,YES,NO",
        "6,,8,9,YES,NO",
        labels=["yes", "no"],
    )
    assert [codes(row) for row in found] == [
        [(2, "l2", "blank")],
        [(3, "a2", "no_member")],
        [(4, "l2", "no_label")],
        [(5, "l2", "label_unknown")],
        [(6, "a2", "member_twice")],
        [(7, "text", "text_blank")],
    ]
    assert [len(row.judgements) for row in found] == [1, 1, 1, 1, 1, 0]
    assert found[0].judgements[0].label == "yes"


def test_quoted_newlines_and_any_script_keep_their_line(tmp_path: Path) -> None:
    found = rows(tmp_path, '1,"two\nlines",8,9,YES,NO', "2,እንዴት ነህ 😭,8,9,YES,")
    assert (found[0].line, found[0].text) == (2, "two\nlines")
    assert (found[1].line, found[1].text) == (4, "እንዴት ነህ 😭")
    assert codes(found[1]) == [(4, "l2", "no_label")]


def test_a_cell_too_long_is_named_and_other_readers_keep_their_limit(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    rows(tmp_path, "1,A text.,a,P,b,P")
    with pytest.raises(NotReadable):
        rows(tmp_path, f"1,{'x' * (LONGEST_CELL + 1)},a,P,b,P")
    assert csv.field_size_limit() == before


def test_what_is_no_campaign_is_refused_before_it_begins(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("id,text,a1\n", encoding="utf-8")
    with pytest.raises(ColumnMissing, match="a2"):
        Campaign(file, COLUMNS)
    with pytest.raises(ColumnsDiffer):
        Campaign(file, Columns("text", ("a1", "a2"), ("l1",)))
    file.write_bytes(b"id,text\n\xff\xfe")
    with pytest.raises(NotReadable):
        Campaign(file, Columns("text", (), ()))
    with pytest.raises(NotReadable):
        Campaign(tmp_path / "nowhere.csv", COLUMNS)
