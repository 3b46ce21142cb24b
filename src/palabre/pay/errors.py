"""What can be wrong with money."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import Busy, Invalid, NotFound, PalabreError, WrongState

# The ledger


class Unbalanced(Invalid):
    code = "pay.unbalanced"
    sentence = _("What is taken and what is given in %(currency)s differ by %(difference)s.")


class NothingMoved(Invalid):
    code = "pay.nothing_moved"
    sentence = _("A ledger transaction moves an amount other than zero between accounts.")


class WrongCurrency(Invalid):
    code = "pay.wrong_currency"
    sentence = _("An amount goes to an account of another currency, or to an account that is not there.")


class KeyReused(PalabreError):
    """Same idempotency key, other content."""

    code = "pay.key_reused"
    sentence = _("Something else was asked for under the key “%(key)s” before. Use a new key.")


class NotEnoughMoney(WrongState):
    code = "pay.not_enough_money"
    sentence = _("There is not enough money on this account for that.")


class DepositSpent(Busy):
    """An escrow would go below zero. Who takes from one looks first what it bears; then something came between."""

    code = "pay.deposit_spent"
    sentence = _(
        "The deposit does not hold that much any more: something else was paid from it just now. Try again."
    )


class AmountNotPositive(Invalid):
    code = "pay.amount_not_positive"
    sentence = _("The amount must be more than zero.")


class BadRate(Invalid):
    code = "pay.bad_rate"
    sentence = _("%(value)s is no amount to credit: it needs zero or more, with at most 8 decimals.")


class NoResidence(WrongState):
    code = "pay.no_residence"
    sentence = _("It is not known where this member lives, so neither her day nor her floor is known.")


class NotAMember(NotFound):
    code = "pay.not_a_member"
    sentence = _("This account is no member's: it has neither days nor pay.")


class AmountTooLarge(Invalid):
    code = "pay.amount_too_large"
    sentence = _("The amount is larger than the ledger keeps.")


class DepositReversed(WrongState):
    code = "pay.deposit_reversed"
    sentence = _("This deposit was taken back on %(day)s already: “%(reason)s”. Nothing was done.")


# Floors and exchange rates


class NoFloor(WrongState):
    code = "pay.no_floor"
    sentence = _(
        "No floor is known for %(country)s %(region)s on %(day)s."
        " Whoever runs the work adds one, with its source, on the page of floors or with: palabre floors import"
        " FILE.csv"
    )


class NoExchangeRate(WrongState):
    code = "pay.no_exchange_rate"
    sentence = _(
        "No exchange rate from %(base)s to %(quote)s is known on %(day)s."
        " Import one, with its source: palabre rates import FILE.csv"
    )


class TableRefused(Invalid):
    """Nothing was taken; `problems` has a sentence for each wrong cell."""

    code = "pay.table_refused"
    sentence = _("Nothing was imported, because of:\n%(problems)s")


class BadWeek(Invalid):
    code = "pay.bad_week"
    sentence = _("“%(value)s” is not a week. Write the year and the number, for example 2026-W05.")


# Settlements and payouts


class DayNotOver(WrongState):
    code = "pay.day_not_over"
    sentence = _("%(day)s is not over yet where this member lives. It is settled after midnight there.")


class PayoutFinal(WrongState):
    code = "pay.payout_final"
    sentence = _("This payout has ended (%(state)s) and can't be changed.")


class PayoutNotOpen(WrongState):
    code = "pay.payout_not_open"
    sentence = _("This payout is %(state)s: a person can only close one that is pending or unknown.")


class PayoutNotFound(NotFound):
    code = "pay.payout_not_found"
    sentence = _("There is no such payout.")


class ReasonMissing(Invalid):
    code = "pay.reason_missing"
    sentence = _("Say in a few words why.")
