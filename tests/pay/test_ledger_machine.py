"""The ledger beside a plain Python model, whatever is done in whatever order."""

import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from palabre.pay import verify
from palabre.pay.actions import Move, open_account, post
from palabre.pay.errors import DepositSpent, KeyReused, NotEnoughMoney, NothingMoved, Unbalanced
from palabre.pay.models import LedgerAccount
from palabre.pay.queries import balances
from palabre.people.actor import SYSTEM
from tests.pay.conftest import NOON

Kind = LedgerAccount.Kind
KINDS = [Kind.WORLD, Kind.ESCROW, Kind.PAYABLE, Kind.PAYABLE]
amounts = st.integers(-50, 80)


class Ledger(RuleBasedStateMachine):
    """Transactions of two and three moves, repeated, altered, unbalanced, and too large."""

    keys = Bundle("keys")

    @initialize()
    def open(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        owner = uuid.uuid4()
        self.accounts = [
            open_account(kind, uuid.uuid4() if number else owner, "XOF") for number, kind in enumerate(KINDS)
        ]
        self.model = dict.fromkeys(range(len(KINDS)), 0)
        self.posted: dict[str, dict[int, int]] = {}

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def send(self, key: str, moves: dict[int, int]) -> int:
        wanted = [Move(self.accounts[one].id, "XOF", amount) for one, amount in moves.items()]
        return post(key, "test", wanted, by=SYSTEM, at=NOON)

    def would_go_below(self, moves: dict[int, int]) -> bool:
        return any(
            self.accounts[one].guarded and self.model[one] + amount < 0
            for one, amount in moves.items()
            if amount
        )

    @rule(target=keys, a=st.integers(0, 3), b=st.integers(0, 3), amount=amounts)
    def move(self, a: int, b: int, amount: int) -> object:
        key, moves = str(uuid.uuid4()), {a: -amount, b: amount}
        if a == b or amount == 0:
            with pytest.raises((NothingMoved, Unbalanced)):
                self.send(key, moves)
            return multiple()
        if self.would_go_below(moves):
            with pytest.raises((NotEnoughMoney, DepositSpent)):
                self.send(key, moves)
            return multiple()
        self.send(key, moves)
        self.posted[key] = moves
        for one, change in moves.items():
            self.model[one] += change
        return key

    @rule(key=keys)
    def repeat(self, key: str) -> None:
        assert self.send(key, self.posted[key]) == self.send(key, self.posted[key])

    @rule(key=keys, more=st.integers(1, 9))
    def alter(self, key: str, more: int) -> None:
        (a, _), (b, amount) = self.posted[key].items()
        with pytest.raises((KeyReused, NothingMoved)):
            self.send(key, {a: -amount - more, b: amount + more})

    @rule(a=st.integers(0, 3), amount=amounts.filter(bool))
    def unbalanced(self, a: int, amount: int) -> None:
        with pytest.raises(Unbalanced):
            self.send(str(uuid.uuid4()), {a: amount})

    @invariant()
    def balances_agree(self) -> None:
        if hasattr(self, "accounts"):
            found = balances([account.id for account in self.accounts])
            assert {one: found[account.id] for one, account in enumerate(self.accounts)} == self.model
            assert sum(found.values()) == 0


@pytest.mark.django_db
def test_the_ledger_is_the_model() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert list(verify.problems()) == []
