"""What is done with money."""

from palabre.pay.actions.credit import CreditResult, credit_base_pay
from palabre.pay.actions.imports import Imported, import_floors, import_rates, load_fixture
from palabre.pay.actions.ledger import Move, open_account, post

__all__ = [
    "CreditResult",
    "Imported",
    "Move",
    "credit_base_pay",
    "import_floors",
    "import_rates",
    "load_fixture",
    "open_account",
    "post",
]
