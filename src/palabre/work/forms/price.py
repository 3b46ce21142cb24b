"""How often each task is answered, what is bought, what is offered for it."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.web.templatetags.palabre import number
from palabre.work.actions.projects import LEASE_HOURS, MOST_OVERLAP, MOST_SECONDS, Terms
from palabre.work.actions.quotes import MOST_TASKS
from palabre.work.forms.numbers import DecimalField, amount_in
from palabre.work.pricing import Shares

# More tasks than so many times the rows that are there may be a slip of the hand.
MANY_TIMES = 2


class QualityForm(forms.Form):
    """What the price depends on."""

    overlap = forms.IntegerField(
        label=_("How many members answer each task?"),
        help_text=_(
            "Three is usual: where two agree and one doesn't, you have an answer and see the doubt."
            " One is cheapest, but nobody sees its mistakes."
        ),
        min_value=1,
        max_value=MOST_OVERLAP,
    )
    seconds_per_task = DecimalField(
        label=_("How many seconds does one answer take?"),
        help_text=_("Your best guess; the pilot measures it, and the price follows what was measured."),
    )
    lease_hours = forms.IntegerField(
        label=_("How many hours may a member keep a task?"),
        help_text=_("72 suits members whose network comes and goes. What comes later is kept and paid too."),
        min_value=LEASE_HOURS[0],
        max_value=LEASE_HOURS[1],
    )

    def clean_seconds_per_task(self) -> object:
        seconds = self.cleaned_data["seconds_per_task"]
        if not 0 < seconds <= MOST_SECONDS:
            raise forms.ValidationError(_("Give a number of seconds above 0, of ten hours at most."))
        return seconds

    def terms(self, before: Terms) -> Terms:
        return replace(before, **self.cleaned_data)


class QuoteForm(forms.Form):
    """What is bought, and an offer if the client wants to pay more than the smallest price."""

    tasks = forms.IntegerField(label=_("How many tasks?"), min_value=1, max_value=MOST_TASKS)
    price = forms.CharField(
        label=_("Your offer"),
        help_text=_("Empty: the smallest price that is fair. What you offer above it goes to the members."),
        required=False,
        max_length=30,
    )

    def __init__(self, *args: object, currency: str, rows: int, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.currency, self.rows = currency, rows
        self.fields["price"].widget.attrs["inputmode"] = "decimal"

    def clean(self) -> dict[str, object]:
        """Many more tasks than the data has are asked about once."""
        said = super().clean() or {}
        tasks = said.get("tasks") or 0
        if self.rows and tasks > MANY_TIMES * self.rows:
            self.fields["sure"] = forms.BooleanField(label=_("Yes, more data will come"), required=False)
            if self.data.get("sure") != "on":
                sentence = gettext(
                    "You ask for the price of %(tasks)s tasks, and your data has %(rows)s so far."
                    " If you mean it, tick the box below."
                )
                self.add_error("tasks", sentence % {"tasks": number(tasks), "rows": number(self.rows)})
        return said

    def clean_price(self) -> int | None:
        text = self.cleaned_data["price"].strip()
        return amount_in(text, self.currency) if text else None

    def shares(self) -> Shares | None:
        """The usual ones: a client does not set them."""
        return None


class OperatorQuoteForm(QuoteForm):
    """The same for the operator, who sets the shares."""

    platform = DecimalField(label=_("Platform share, percent of base pay"))
    social = DecimalField(label=_("Social cover, percent of base pay"))
    reserve = DecimalField(label=_("Reserve for top-ups, percent of base pay"))

    def shares(self) -> Shares | None:
        data = self.cleaned_data
        return Shares(data["platform"], data["social"], data["reserve"])
