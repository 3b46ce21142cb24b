"""Why a day's time was different, as a member says it with one tap, and the kind of time that it makes."""

from django.utils.translation import gettext_lazy as _

from palabre.timesheet.models import Kind

# The code that a form sends: the sentence, and what the time counts as.
REASONS = {
    "task": (_("I worked on tasks and the clock missed it"), Kind.TASK),
    "reading": (_("I read the guideline or looked something up"), Kind.READING),
    "outage": (_("Network, electricity or Palabre failed"), Kind.OUTAGE),
    "question": (_("I asked a question or talked about a task"), Kind.QUESTION),
    "training": (_("I was in training"), Kind.TRAINING),
    "meeting": (_("I was in a meeting"), Kind.MEETING),
    "payment": (_("I dealt with a payment or with my time"), Kind.PAYMENT),
    "away": (_("I was not working then"), Kind.TASK),
    "other": (_("Something else"), Kind.TASK),
}


def worded(code: str, own_words: str) -> str:
    """The reason as it is kept and read by who answers: the sentence, then her own words."""
    sentence = str(REASONS[code][0])
    own_words = own_words.strip()
    return f"{sentence}. {own_words}" if own_words else sentence
