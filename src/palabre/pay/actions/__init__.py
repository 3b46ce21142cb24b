"""What is done with money."""

from palabre.pay.actions.credit import CreditResult, credit_base_pay
from palabre.pay.actions.ledger import Move, open_account, post

__all__ = ["CreditResult", "Move", "credit_base_pay", "open_account", "post"]
