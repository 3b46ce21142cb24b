"""What is taken away at the end of the record is missed, and a root that somebody kept can be compared with."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection, transaction

from palabre.record import seals
from palabre.record.actions import record
from palabre.record.head import head_file, root_problem
from palabre.record.models import Seal
from tests.record import damage

AT = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def later(minutes: int) -> dt.datetime:
    return AT + dt.timedelta(minutes=minutes)


def happen(count: int, at: dt.datetime = AT) -> int:
    """So many events; the number of the last."""
    for number in range(count):
        last = record("test.happened", by=None, at=at, subject="test:1", data={"n": number})
    return last


def forced(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)


def said(at: dt.datetime) -> list[str]:
    return [str(problem) for problem in seals.problems(at=at)]


def kept(tmp_path: Path, seal: Seal) -> Path:
    path = tmp_path / "root.json"
    path.write_text(json.dumps(seal.credential))
    return path


def test_an_event_that_no_seal_covers_yet_is_missed() -> None:
    happen(2)
    seals.seal_all(at=AT)
    last = happen(3)
    forced(f"DELETE FROM record_event WHERE seq = {last}")  # noqa: S608
    assert said(later(1)) == [f"Event {last} was written, and is gone."]
    happen(2)
    assert f"Event {last} was written, and is gone." in said(later(2)), "whatever comes after it"


def test_a_number_that_was_never_given_out_is_named_and_no_seal_follows_it() -> None:
    last = happen(2)
    forced(f"UPDATE record_event SET seq = {10**15} WHERE seq = {last}")  # noqa: S608
    found = said(later(1))
    assert f"Event {10**15} has a number that was never given out: it was forged." in found
    assert f"Event {last} was written, and is gone." in found


def test_an_event_that_was_changed_before_it_was_sealed_is_named() -> None:
    last = happen(2)
    forced(f"UPDATE record_event SET data = '{{\"n\": 7}}' WHERE seq = {last}")  # noqa: S608
    assert said(later(1)) == [f"Event {last} was changed before it was sealed."]
    assert said(later(2)) == [f"Event {last} was changed before it was sealed."], "a seal doesn't cure it"


def test_what_is_sealed_leaves_nothing_behind() -> None:
    happen(3)
    assert said(AT) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_unsealed")
        assert cursor.fetchone() == (0,)


def test_seals_and_events_cut_off_at_the_end_are_missed() -> None:
    happen(2)
    before = seals.seal_all(at=AT)
    happen(2)
    seals.seal_all(at=later(1))
    assert said(later(2)) == []
    forced(f"DELETE FROM record_event WHERE seq > {before.last}")  # noqa: S608
    forced(f"DELETE FROM record_seal WHERE number > {before.number}")  # noqa: S608
    (problem,) = said(later(3))
    assert problem.startswith("The end of the record is missing: this host has seen seal ")
    assert str(head_file()) in problem
    happen(1)
    (problem,) = said(later(4))
    assert "made on 2027-03-01, is not the one that this host has seen" in problem


def test_a_root_that_was_kept_tells_whether_the_record_goes_on_from_it(tmp_path: Path) -> None:
    happen(2)
    root = kept(tmp_path, seals.seal_all(at=AT))
    happen(2)
    seals.seal_all(at=later(1))
    trusted = seals.keys(AT).public
    assert root_problem(root, trusted, at=later(2)) is None
    for table in ("record_seal", "record_event", "record_unsealed"):
        forced(f"DELETE FROM {table}")  # noqa: S608
    head_file().unlink()
    assert "has no such seal" in str(root_problem(root, trusted, at=later(2)))
    happen(1)
    seals.seal_all(at=later(3))
    assert said(later(4)) == [], "a record made anew is right in itself"
    assert "has another" in str(root_problem(root, trusted, at=later(4)))


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"type": "PalabreKeys"}'])
def test_a_file_that_is_no_root_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "root.json"
    path.write_text(content)
    assert root_problem(path, seals.keys(AT).public, at=AT) is not None


def test_a_head_that_can_not_be_read_is_said() -> None:
    happen(1)
    seals.seal_all(at=AT)
    head_file().write_text("{")
    (problem,) = said(later(1))
    assert "can't be read" in problem


def test_each_column_of_events_and_seals() -> None:
    """As in the damage table: changed once, and something is said."""
    last = happen(3)
    seals.seal_all(at=AT)
    happen(2)
    seals.seal_all(at=later(1))
    happen(1)
    assert said(later(2)) == []
    missed = []
    for table, key, row in (("record_event", "seq", last - 1), ("record_seal", "number", 2)):
        for column in damage.columns_of(table):
            with damage.undone():
                damage.without_constraints(table)
                with connection.cursor() as cursor:
                    sql = f'UPDATE {table} SET "{column.name}" = {column.damaged} WHERE {key} = {row}'  # noqa: S608
                    cursor.execute(sql)
                if not said(later(3)):
                    missed.append((table, column.name))
    assert missed == []
