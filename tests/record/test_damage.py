"""The damage table: each column of each held table is changed once, and `record verify` names table and row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest
from django.apps import apps

from palabre.demo.people import People
from palabre.ids import new_id
from palabre.installation.verification import all_problems
from palabre.pay.actions import carry_payouts, close_payout
from palabre.pay.models import Payout
from palabre.people.actions import erase_person
from palabre.people.actor import SYSTEM
from palabre.people.models import Role
from palabre.record.held import Held, held_tables, tables_not_held
from palabre.record.rows import row_problems
from palabre.times import system_clock
from tests.record import damage
from tests.record.sample import live_through


@dataclass(slots=True)
class Line:
    """One line of the table that is printed."""

    table: str
    damaged: int = 0
    named: int = 0
    missed: list[str] = field(default_factory=list)

    def note(self, what: str, *, named: bool) -> None:
        self.damaged += 1
        self.named += named
        if not named:
            self.missed.append(what)


@pytest.mark.django_db(transaction=True)
def test_every_damage_is_named_and_all_is_clean_before_and_after_erasures() -> None:
    people = live_through()
    assert list(all_problems(at=system_clock.now())) == []
    lines = {held.table: Line(held.table) for held in held_tables()}
    _damage_columns(lines)
    _damage_rows(lines, "row deleted", damage.delete_row)
    _damage_rows(lines, "row invented", damage.invent_row)
    _print(lines.values())
    assert [line for line in lines.values() if line.missed] == []
    assert list(all_problems(at=system_clock.now())) == []
    _end_payouts(people)
    for member in people.members:
        assert member.account is not None
        erase_person(member.account, by=SYSTEM, at=system_clock.now(), owing=True)
    assert list(all_problems(at=system_clock.now())) == []


def _end_payouts(people: People) -> None:
    """Nobody is erased while money is on its way to her."""
    finance, now = people.others[Role.FINANCE], system_clock.now()
    for payout in Payout.objects.exclude(state__in=["paid", "failed", "taken_back"]):
        if payout.batch is None:
            carry_payouts(new_id(), [payout.id], by=finance, at=now)
        close_payout(payout.id, True, "Receipt", by=finance, at=now)


def test_every_table_says_whether_it_is_held() -> None:
    """A new table needs a line in the `held` of its room; a column that is left out says why."""
    said = {held.model for held in held_tables()} | {one.model for one in tables_not_held()}
    ours = {model for model in apps.get_models() if model.__module__.startswith("palabre.")}
    assert {model.__name__ for model in ours ^ said} == set()
    assert all(held.key in ("id", "task_id", "project_id", "account_id") for held in held_tables())
    for held in held_tables():
        columns = {one.column for one in held.model._meta.concrete_fields}
        assert {*held.without, *held.hers} <= columns, held.table
        assert all(held.without.values())
    assert all(one.why for one in tables_not_held())


def _damage_columns(lines: dict[str, Line]) -> None:
    """One column of each table at a time, all tables side by side: each must be named."""
    todo = {held: _held_columns(held) for held in held_tables()}
    rows = {held.table: damage.first_row(held) for held in held_tables()}
    for place in range(max(len(columns) for columns in todo.values())):
        with damage.undone():
            done = {held: columns[place] for held, columns in todo.items() if place < len(columns)}
            for held, column in done.items():
                damage.without_constraints(held.table)
                damage.damage_column(held, rows[held.table], column)
            named = _named()
            for held, column in done.items():
                lines[held.table].note(column.name, named=(held.table, rows[held.table]) in named)


def _held_columns(held: Held) -> list[damage.Column]:
    return [column for column in damage.columns_of(held.table) if column.name not in held.without]


def _damage_rows(lines: dict[str, Line], what: str, do: Callable[[Held, str], str]) -> None:
    with damage.undone():
        rows = {}
        for held in held_tables():
            damage.without_constraints(held.table)
            rows[held.table] = do(held, damage.first_row(held))
        named = _named()
        for table, row in rows.items():
            lines[table].note(what, named=(table, row) in named)


def _named() -> set[tuple[str, str]]:
    return {(str(one.fields["table"]), str(one.fields.get("row"))) for one in row_problems()}


def _print(lines: Iterable[Line]) -> None:
    print(f"\n{'table':28} {'damaged':>8} {'named':>6}  missed")
    damaged = named = 0
    for line in lines:
        print(f"{line.table:28} {line.damaged:8} {line.named:6}  {', '.join(line.missed) or '-'}")
        damaged, named = damaged + line.damaged, named + line.named
    print(f"{'all':28} {damaged:8} {named:6}  {damaged - named}")
