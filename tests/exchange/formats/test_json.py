"""JSON lists and JSON lines: each item apart, strictly, whatever stands before and after it."""

import json

import pytest

from palabre.exchange.errors import FileHasNoRows, FileNotWhatItsNameSays, JsonNotAList
from palabre.exchange.formats import BadRow, Limits, Row
from tests.exchange.formats.files import bad, codes, good, outcomes

ITEMS = [
    {"id": 1, "text": 'Quotes " and \\ and ] } in é 💩', "tags": ["a", {"b": [1, 2.5, None, True]}]},
    {"id": "x-2", "text": "two\nlines", "n": -3},
]


def in_both_forms(item: str) -> list[tuple[str, str]]:
    """The item alone in a line, and between two good ones in a list."""
    return [("tasks.jsonl", item + "\n"), ("tasks.json", f'[{{"a": 1}},\n{item},\n{{"b": 2}}]')]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_is_read_as_json_reads_it(indent: int | None) -> None:
    assert good(json.dumps(ITEMS, indent=indent), "tasks.json") == ITEMS


@pytest.mark.parametrize("ascii_only", [True, False])
def test_lines_are_read_as_json_reads_them(ascii_only: bool) -> None:
    lines = "\r\n".join(json.dumps(item, ensure_ascii=ascii_only) for item in ITEMS)
    assert good(lines + "\n\n", "tasks.jsonl") == ITEMS


def test_items_know_their_line_and_their_id() -> None:
    found = outcomes(json.dumps(ITEMS, indent=1), "tasks.json")
    assert [(row.line, row.external_id) for row in found if isinstance(row, Row)] == [(2, "1"), (17, "x-2")]


@pytest.mark.parametrize(
    ("item", "code", "column"),
    [
        ('{"a": 1, "a": 2}', "json.key_repeated", None),
        ('{"x": {"a": 1, "a": 2}}', "json.key_repeated", "x"),
        ('{"x": [0, 1e400]}', "json.number_too_large", "x[1]"),
        ('{"x": 0.1234567890123456789}', "json.number_too_fine", "x"),
        ('{"x": [1.00000000000000000001]}', "json.number_too_fine", "x[0]"),
        (f'{{"x": 1.{"0" * 5000}1}}', "json.number_too_fine", "x"),
        ('{"x": 1e-400}', "json.number_too_fine", "x"),
        ('{"x": 9007199254740993}', "json.number_too_large", "x"),
        (f'{{"x": {"9" * 5000}}}', "json.number_too_large", "x"),
        ('{"x": NaN}', "json.number_not_finite", "x"),
        ('{"x": -Infinity}', "json.number_not_finite", "x"),
        ('{"x": "a\\u0000"}', "text.control", "x"),
        ('{"x": "\\ud800"}', "text.surrogate", "x"),
        ('{"a\\u0001": 1}', "text.control", None),
        ('{"x": 01}', "json.invalid", None),
        ('{"x": 1,}', "json.invalid", None),
        ("{'x': 1}", "json.invalid", None),
        ('"text"', "item.not_an_object", None),
        ("12", "item.not_an_object", None),
        ("[1, 2]", "item.not_an_object", None),
        ("null", "item.not_an_object", None),
        ('{"id": 1.5}', "id.not_text", "id"),
        ('{"id": true}', "id.not_text", "id"),
        ('{"id": {"a": 1}}', "id.not_text", "id"),
    ],
)
def test_what_is_wrong_with_an_item(item: str, code: str, column: str | None) -> None:
    for name, content in in_both_forms(item):
        lines = content if name == "tasks.json" else '{"a": 1}\n' + content + '{"b": 2}\n'
        assert codes(lines, name) == ["ok", code, "ok"]
        (wrong,) = bad(lines, name)
        assert (wrong.line, wrong.column) == (2, column)


def test_the_largest_whole_number_is_kept() -> None:
    assert good('[{"x": 9007199254740992}, {"x": -9007199254740992}]', "t.json") == [
        {"x": 2**53},
        {"x": -(2**53)},
    ]


def test_an_escaped_pair_is_one_character() -> None:
    assert good('[{"x": "\\ud83d\\udca9"}]', "t.json") == [{"x": "💩"}]


@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_deep_nesting_is_refused_before_it_is_parsed(opening: str) -> None:
    closing = "}" if opening.startswith("{") else "]"
    deep = '{"x": ' + opening * 100_000 + "1" + closing * 100_000 + "}"
    for name, content in in_both_forms(deep):
        assert [code for code in codes(content, name) if code != "ok"] == ["json.too_deep"]


def test_nesting_at_the_limit_is_taken() -> None:
    limits = Limits(depth=5)
    assert codes('[{"x": [[[[1]]]]}, {"x": [[[[[1]]]]]}]', "t.json", limits=limits) == [
        "ok",
        "json.too_deep",
    ]


def test_brackets_in_texts_are_no_nesting() -> None:
    assert codes(json.dumps([{"x": "[{" * 1000}]), "t.json") == ["ok"]


@pytest.mark.parametrize(
    "cut", ['[{"a": 1}, {"b": ', '[{"a": 1}, {"b": "x', '[{"a": 1},', '[{"a": 1}', '[{"a": 1}, 1']
)
def test_a_list_that_is_cut_short_keeps_its_rows_and_says_so(cut: str) -> None:
    assert codes(cut, "tasks.json") == ["ok", "json.cut_short"]


@pytest.mark.parametrize(
    "broken",
    ['[{"a": 1} {"b": 2}]', '[{"a": 1},,{"b": 2}]', '[{"a": 1},]', '[{"a": 1}, {"b": [1}]', '[{"a": 1}] []'],
)
def test_a_broken_list_says_where(broken: str) -> None:
    first, wrong = outcomes(broken, "tasks.json")
    assert isinstance(first, Row)
    assert isinstance(wrong, BadRow)
    assert wrong.code == "json.broken"
    assert 10 <= int(wrong.fields["byte"]) <= 20


def test_a_line_that_is_cut_short_spoils_itself_only() -> None:
    assert codes('{"a": 1}\n{"b": \n{"c": 3}\n{"d":', "t.jsonl") == [
        "ok",
        "json.invalid",
        "ok",
        "json.invalid",
    ]


def test_a_large_item_is_refused_and_the_rest_is_read() -> None:
    large = json.dumps({"text": 'x"]}' * 3_000_000})
    for name, content in in_both_forms(large):
        lines = content if name == "tasks.json" else '{"a": 1}\n' + content + '{"b": 2}\n'
        assert codes(lines, name) == ["ok", "row.too_long", "ok"]


def test_a_long_text_is_refused_with_its_field() -> None:
    (wrong,) = bad('[{"a": {"b": "ééééé"}}]', "t.json", limits=Limits(cell_bytes=8))
    assert (wrong.column, wrong.code) == ("a.b", "cell.too_long")


def test_required_fields_must_be_there() -> None:
    content = '{"text": ""}\n{"text": null}\n{}\n{"text": 0}\n{"text": "a"}\n'
    assert codes(content, "t.jsonl", required=["text"]) == ["cell.blank"] * 3 + ["ok", "ok"]


def test_a_named_id_must_be_there() -> None:
    assert codes('{"key": "a"}\n{"id": 1}\n', "t.jsonl", id_field="key") == ["ok", "id.blank"]


@pytest.mark.parametrize("content", ["{}", '{"a": 1}', '{\n  "a": 1,\n  "b": 2\n}'])
def test_one_object_is_no_list(content: str) -> None:
    with pytest.raises(JsonNotAList):
        outcomes(content, "tasks.json")


def test_an_empty_list_has_no_rows() -> None:
    with pytest.raises(FileHasNoRows):
        outcomes(" [ ] ", "tasks.json")


def test_json_lines_under_a_json_name_are_named() -> None:
    with pytest.raises(FileNotWhatItsNameSays) as refused:
        outcomes('{"a": 1}\n{"a": 2}\n', "tasks.json")
    assert "JSON lines" in str(refused.value)


def test_a_backslash_at_every_place_of_a_piece_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"text": "\\" * n + '"' * n + "]}", "n": n} for n in range(40)]
    for size in (1, 2, 3, 5, 7):
        monkeypatch.setattr("palabre.exchange.formats.json_array.CHUNK", size)
        assert good(json.dumps(items), "tasks.json") == items
