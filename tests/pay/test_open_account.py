import uuid

import pytest

from palabre.money import UnknownCurrency
from palabre.pay.actions import open_account
from palabre.pay.models import LedgerAccount

Kind = LedgerAccount.Kind
pytestmark = pytest.mark.django_db


def test_the_same_account_is_opened_once() -> None:
    owner = uuid.uuid4()
    assert open_account(Kind.ESCROW, owner, "EUR").id == open_account(Kind.ESCROW, owner, "EUR").id
    assert open_account(Kind.ROUNDING, None, "XOF").id == open_account(Kind.ROUNDING, None, "XOF").id
    assert open_account(Kind.ESCROW, owner, "EUR").id != open_account(Kind.ESCROW, owner, "XOF").id


def test_what_a_member_may_take_out_and_a_deposit_are_guarded() -> None:
    for kind in Kind:
        assert open_account(kind, uuid.uuid4(), "XOF").guarded is (kind in (Kind.PAYABLE, Kind.ESCROW))


def test_a_currency_must_be_known() -> None:
    with pytest.raises(UnknownCurrency):
        open_account(Kind.ESCROW, None, "XXX")
