"""add_organisation."""

import pytest
from django.db import IntegrityError, transaction

from palabre.errors import NotAllowed
from palabre.people.actions import add_organisation
from palabre.people.actor import SYSTEM
from palabre.people.errors import OperatorNeeded, TextMissing, UnknownCountry, UnknownTimezone
from palabre.people.models import Organisation, Residence
from palabre.record.models import Event
from tests.cast import BEGAN, Cast

CLIENT, OPERATOR = Organisation.Kind.CLIENT, Organisation.Kind.OPERATOR


@pytest.mark.django_db
def test_it_works_at_the_terminal() -> None:
    added = add_organisation(OPERATOR, "  An operator ", "SN", "Africa/Dakar", by=SYSTEM, at=BEGAN)
    assert (added.name, added.country, added.timezone) == ("An operator", "SN", "Africa/Dakar")
    event = Event.objects.get(subject=f"organisation:{added.id}")
    assert (event.code, event.actor, event.data["kind"]) == ("people.organisation.added", None, "operator")


@pytest.mark.django_db
@pytest.mark.parametrize("country", ["", "sn", "SEN", "ZZ", "EU", "QO", "🇸🇳"])
def test_unknown_countries_are_refused(country: str) -> None:
    with pytest.raises(UnknownCountry):
        add_organisation(CLIENT, "A client", country, "UTC", by=SYSTEM, at=BEGAN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "timezone",
    ["", "Dakar", "GMT+1", "../../etc/passwd", "africa/dakar", "Africa/Dakar\x00", "localtime"],
)
def test_unknown_time_zones_are_refused(timezone: str) -> None:
    with pytest.raises(UnknownTimezone):
        add_organisation(CLIENT, "A client", "SN", timezone, by=SYSTEM, at=BEGAN)


@pytest.mark.django_db
def test_a_time_zone_that_the_database_lacks_is_stored_nowhere(cast: Cast) -> None:
    """Whoever writes it: an organisation's, and that of where somebody lives."""
    rows = Organisation.objects.filter(id=cast.operator.id)
    with pytest.raises(IntegrityError, match="does not know"), transaction.atomic():
        rows.update(timezone="Mars/Base")
    rows.update(timezone="Europe/Paris")
    place = {"account_id": cast.finance.account, "country": "SN", "timezone": "Mars/Base", "since": BEGAN}
    with pytest.raises(IntegrityError, match="does not know"), transaction.atomic():
        Residence.objects.create(**place)
    with pytest.raises(IntegrityError, match="does not know"), transaction.atomic():
        Organisation.objects.create(kind=CLIENT, name="A client", country="SN", timezone="Mars/Base")


@pytest.mark.django_db
def test_a_name_is_needed() -> None:
    with pytest.raises(TextMissing):
        add_organisation(CLIENT, " ", "SN", "UTC", by=SYSTEM, at=BEGAN)


def test_an_administrator_adds_no_operator(cast: Cast) -> None:
    with pytest.raises(OperatorNeeded):
        add_organisation(OPERATOR, "Mine", "SN", "UTC", by=cast.administrator.actor, at=BEGAN)


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "finance", "auditor"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        add_organisation(CLIENT, "A client", "SN", "UTC", by=getattr(cast, name).actor, at=BEGAN)
