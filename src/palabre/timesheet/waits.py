"""Why time that a device measured waits for a person."""

from django.utils.translation import gettext_lazy as _

# Nothing explains it, until something does; more than there was room for; of a kind that only a person can say;
# begun when her access was over, or for work that was never handed out to her.
UNEXPLAINED, BOUND, KIND, OUTSIDE = "unexplained", "bound", "kind", "outside"

SENTENCES = {
    UNEXPLAINED: _("Measured by the phone, but no answer, skip or guideline of that day explains it."),
    BOUND: _("Measured by the phone, but longer than the time that has passed, or than a stretch can be."),
    KIND: _("A kind of time that a phone does not measure."),
    OUTSIDE: _("Begun after access to the work had ended, or for work that was not handed out."),
}
