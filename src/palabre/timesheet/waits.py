"""Why time that a device measured waits for a person."""

from django.utils.translation import gettext_lazy as _

# Nothing explains it, until something does; more than there was room for; of a kind that only a person can say;
# begun when her access was over, or for work that was never handed out to her; at a time that other work of hers has.
UNEXPLAINED, BOUND, KIND, OUTSIDE, OVERLAP = "unexplained", "bound", "kind", "outside", "overlap"

SENTENCES = {
    UNEXPLAINED: _("Measured by the phone, but no answer, skip or guideline of that day explains it."),
    BOUND: _("Measured by the phone, but longer than the time that has passed, or than a stretch can be."),
    KIND: _("A kind of time that a phone does not measure."),
    OVERLAP: _(
        "Measured by the phone at a time at which other work was measured too: on two phones, or with a wrong clock."
    ),
    OUTSIDE: _("Begun after access to the work had ended, or for work that was not handed out."),
}
