import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.pay.errors import NoExchangeRate, NoFloor
from palabre.people.models import Grant, Role
from palabre.work.actions.projects import edit_project
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.errors import (
    NoEligiblePlace,
    NumberWrong,
    PriceBelowFloor,
    ProjectIs,
    QuoteOutdated,
    SharesFixed,
)
from palabre.work.models import Project, Quote
from palabre.work.pricing import Shares
from tests.cast import Persona
from tests.work.stage import AT, TERMS, Stage, events, raise_floor

FLOOR = Decimal("370.526") / 360  # of ten seconds in Senegal, in XOF


def quote(stage: Stage, project: Project, price: int | None = None) -> Quote:
    return quote_project(project.id, 1000, price=price, by=stage.coordinator.actor, at=AT)


def test_each_line_is_kept(stage: Stage) -> None:
    made = quote(stage, stage.draft())
    assert [line["line"] for line in made.lines] == [
        "place",
        "base_pay",
        "platform_share",
        "social_cover",
        "topup_reserve",
    ]
    place, base, *shares = made.lines
    assert (place["country"], place["hourly"], place["exchange_on"]) == (
        "SN",
        "370.526000000000",
        "1999-01-01",
    )
    assert (base["judgements"], base["seconds"], base["amount"]) == (2000, "10.00", 314)
    assert made.total == base["amount"] + sum(line["amount"] for line in shares)
    assert Decimal(made.rates["SN"]["pay"]) >= FLOOR
    assert events(made.project_id, "work.quote.made")[0].data["total"] == made.total


def test_an_offer_above_raises_the_pay(stage: Stage) -> None:
    project = stage.draft()
    least = quote(stage, project)
    more = quote(stage, project, least.total * 3)
    assert Decimal(more.rates["SN"]["pay"]) > 2 * Decimal(least.rates["SN"]["pay"])
    assert more.total == least.total * 3


def test_an_offer_below_the_floor_is_refused(stage: Stage) -> None:
    project = stage.draft()
    least = quote(stage, project)
    with pytest.raises(PriceBelowFloor) as refusal:
        quote(stage, project, least.total - 1)
    assert refusal.value.fields["smallest_minor"] == least.total
    assert "4.25 EUR" in str(refusal.value)


def test_without_countries_it_asks_where_members_live(stage: Stage) -> None:
    """The colleague lives where no floor is known: nothing is offered there, and the client is not held up."""
    project = stage.draft(dataclasses.replace(TERMS, countries=()))
    assert quote(stage, project).rates.keys() == {"SN"}


def test_nowhere_is_a_floor_known(stage: Stage) -> None:
    Grant.objects.filter(account__residence__country="SN").delete()
    with pytest.raises(NoFloor):
        quote(stage, stage.draft(dataclasses.replace(TERMS, countries=())))


def test_nobody_lives_anywhere(stage: Stage) -> None:
    Grant.objects.filter(role__in=[Role.MEMBER, Role.REVIEWER]).delete()
    with pytest.raises(NoEligiblePlace):
        quote(stage, stage.draft(dataclasses.replace(TERMS, countries=())))


@pytest.mark.parametrize(("country", "error"), [("BR", NoFloor), ("MG", NoExchangeRate)])
def test_a_place_without_figures_is_named(stage: Stage, country: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        quote(stage, stage.draft(dataclasses.replace(TERMS, countries=["SN", country])))


@pytest.mark.parametrize("tasks", [0, -1, 100_000_001])
def test_a_number_of_tasks_has_bounds(stage: Stage, tasks: int) -> None:
    with pytest.raises(NumberWrong):
        quote_project(stage.draft().id, tasks, by=stage.coordinator.actor, at=AT)


def test_the_operator_sets_the_shares(stage: Stage) -> None:
    project, none = stage.draft(), Shares(Decimal(0), Decimal(0), Decimal(0))
    made = quote_project(project.id, 1000, shares=none, by=stage.coordinator.actor, at=AT)
    assert made.total == made.lines[1]["amount"]
    with pytest.raises(SharesFixed):
        quote_project(project.id, 1000, shares=none, by=stage.cast.client_person.actor, at=AT)
    with pytest.raises(NumberWrong):
        quote_project(project.id, 1, shares=Shares(platform=Decimal(101)), by=stage.coordinator.actor, at=AT)


def test_accepting_fixes_what_is_paid(stage: Stage) -> None:
    made = stage.quoted()
    project = Project.objects.get(id=made.project_id)
    assert project.rates == made.rates
    assert project.escrow is not None
    assert (project.escrow.kind, project.escrow.owner) == ("escrow", project.id)
    assert events(project.id, "work.quote.accepted")[0].data["rates"] == made.rates


def test_accepting_twice_is_once(stage: Stage) -> None:
    made = stage.quoted()
    again = accept_quote(made.id, by=stage.cast.client_person.actor, at=AT + dt.timedelta(days=1))
    assert again.accepted_at == AT
    assert len(events(made.project_id, "work.quote.accepted")) == 1


def test_another_quote_takes_its_place(stage: Stage) -> None:
    first = stage.quoted()
    project = first.project
    second = quote(stage, project, first.total * 500)
    accept_quote(second.id, by=stage.coordinator.actor, at=AT + dt.timedelta(hours=1))
    assert Project.objects.get(id=project.id).rates == second.rates


def test_a_quote_for_other_terms_is_outdated(stage: Stage) -> None:
    project, by = stage.draft(), stage.coordinator.actor
    made = quote(stage, project)
    for change in ({"overlap": 3}, {"seconds_per_task": Decimal(9)}, {"countries": ["SN", "CM"]}):
        edit_project(project.id, dataclasses.replace(TERMS, **change), by=by, at=AT)
        with pytest.raises(QuoteOutdated):
            accept_quote(made.id, by=by, at=AT)
    edit_project(project.id, TERMS, by=by, at=AT)
    assert accept_quote(made.id, by=by, at=AT).accepted_at == AT


def test_a_floor_that_rose_since_makes_it_outdated(stage: Stage) -> None:
    made = quote(stage, stage.draft())
    raise_floor("SN", "400", dt.date(2026, 3, 10))
    with pytest.raises(QuoteOutdated):
        accept_quote(made.id, by=stage.coordinator.actor, at=AT + dt.timedelta(days=10))
    assert accept_quote(made.id, by=stage.coordinator.actor, at=AT).accepted_at == AT


def test_a_live_project_takes_no_other_price(stage: Stage) -> None:
    project = stage.live()
    with pytest.raises(ProjectIs):
        quote(stage, project)


def test_who_may_not(stage: Stage) -> None:
    project = stage.draft()
    made = quote(stage, project)

    def refused(who: Persona, error: type[Exception]) -> None:
        with pytest.raises(error):
            quote_project(project.id, 1, by=who.actor, at=AT)
        with pytest.raises(error):
            accept_quote(made.id, by=who.actor, at=AT)

    refused(stage.cast.member, NotAllowed)
    refused(stage.cast.finance, NotAllowed)
    refused(stage.cast.stranger, NotFound)
    refused(stage.cast.foreign_client, NotFound)
