"""CSV and TSV: what must work, and what is refused with its line, column and value."""

import csv
import io

import pytest

from palabre.exchange.errors import (
    FieldMissing,
    FileEmpty,
    FileHasNoRows,
    HeaderNameMissing,
    HeaderNameRepeated,
    HeaderTooWide,
    HeaderUnreadable,
)
from palabre.exchange.formats import Limits, Row
from tests.exchange.formats.files import bad, codes, good, outcomes


def test_a_row_has_its_line_its_id_and_its_cells() -> None:
    (row,) = outcomes("id,text\n 8 ,Hello\n")
    assert isinstance(row, Row)
    assert (row.line, row.external_id, row.payload) == (2, "8", {"id": " 8 ", "text": "Hello"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found(delimiter: str) -> None:
    content = f"id{delimiter}text{delimiter}label\n1{delimiter}one, two; three{delimiter}x\n".replace(
        "one, two; three", '"one, two; three"'
    )
    assert good(content) == [{"id": "1", "text": "one, two; three", "label": "x"}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_works(end: str) -> None:
    found = outcomes(end.join(["id,text", "1,a", "2,b", ""]))
    assert [(row.line, row.payload) for row in found if isinstance(row, Row)] == [
        (2, {"id": "1", "text": "a"}),
        (3, {"id": "2", "text": "b"}),
    ]


def test_the_last_line_needs_no_end() -> None:
    assert good("id,text\n1,a") == [{"id": "1", "text": "a"}]


def test_a_single_column_needs_no_separator() -> None:
    assert good("text\nHello\nBye\n") == [{"text": "Hello"}, {"text": "Bye"}]


def test_quoted_cells_hold_separators_line_ends_and_quotation_marks() -> None:
    found = outcomes('id,text\n1,"two\nlines, ""quoted"""\n2,b\n')
    assert [(row.line, row.payload["text"]) for row in found if isinstance(row, Row)] == [
        (2, 'two\nlines, "quoted"'),
        (4, "b"),
    ]


def test_a_quotation_mark_inside_a_plain_cell_is_a_character() -> None:
    assert good('id,text\n1,a 5" pipe\n') == [{"id": "1", "text": 'a 5" pipe'}]


def test_blank_lines_are_no_rows() -> None:
    assert good("\n\nid,text\n\n1,a\n\n\n") == [{"id": "1", "text": "a"}]


def test_a_quotation_mark_that_never_closes_takes_its_lines_with_it() -> None:
    (wrong,) = bad('id,text\n1,a\n2,"open\n3,b\n4,c\n')
    assert (wrong.line, wrong.code, wrong.fields) == (3, "quote.not_closed", {"last_line": 5})
    assert wrong.value == '2,"open\\u000a'


def test_text_after_a_closing_quotation_mark_spoils_its_record_only() -> None:
    assert codes('id,text\n1,"a"b\n2,c\n') == ["quote.misplaced", "ok"]


def test_ragged_rows_say_how_many_cells_they_have() -> None:
    short, long = bad("id,text,label\n1,a\n2,b,c,d\n3,e,f\n")
    assert (short.line, short.code, short.fields) == (2, "row.width", {"found": 2, "expected": 3})
    assert (long.line, long.value, long.fields["found"]) == (3, "2,b,c,d", 4)


def test_a_row_of_empty_cells_is_refused() -> None:
    assert codes("id,text\n,\n1,a\n") == ["row.empty", "ok"]


def test_empty_cells_are_kept_where_nothing_is_required() -> None:
    assert good("id,text,note\n1,a,\n") == [{"id": "1", "text": "a", "note": ""}]


def test_empty_cells_are_refused_where_something_is_required() -> None:
    (wrong,) = bad("id,text\n1,\n2,b\n3,c\n", required=["text"])
    assert (wrong.line, wrong.column, wrong.code) == (2, "text", "cell.blank")


def test_a_blank_id_is_none_unless_the_column_was_named() -> None:
    (row,) = outcomes("id,text\n,a\n")
    assert isinstance(row, Row)
    assert row.external_id is None
    assert codes("key,text\n ,a\n", id_field="key") == ["id.blank"]


def test_an_id_is_kept_as_written() -> None:
    found = outcomes("id,text\n007,a\n13.0,b\n٣,c\n")
    assert [row.external_id for row in found if isinstance(row, Row)] == ["007", "13.0", "٣"]


def test_an_id_that_is_too_long_is_refused() -> None:
    (wrong,) = bad(f"id,text\n{'9' * 256},a\n")
    assert (wrong.column, wrong.code, wrong.fields) == ("id", "id.too_long", {"limit": 255})


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n \r\n"])
def test_an_empty_file_is_refused(content: str) -> None:
    with pytest.raises(FileEmpty):
        outcomes(content)


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(FileHasNoRows):
        outcomes("id,text\n")


def test_a_repeated_name_in_the_header_is_refused_with_both_columns() -> None:
    with pytest.raises(HeaderNameRepeated) as refused:
        outcomes("id,text, text\n1,a,b\n")
    assert refused.value.fields == {"name": "tasks.csv", "column": "text", "first": 2, "second": 3}


def test_a_column_without_a_name_is_refused() -> None:
    with pytest.raises(HeaderNameMissing) as refused:
        outcomes("id,,text\n1,a,b\n")
    assert refused.value.fields["column"] == 2


def test_a_header_that_never_ends_is_refused() -> None:
    with pytest.raises(HeaderUnreadable):
        outcomes('"id,text\n1,a\n')


def test_a_header_with_control_characters_is_refused() -> None:
    with pytest.raises(HeaderUnreadable):
        outcomes("id,te\x00xt\n1,a\n")


def test_a_header_that_is_too_wide_is_refused() -> None:
    with pytest.raises(HeaderTooWide):
        outcomes("a,b,c\n1,2,3\n", limits=Limits(fields=2))


def test_a_column_that_the_import_needs_is_asked_for_by_name() -> None:
    with pytest.raises(FieldMissing) as refused:
        outcomes("id,texte\n1,a\n", required=["text"])
    assert "id, texte" in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "code", "fields"),
    [
        ("a\x00b", "text.control", {"character": "U+0000"}),
        ("a\x1bb", "text.control", {"character": "U+001B"}),
        ("a\x7fb", "text.control", {"character": "U+007F"}),
    ],
)
def test_control_characters_are_refused_with_their_place(
    cell: str, code: str, fields: dict[str, str]
) -> None:
    content = f"id,text\n1,fine\n2,{cell}\n"
    (wrong,) = bad(content)
    assert (wrong.line, wrong.column, wrong.code, wrong.fields) == (3, "text", code, fields)
    assert cell not in wrong.value
    assert codes(content) == ["ok", code]


def test_tabs_and_line_ends_are_no_control_characters() -> None:
    assert good('id,text\n1,"a\tb\r\nc"\n') == [{"id": "1", "text": "a\tb\r\nc"}]


def test_a_cell_of_ten_megabytes_is_refused_and_the_rest_is_read() -> None:
    content = "id,text\n1,a\n2," + "x" * 10_000_000 + "\n3,c\n"
    (wrong,) = bad(content)
    assert (wrong.line, wrong.column, wrong.code) == (3, "text", "cell.too_long")
    assert outcomes(content)[2].line == 4


def test_a_quoted_cell_of_ten_megabytes_with_line_ends_is_one_bad_row() -> None:
    cell = '"' + 'a ""b"",\r\n' * 1_000_000 + '"'
    content = f"id,text,n\n1,a,1\n2,{cell},3\n4,c,5\n"
    (wrong,) = bad(content)
    assert (wrong.line, wrong.column, wrong.code) == (3, "text", "cell.too_long")
    assert outcomes(content)[2].line == 1_000_004


def test_a_quotation_mark_open_over_megabytes_is_named() -> None:
    (wrong,) = bad('id,text\n1,"open\n' + "2,b\n" * 2_000_000)
    assert (wrong.line, wrong.code) == (2, "quote.not_closed")
    assert wrong.fields == {"last_line": 2_000_003}


def test_a_cell_just_at_the_limit_is_taken_and_counted_in_bytes() -> None:
    limits = Limits(cell_bytes=8)
    assert codes("id,text\n1,12345678\n2,123456789\n3,éééé\n4,ééééé\n", limits=limits) == [
        "ok",
        "cell.too_long",
        "ok",
        "cell.too_long",
    ]


def test_a_row_of_many_long_cells_is_refused() -> None:
    assert codes("a,b,c\n12345,12345,12345\n1,2,3\n", limits=Limits(row_bytes=12)) == ["row.too_long", "ok"]


def test_rows_are_those_of_the_standard_reader() -> None:
    lines = [f'{n},"text {n}, ""with"" quotes\r\nand lines",{"x" * (n % 50)}é' for n in range(20_000)]
    content = "id,text,more\r\n" + "\r\n".join(lines) + "\r\n"
    assert good(content) == list(csv.DictReader(io.StringIO(content, newline="")))
