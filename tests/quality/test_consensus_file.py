"""Files from anywhere: what is read, what is left out and named, what is refused; and what is written."""

import csv
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.quality import errors, labelled_table
from palabre.quality.consensus_file import (
    JudgementFile,
    Method,
    Truth,
    compare_with_truth,
    find_labels,
    read_judgements,
    read_truth,
    spreadsheet_safe,
    whole_file,
    write_labels,
)
from palabre.quality.labelled_table import LeftOut, Place

PLAIN = "task,worker,label\nt1,ana,yes\nt1,bea,no\nt2,ana,yes\n"


def read(content: str | bytes) -> JudgementFile:
    raw = content.encode() if isinstance(content, str) else content
    return read_judgements(BufferedReader(BytesIO(raw)), "labels.csv")


def rows(judged: JudgementFile) -> list[tuple[str, str, str]]:
    judgements = judged.judgements
    triples = zip(judgements.task, judgements.member, judgements.label, strict=True)
    return [(judgements.tasks[t], judgements.members[m], judgements.labels[k]) for t, m, k in triples]


PLAIN_ROWS = [("t1", "ana", "yes"), ("t1", "bea", "no"), ("t2", "ana", "yes")]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.rstrip("\n"),
        "\n \n" + PLAIN.replace("\n", "\n\n"),
        PLAIN.replace("task,worker,label", " task ,worker, label "),
        'label,"a note",worker,task\nyes,"one, and\r\ntwo",ana,t1\nno,,bea,t1\nyes,"""",ana,t2\n',
    ],
    ids=[
        "plain",
        "UTF-8 with BOM",
        "UTF-16 with BOM",
        "UTF-16 little",
        "UTF-16 big",
        "UTF-16 big with BOM",
        "CRLF",
        "CR",
        "semicolons",
        "tabs",
        "no last line end",
        "empty lines",
        "spaces in the header",
        "further columns, other order, quoted commas and line breaks",
    ],
)
def test_the_same_judgements_in_many_dresses(content: str | bytes) -> None:
    judged = read(content)
    assert rows(judged) == PLAIN_ROWS
    assert judged.left_out.rows == 0


def test_cells_are_taken_as_written() -> None:
    judged = read('task,worker,label\n8, a,é\n8.0," a",é\n"1,5",ana,ß\n')
    assert rows(judged) == [("1,5", "ana", "ß"), ("8", " a", "é"), ("8.0", " a", "é")]


def test_empty_cells_are_left_out_and_named_by_line_and_column() -> None:
    judged = read('task,worker,label,note\nt1,ana,yes,"a\nb"\nt1,,\n ,"",no,\nt2,bea,yes\nt3\n')
    assert rows(judged) == [("t1", "ana", "yes"), ("t2", "bea", "yes")]
    assert judged.left_out.rows == 3
    assert judged.left_out.places == [
        Place(4, "worker", "empty"),
        Place(4, "label", "empty"),
        Place(5, "task", "empty"),
        Place(5, "worker", "empty"),
        Place(7, "worker", "empty"),
        Place(7, "label", "empty"),
    ]


def test_a_row_wider_than_the_header_is_left_out_and_named() -> None:
    judged = read("task,worker,label\nt1,ana,yes\nt1,bea, the second,yes\n")
    assert judged.left_out == LeftOut(rows=1, cells=1, places=[Place(3, "4", "beyond_header")])


def test_all_places_are_counted_but_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled_table, "MOST_PLACES", 3)
    judged = read(PLAIN + "t,,\n" * 5)
    assert (judged.left_out.rows, judged.left_out.cells, len(judged.left_out.places)) == (5, 10, 3)


def test_the_last_answer_counts() -> None:
    judged = read(PLAIN + "t1,ana,no\n")
    assert ("t1", "ana", "no") in rows(judged)
    assert judged.judgements.replaced == 1


REFUSED: list[tuple[str | bytes, type[errors.ConsensusRefused], dict[str, object]]] = [
    (b"", errors.HeaderMissing, {}),
    ("\n\n  \n", errors.HeaderMissing, {}),
    ("task,worker\nt,a\n", errors.ColumnMissing, {"line": 1, "column": "label", "present": "task, worker"}),
    ("\ntask,annotator,label\n", errors.ColumnMissing, {"line": 2, "column": "worker"}),
    ("Task,worker,label\n", errors.ColumnMissing, {"column": "task"}),
    ("task|worker|label\n", errors.ColumnMissing, {"column": "task", "present": "task|worker|label"}),
    ("task,worker,label,task\n", errors.ColumnRepeated, {"line": 1, "column": "task"}),
    ("task,worker,label\n", errors.NoJudgements, {}),
    ("task,worker,label\n,,\n", errors.NoJudgements, {}),
    (PLAIN + "t3,a\0na,yes\n", errors.NulCharacter, {"line": 5, "character": 5}),
    (PLAIN.encode() + b"t3,ana,\xe9t\xe9\n", errors.NotText, {"line": 5, "byte": "E9"}),
    (PLAIN.replace("\n", "\r").encode() + b"t3,ana,\xff\r", errors.NotText, {"line": 5, "byte": "FF"}),
    (PLAIN.encode("utf-16") + "t\ud800".encode("utf-16-le", "surrogatepass"), errors.NotText, {"line": 5}),
    (PLAIN.encode("utf-16") + b"t", errors.NotText, {"line": 5}),
    (PLAIN.encode("utf-32"), errors.NulCharacter, {"line": 1}),
    (b"PK\x03\x04\x14\x00\x06\x00", errors.NulCharacter, {"line": 1}),
    (PLAIN + 't3,"ana,yes\nt4,ana,yes\n', errors.QuoteNotClosed, {"line": 5}),
    (PLAIN + 't3,"ana" b,yes\n', errors.QuoteMisplaced, {"line": 5}),
    (PLAIN + f"t3,ana,{'y' * 200_000}\n", errors.CellTooLong, {"line": 5, "limit": 131_072}),
    (PLAIN + 't3,"ana' + "\nt4,ana,yes" * 20_000, errors.CellTooLong, {"line": 5}),
]


@pytest.mark.parametrize(("content", "error", "fields"), REFUSED)
def test_refused_by_name_with_its_place(
    content: str | bytes, error: type[errors.ConsensusRefused], fields: dict[str, object]
) -> None:
    with pytest.raises(error) as refused:
        read(content)
    assert fields.items() <= refused.value.fields.items()
    assert "labels.csv" in str(refused.value)


def test_the_place_of_a_byte_that_is_no_text_is_exact_far_into_a_file() -> None:
    with pytest.raises(errors.NotText) as refused:
        read(b"task,worker,label\n" + b"a task,ana,yes\n" * 50_000 + b"t,\x80,no\n")
    assert refused.value.fields["line"] == 50_002


def test_a_line_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled_table, "LONGEST_LINE", 30)
    with pytest.raises(errors.LineTooLong) as refused:
        read(PLAIN + "t" * 31 + ",ana,yes\n")
    assert refused.value.fields == {"name": "labels.csv", "line": 5, "limit": 30}


def test_a_header_with_terminal_codes_is_shown_harmless_and_short() -> None:
    with pytest.raises(errors.ColumnMissing) as refused:
        read("\x1b[31mtask" + ",c" * 500 + "\n")
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 300


def mutations(content: bytes) -> st.SearchStrategy[bytes]:
    place = st.integers(0, len(content) - 1)
    piece = st.sampled_from(
        [b"", b"\0", b'"', b"\n", b"\r", b",", b";", b"\xff", b"\xc3", "é".encode(), b"=1"]
    )
    return st.lists(st.tuples(place, place, piece), max_size=4).map(lambda edits: _edited(content, edits))


def _edited(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for begin, end, piece in edits:
        content = content[: min(begin, end)] + piece + content[max(begin, min(end, begin + 3)) :]
    return content


@given(st.one_of(mutations(PLAIN.encode()), mutations(PLAIN.encode("utf-16")), st.binary(max_size=60)))
def test_a_damaged_file_is_read_or_refused_by_name(content: bytes) -> None:
    with suppress(errors.ConsensusRefused):
        judged = read(content)
        assert len(find_labels(judged.judgements, Method.DAWID_SKENE).consensus.label) > 0


def truth(content: str) -> Truth:
    return read_truth(BufferedReader(BytesIO(content.encode())), "truth.csv")


def test_accuracy_counts_only_tasks_that_both_know() -> None:
    judged = read(PLAIN + "t3,ana,no\n")
    consensus = find_labels(judged.judgements, Method.MAJORITY).consensus
    known = truth("label;task\nno;t1\nyes;t2\nno;t9\nmaybe;t3\n;t4\n")
    accuracy = compare_with_truth(judged.judgements, consensus, known)
    assert (accuracy.n, accuracy.right, accuracy.without_judgement) == (3, 2, 1)
    assert accuracy.share == pytest.approx(2 / 3)
    assert known.left_out.places == [Place(6, "label", "empty")]


def test_accuracy_of_nothing_is_not_a_number() -> None:
    judged = read(PLAIN)
    consensus = find_labels(judged.judgements, Method.MAJORITY).consensus
    accuracy = compare_with_truth(judged.judgements, consensus, truth("task,label\nother,no\n"))
    assert (accuracy.n, accuracy.share, accuracy.low) == (0, None, None)


def test_a_truth_may_repeat_itself_but_not_contradict_itself() -> None:
    assert truth("task,label\nt1,a\nt1,a\n").labels == {"t1": "a"}
    with pytest.raises(errors.TruthContradictsItself) as refused:
        truth("task,label\nt1,a\nt2,a\nt1,b\n")
    assert refused.value.fields == {"line": 4, "name": "truth.csv", "task": "t1"}


def test_labels_beyond_memory_are_refused_for_dawid_skene_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palabre.quality.statistics.votes.MOST_CELLS", 3)
    judgements = read(PLAIN).judgements
    with pytest.raises(errors.TooManyLabels) as refused:
        find_labels(judgements, Method.DAWID_SKENE)
    assert refused.value.fields["labels"] == 2
    assert find_labels(judgements, Method.MAJORITY).iterations is None


def test_what_is_written(tmp_path: Path) -> None:
    judged = read('task,worker,label\n"t,2",ana,=no\n"t,2",bea,=no\n-1,ana,yes\n"t,2",cho,yes\n@1,ana,yes\n')
    write_labels(tmp_path / "out.csv", judged, find_labels(judged.judgements, Method.MAJORITY).consensus)
    assert (tmp_path / "out.csv").read_bytes().decode() == (
        "task,label,confidence,judgements\n\"t,2\",'=no,0.666667,3\n-1,yes,1.000000,1\n'@1,yes,1.000000,1\n"
    )


cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=5)


@given(st.dictionaries(st.tuples(cells, st.sampled_from("abc")), cells, min_size=1, max_size=9))
def test_any_ids_come_back_from_what_is_written(
    tmp_path_factory: pytest.TempPathFactory, given_labels: dict[tuple[str, str], str]
) -> None:
    source = BytesIO()
    lines = [f"{_quoted(task)},{worker},{_quoted(label)}\n" for (task, worker), label in given_labels.items()]
    source.write("".join(["task,worker,label\n", *lines]).encode())
    usable = [(task, label) for (task, _), label in given_labels.items() if task.strip() and label.strip()]
    if not usable:
        return
    judged = read(source.getvalue())
    out = tmp_path_factory.getbasetemp() / "out.csv"
    write_labels(out, judged, find_labels(judged.judgements, Method.MAJORITY).consensus)
    with out.open(encoding="utf-8", newline="") as stream:
        written = list(csv.DictReader(stream))
    assert [row["task"] for row in written] == [spreadsheet_safe(task) for task in dict(usable)]
    assert {row["label"] for row in written} <= {spreadsheet_safe(label) for _, label in usable}


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@pytest.mark.parametrize(
    "cell", ["=1", "+a", "-a", "@a", "\ta", "\ra", "\na", "=", "-", "+", "-1-1", "-.", "+١"]
)
def test_formulas_are_made_safe(cell: str) -> None:
    assert spreadsheet_safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "a=1", "-1", "+1", "-12.50", " =1", "'=1", "1-1"])
def test_other_cells_are_left_alone(cell: str) -> None:
    assert spreadsheet_safe(cell) == cell


def test_a_failure_while_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")

    def write_half() -> None:
        with whole_file(out) as stream:
            stream.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_link_keeps_pointing_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with whole_file(tmp_path / "link") as stream:
        stream.write("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def _a_folder(tmp_path: Path) -> Path:
    return tmp_path


def _in_no_folder(tmp_path: Path) -> Path:
    return tmp_path / "none" / "out.csv"


def _in_a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "out.csv"


@pytest.mark.parametrize("place", [_a_folder, _in_no_folder, _in_a_file, lambda _: Path("/dev/null")])
def test_places_that_cannot_be_written(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    with pytest.raises(errors.OutputNotWritable) as refused, whole_file(place(tmp_path)):
        pass
    assert refused.value.fields["reason"]
