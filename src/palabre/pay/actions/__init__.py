"""What is done with money."""

from palabre.pay.actions.credit import CreditResult, credit_base_pay
from palabre.pay.actions.deposits import (
    check_reference,
    record_deposit,
    return_deposit,
    returned_before,
    reverse_deposit,
)
from palabre.pay.actions.fractions import collect_fractions
from palabre.pay.actions.imports import Imported, import_floors, import_rates, load_fixture
from palabre.pay.actions.ledger import Move, open_account, post, spendable
from palabre.pay.actions.payouts import advance_payout, close_payout, request_payout
from palabre.pay.actions.settlement import settle_day

__all__ = [
    "CreditResult",
    "Imported",
    "Move",
    "advance_payout",
    "check_reference",
    "close_payout",
    "collect_fractions",
    "credit_base_pay",
    "import_floors",
    "import_rates",
    "load_fixture",
    "open_account",
    "post",
    "record_deposit",
    "request_payout",
    "return_deposit",
    "returned_before",
    "reverse_deposit",
    "settle_day",
    "spendable",
]
