"""Of what a member has, each operator owes what was earned with it: it is paid out there and nowhere else."""

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError

from palabre.pay.actions import (
    Move,
    credit_base_pay,
    open_account,
    post,
    request_payout,
    settle_day,
    take_back_payout,
)
from palabre.pay.errors import NotEnoughMoney
from palabre.pay.models import LedgerAccount
from palabre.pay.queries import member_balances, owed_to
from palabre.pay.verify import problems
from palabre.people.actions import revoke_role
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Role
from palabre.work.queries.ledger import own_accounts
from tests.cast import Cast
from tests.pay.conftest import DAY, HOUR_MS, NEXT_DAY, NOON, Kind, work
from tests.pay.leading import lead
from tests.web.reading import reader

A_DAY_ON = NEXT_DAY + dt.timedelta(days=1)


def escrow(operator: uuid.UUID, amount: int = 10**6) -> int:
    """A deposit for a project of this operator's."""
    made = open_account(Kind.ESCROW, uuid.uuid4(), "XOF", backer=operator).id
    world = open_account(Kind.WORLD, None, "XOF").id
    moves = [Move(world, "XOF", -amount), Move(made, "XOF", amount)]
    post(f"fund {made}", "deposit", moves, by=SYSTEM, at=NOON)
    return made


def earn(member: uuid.UUID, charge: int, amount: int) -> None:
    exact = Decimal(amount)
    credit_base_pay(
        member=member, charge_account=charge, day=DAY, currency="XOF", exact=exact, exact_charge=exact,
        charge_currency="XOF", key=f"pay {uuid.uuid4()}", at=NOON,
    )  # fmt: skip


def owed(cast: Cast) -> dict[uuid.UUID | None, int]:
    return {one.operator: one.amount for one in owed_to(cast.shared.account)}


@pytest.fixture
def earned(cast: Cast) -> Cast:
    """The member of two operators, with 300 francs of the first and 200 of the other."""
    earn(cast.shared.account, escrow(cast.operator.id), 300)
    earn(cast.shared.account, escrow(cast.stranger_operator.id), 200)
    lead(cast.shared.account, at=NOON, organisation=cast.operator.id)
    return cast


def elsewhere(cast: Cast) -> Actor:
    """She, acting for the other operator."""
    return replace(cast.shared.actor, organisation=cast.stranger_operator.id)


def test_each_operator_owes_what_was_earned_with_it(earned: Cast) -> None:
    assert owed(earned) == {earned.operator.id: 300, earned.stranger_operator.id: 200}
    assert member_balances(earned.shared.account) == {"XOF": 500}
    assert list(problems()) == []


def test_none_pays_out_what_another_owes(earned: Cast) -> None:
    for by, most in ((earned.shared.actor, 300), (elsewhere(earned), 200)):
        with pytest.raises(NotEnoughMoney):
            request_payout(uuid.uuid4(), most + 1, "XOF", by=by, at=NOON)
        assert request_payout(uuid.uuid4(), most, "XOF", by=by, at=NOON).operator_id == by.organisation
    assert set(owed(earned).values()) == {0}
    assert list(problems()) == []


def test_what_is_taken_back_is_owed_by_the_same_one(earned: Cast) -> None:
    asked = request_payout(uuid.uuid4(), 200, "XOF", by=elsewhere(earned), at=NOON)
    take_back_payout(asked.id, by=earned.shared.actor, at=NOON)
    assert owed(earned) == {earned.operator.id: 300, earned.stranger_operator.id: 200}
    assert list(problems()) == []


def test_a_top_up_is_owed_by_who_stands_behind_the_hours(cast: Cast, floors: None) -> None:
    who, here, there = cast.shared.account, escrow(cast.operator.id), escrow(cast.stranger_operator.id)
    for charge in (here, there):
        work(who, charge, HOUR_MS)
    own = open_account(LedgerAccount.Kind.PLATFORM, cast.stranger_operator.id, "XOF").id
    work(who, own, HOUR_MS)
    settled = settle_day(who, DAY, at=A_DAY_ON)
    assert settled is not None
    shares = {one["charge"]: one["share"] for one in settled.arithmetic["shares"]}
    assert owed(cast) == {
        cast.operator.id: shares[here],
        cast.stranger_operator.id: shares[there] + shares[own],
    }
    assert sum(owed(cast).values()) == settled.top_up
    assert list(problems()) == []


def test_verifying_names_what_is_owed_by_another_one(earned: Cast) -> None:
    here, there = earned.operator.id, earned.stranger_operator.id
    hers = LedgerAccount.objects.filter(owner=earned.shared.account)
    hers.filter(owed_by=here).update(owed_by=None)
    hers.filter(owed_by=there).update(owed_by=here)
    assert any("base pay" in said for said in problems())


def test_only_a_members_account_is_owed(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="ledger_account_owed_ck"):
        open_account(Kind.ESCROW, uuid.uuid4(), "XOF", owed_by=cast.operator.id)


def test_finance_reads_what_its_operator_owes_her_and_no_more(earned: Cast) -> None:
    for who, other in (
        (earned.finance, earned.stranger_operator.id),
        (earned.stranger, earned.operator.id),
    ):
        seen = own_accounts(who.actor).filter(owner=earned.shared.account)
        assert [one.owed_by for one in seen] == [who.organisation]
        assert who.organisation != other


def test_she_takes_out_what_each_owes_where_it_is_owed(earned: Cast) -> None:
    browser, other = reader(earned.shared), earned.stranger_operator.id
    page = browser.read("/pay/payouts/")
    said = page.text.replace("\xa0", " ").replace("\u202f", " ")
    assert "You can take out up to F CFA 300." in said
    assert "Another operator owes you F CFA 200 as well." in said
    address = f"/pay/payouts/?operator={other}"
    assert address.removeprefix("/pay/payouts/") in page.links
    browser.send(address, browser.read(address), "amount", amount="150")
    assert owed(earned) == {earned.operator.id: 300, other: 50}


def test_what_an_operator_owes_is_hers_when_she_works_for_it_no_more(earned: Cast) -> None:
    here, other = earned.operator.id, earned.stranger_operator.id
    revoke_role(earned.shared.account, other, Role.MEMBER, by=SYSTEM, at=NOON)
    made = request_payout(uuid.uuid4(), 200, "XOF", operator=other, by=earned.shared.actor, at=NOON)
    assert (made.operator_id, owed(earned)) == (other, {here: 300, other: 0})
    with pytest.raises(NotEnoughMoney):
        request_payout(uuid.uuid4(), 1, "XOF", operator=uuid.uuid4(), by=earned.shared.actor, at=NOON)
