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


class PayoutCarried(WrongState):
    code = "pay.payout_carried"
    sentence = _("Somebody carries this payout already (%(state)s), so it can't be taken back any more.")


class NoDestination(WrongState):
    code = "pay.no_destination"
    sentence = _("It is not known where your money should go. Say it first, under “Where your money goes”.")


class PayoutsTaken(WrongState):
    code = "pay.payouts_taken"
    sentence = _(
        "%(count)s of these payouts can't be carried any more: somebody else carries them, or they were taken back."
        " Nothing was changed. Load the list again and tick what is left."
    )


class BatchNotFound(NotFound):
    code = "pay.batch_not_found"
    sentence = _("There is no such batch of payouts.")


class BatchNotYours(WrongState):
    code = "pay.batch_not_yours"
    sentence = _("Somebody else carries this batch. Let it be put back first, then take it on yourself.")


class BatchSent(WrongState):
    code = "pay.batch_sent"
    sentence = _("This batch was sent, so it can't be put back: say of each payout what became of it.")


class BatchPutBack(WrongState):
    code = "pay.batch_put_back"
    sentence = _("This batch was put back: its payouts wait for somebody again.")


class NothingTicked(Invalid):
    code = "pay.nothing_ticked"
    sentence = _("Tick the payouts that you will carry.")


# Where money goes


class DestinationIncomplete(Invalid):
    code = "pay.destination_incomplete"
    sentence = _("Choose how the money should reach you.")


class ServiceUnknown(Invalid):
    code = "pay.service_unknown"
    sentence = _("Choose the service that holds this number. Known in this country: %(services)s.")


class BadMobileNumber(Invalid):
    code = "pay.bad_mobile_number"
    sentence = _(
        "This is no number of a mobile telephone in this country. Look at its digits, or choose the other country."
    )


class BadIban(Invalid):
    code = "pay.bad_iban"
    sentence = _(
        "This IBAN can't be right: a digit is wrong or missing. Copy it as it stands on the bank’s paper."
    )


class IbanOfAnotherCountry(Invalid):
    code = "pay.iban_of_another_country"
    sentence = _("This IBAN is of %(other)s, and you chose %(country)s. Choose the country of the bank.")


class BadBic(Invalid):
    code = "pay.bad_bic"
    sentence = _("This is no BIC: it has 8 or 11 characters, such as CBAOSNDA. You may leave it empty.")


class BadAccountNumber(Invalid):
    code = "pay.bad_account_number"
    sentence = _(
        "This is no number of an account: write 4 to 34 digits and letters, and the name of the bank."
    )


class ProofNotFresh(WrongState):
    code = "pay.proof_not_fresh"
    sentence = _(
        "Show once more that it is you, with your password, your passkey or a code. Then send this again."
    )


class NothingWaits(WrongState):
    code = "pay.nothing_waits"
    sentence = _("No change waits any more: there is nothing to take back.")


class MoneyLeft(WrongState):
    """Erasing her now would leave her money without anybody to give it to."""

    code = "pay.money_left"
    sentence = _(
        "She can’t be erased yet: %(amounts)s are hers. Let her take everything out first, or tick that it stays"
        " owed: then it stays on the books under the number %(account)s, which you give to her."
    )


class PayoutOnItsWay(WrongState):
    code = "pay.payout_on_its_way"
    sentence = _(
        "She can’t be erased yet: a payout of hers is on its way. Wait for its end, or let her take it back."
    )


class BadWay(Invalid):
    code = "pay.bad_way"
    sentence = _("Choose a way that money goes, and between 0 and 60 working days.")


class BadFee(Invalid):
    code = "pay.bad_fee"
    sentence = _(
        "Say both parts of what the service takes, 0 where there is none: a share below 100 %% with at most two"
        " decimals, and a fixed part. Or leave both empty."
    )


class BadColumns(Invalid):
    code = "pay.bad_columns"
    sentence = _(
        "Column %(number)s: write “title = field”, each title once, with one of these fields: %(fields)s; or a text in"
        " quotation marks. The reference must be among them: by it the results find their payout."
    )
