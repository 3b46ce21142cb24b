"""What finance does beyond projects and payouts: floors and exchange rates."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.pay import payments
from palabre.pay.actions import import_floors, import_rates
from palabre.pay.floors import CHECKED_FOR
from palabre.pay.paper.names import FLOORS
from palabre.pay.tables import LARGEST
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.keyset import rows_of
from palabre.web.page import done, page


class TableForm(forms.Form):
    """A table of floors or of exchange rates."""

    kind = forms.ChoiceField(
        label=_("What is in the file?"),
        choices=[("floors", _("Floors")), ("rates", _("Exchange rates"))],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("Table (CSV, UTF-8)"),
        help_text=_("All of it is taken or nothing. What is wrong is named by line and column."),
        widget=forms.ClearableFileInput({"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """A longer file is not read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                gettext("the file is larger than %(limit)s bytes") % {"limit": LARGEST}
            )
        return file


@page(Permission.READ_MONEY, Permission.MANAGE_FLOORS)
def floors(request: HttpRequest) -> HttpResponseBase:
    """Floors and rates in force today, with source, licence and age; and a way to import others."""
    by, at = actor_of(request), at_of(request)
    form = form_of(TableForm, request, initial={"kind": "floors"})
    if form.is_bound and form.is_valid():
        with refusals(form):
            return _import(request, form.cleaned_data["kind"], form.cleaned_data["file"])
    today = at.date()
    rows = rows_of(
        request,
        int,
        lambda after, limit: payments.floors_in_force(today, after=after, limit=limit),
        lambda row: row.floor.id,
    )
    context = {
        "listing": rows,
        "kinds": FLOORS,
        "today": today,
        "old": [one for one in rows.items if one.is_old(today)],
        "rates": [(one, one.on + CHECKED_FOR < today) for one in payments.newest_rates(today)],
        "may_import": by.may(Permission.MANAGE_FLOORS),
    }
    return show(request, "pay/finance/floors.html", form, **context)


def _import(request: HttpRequest, kind: str, file: "UploadedFile[bytes]") -> HttpResponseBase:
    """Raises: NotAllowed, TableRefused."""
    take = import_floors if kind == "floors" else import_rates
    taken = take(file.read(), by=actor_of(request), at=at_of(request))
    sentence = gettext("New rows: %(added)s. There already: %(known)s.") % taken._asdict()
    return done(request, sentence, "money-floors")
