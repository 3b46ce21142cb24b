"""Which of the room's tables the record holds."""

from palabre.pay.models import (
    Accrual,
    Balance,
    Destination,
    DueDay,
    ExchangeRate,
    Floor,
    LedgerAccount,
    LedgerTransaction,
    OperatorAccount,
    Payout,
    PayoutBatch,
    PayoutWay,
    Posting,
    Settlement,
)
from palabre.record.held import Held, NotHeld

TABLES: list[Held | NotHeld] = [
    Held(LedgerAccount),
    Held(LedgerTransaction),
    Held(Posting),
    NotHeld(Balance, "sums of postings: `pay.verify` sums them again"),
    Held(Floor),
    Held(ExchangeRate),
    Held(Accrual),
    NotHeld(
        DueDay, "what waits to be settled: `pay.verify` finds every day that is neither settled nor here"
    ),
    Held(Settlement),
    Held(Destination, hers=dict.fromkeys(("number", "bank", "place", "holder"), "member_id")),
    Held(PayoutWay),
    Held(OperatorAccount),
    Held(PayoutBatch),
    Held(
        Payout,
        without={"changed_at": "when it was last asked about; each change of its state has its event"},
        hers={"reason": "member_id"},
    ),
]
