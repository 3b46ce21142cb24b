"""Which of the room's tables the record holds."""

from palabre.pay.models import (
    Accrual,
    Balance,
    DueDay,
    ExchangeRate,
    Floor,
    LedgerAccount,
    LedgerTransaction,
    Payout,
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
    Held(
        Payout,
        without={"changed_at": "when it was last asked about; each change of its state has its event"},
        hers={"reason": "member_id"},
    ),
]
