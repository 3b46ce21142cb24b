"""What accounts and ledger transactions are called to people."""

from django.utils.translation import gettext_lazy as _

from palabre.pay.models import LedgerAccount

Kind = LedgerAccount.Kind
ACCOUNTS = {
    Kind.WORLD: _("The outside"),
    Kind.ESCROW: _("Client’s deposit"),
    Kind.PAYABLE: _("Member’s account"),
    Kind.PAYOUT: _("On its way to members"),
    Kind.EXCHANGE: _("Change of currency"),
    Kind.ROUNDING: _("Rounding up, for the members"),
    Kind.PLATFORM: _("Borne by the operator"),
    Kind.SHARE: _("Platform’s share"),
    Kind.SOCIAL: _("Social cover"),
}
TRANSACTIONS = {
    "deposit": _("Deposit of a client"),
    "deposit_reversed": _("Deposit taken back: recorded by mistake"),
    "refund": _("Given back to the client"),
    "base_pay": _("Base pay"),
    "top_up": _("Top-up to the floor"),
    "shares": _("Platform’s share and social cover"),
    "payout": _("Payout asked for"),
    "payout_paid": _("Payout paid"),
    "payout_returned": _("Payout that came back"),
    "payout_taken_back": _("Payout that she took back"),
}
