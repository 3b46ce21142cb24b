"""What the words of a statement are called to a member."""

from django.utils.translation import gettext_lazy as _

from palabre.pay.models import Floor, Payout
from palabre.timesheet.models import Kind

TIME = {
    Kind.TASK: _("Tasks"),
    Kind.READING: _("Reading guidelines"),
    Kind.QUESTION: _("Questions"),
    Kind.REDO: _("Doing again"),
    Kind.REVIEW: _("Reviews"),
    Kind.TRAINING: _("Training"),
    Kind.MEETING: _("Meetings"),
    Kind.SUPPORT: _("Support"),
    Kind.OUTAGE: _("Outages"),
    Kind.PAYMENT: _("Handling of payments"),
}
MOVEMENTS = {
    "base_pay": _("Base pay"),
    "top_up": _("Top-ups to the floor"),
    "payout": _("Taken out"),
    "payout_returned": _("Came back: a payout that failed"),
    "payout_taken_back": _("Taken back before it was carried"),
}
PAYOUTS = {
    Payout.State.PREPARED: _("to be carried"),
    Payout.State.CARRIED: _("being carried"),
    Payout.State.SENT: _("sent"),
    Payout.State.ACCEPTED: _("accepted"),
    Payout.State.PENDING: _("on its way"),
    Payout.State.PAID: _("paid"),
    Payout.State.FAILED: _("failed"),
    Payout.State.TAKEN_BACK: _("taken back"),
    Payout.State.UNKNOWN: _("not known yet"),
}
FLOORS = {
    Floor.Kind.LEGAL_MINIMUM: _("legal minimum"),
    Floor.Kind.LIVING_TARIFF: _("living tariff"),
}
