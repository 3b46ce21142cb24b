"""What is done with money."""

from palabre.pay.actions.batches import (
    Taken,
    carry_payouts,
    mark_batch_sent,
    put_batch_back,
    take_results,
)
from palabre.pay.actions.credit import CreditResult, credit_base_pay
from palabre.pay.actions.deposits import (
    check_reference,
    record_deposit,
    return_deposit,
    returned_before,
    reverse_deposit,
)
from palabre.pay.actions.destinations import (
    in_use,
    name_destination,
    waiting,
    waiting_time,
    withdraw_destination,
)
from palabre.pay.actions.fractions import collect_fractions
from palabre.pay.actions.imports import Imported, import_floors, import_rates, load_fixture
from palabre.pay.actions.ledger import Move, open_account, post, spendable
from palabre.pay.actions.payouts import (
    advance_payout,
    can_be_closed,
    close_payout,
    payer_of,
    request_payout,
    take_back_payout,
)
from palabre.pay.actions.settlement import settle_day
from palabre.pay.actions.take_back import TakenBack, take_back_base_pay
from palabre.pay.actions.ways import Way, set_operator_account, set_way

__all__ = [
    "CreditResult",
    "Imported",
    "Move",
    "Taken",
    "TakenBack",
    "Way",
    "advance_payout",
    "can_be_closed",
    "carry_payouts",
    "check_reference",
    "close_payout",
    "collect_fractions",
    "credit_base_pay",
    "import_floors",
    "import_rates",
    "in_use",
    "load_fixture",
    "mark_batch_sent",
    "name_destination",
    "open_account",
    "payer_of",
    "post",
    "put_batch_back",
    "record_deposit",
    "request_payout",
    "return_deposit",
    "returned_before",
    "reverse_deposit",
    "set_operator_account",
    "set_way",
    "settle_day",
    "spendable",
    "take_back_base_pay",
    "take_back_payout",
    "take_results",
    "waiting",
    "waiting_time",
    "withdraw_destination",
]
