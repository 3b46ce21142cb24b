"""Quotes: a price with every line of it kept, and its acceptance, which fixes the project's rates."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from palabre.errors import NotFound
from palabre.pay.actions import open_account
from palabre.pay.errors import NoExchangeRate, NoFloor
from palabre.pay.floors import floor_at
from palabre.pay.models import LedgerAccount
from palabre.pay.rates import rate_at
from palabre.people.actor import Actor
from palabre.people.models import Residence, Role
from palabre.people.permissions import Permission
from palabre.work.access import locked_project
from palabre.work.actions.notes import note
from palabre.work.checks import check_number
from palabre.work.errors import NoEligiblePlace, ProjectIs, QuoteOutdated, SharesFixed
from palabre.work.models import Project, Quote
from palabre.work.pricing import Estimate, Place, Shares, Work, estimate, floor_rates

MOST_TASKS = 100_000_000


@transaction.atomic
def quote_project(
    project_id: uuid.UUID,
    tasks: int,
    *,
    price: int | None = None,
    shares: Shares | None = None,
    by: Actor,
    at: dt.datetime,
) -> Quote:
    """What `tasks` tasks cost: the smallest price, or what an offered `price` pays.

    Of a draft, or of a project whose pilot was measured.

    Base pay is seconds per task x the floor of each place where eligible members live x overlap;
    platform share, social cover and top-up reserve are percents of it that the operator may set.
    `price` is in minor units of the project's currency. Floors and exchange rates are those of
    the UTC day of `at`.

    Raises: NotAllowed, NotFound, ProjectIs (no price to be made), NumberWrong, SharesFixed (a client may not
    set them), NoEligiblePlace, NoFloor, NoExchangeRate, PriceBelowFloor (with the smallest price
    that passes).
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    _check_priced(project)
    check_number("tasks", tasks, 1, MOST_TASKS)
    if shares is not None:
        _check_shares(shares, project, by)
    return _quoted(project, tasks, price, shares or Shares(), by=by, at=at)


def quote_again(project: Project, *, by: Actor, at: dt.datetime) -> Quote:
    """The smallest price for the tasks and with the shares of the quote that was accepted last.

    The caller holds the project and has changed what the price depends on. Raises: as `quote_project`.
    """
    accepted = project.quotes.filter(accepted_at__isnull=False).order_by("-accepted_at", "-id").first()
    if accepted is None:
        raise NotFound()
    percent = {line["line"]: Decimal(line["percent"]) for line in accepted.lines if "percent" in line}
    shares = Shares(percent["platform_share"], percent["social_cover"], percent["topup_reserve"])
    return _quoted(project, accepted.tasks, None, shares, by=by, at=at)


def _check_priced(project: Project) -> None:
    """Raises: ProjectIs, once the price is fixed: but the measured times of a pilot make a new one."""
    measured = project.state == Project.State.PILOT and project.piloted_at is not None
    if project.state != Project.State.DRAFT and not measured:
        raise ProjectIs(state=project.state)


def _quoted(
    project: Project, tasks: int, price: int | None, shares: Shares, *, by: Actor, at: dt.datetime
) -> Quote:
    places = places_of(project, at.date())
    work = Work(tasks, project.overlap, project.seconds_per_task, project.currency)
    made = estimate(places, work, shares, price)
    quote = Quote.objects.create(
        project=project,
        tasks=tasks,
        lines=_lines(made, places, project.pilot_shared_seconds),
        rates=_rates(made),
        total=made.total,
        currency=project.currency,
        quoted_at=at,
    )
    data = {"quote": str(quote.id), "tasks": tasks, "total": quote.total, "currency": quote.currency}
    note("work.quote.made", project, data, by=by, at=at)
    return quote


@transaction.atomic
def accept_quote(quote_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Quote:
    """Fix the project's rates at those of a quote and open its account for deposits.

    The rates hold for the whole project. Accepting again changes nothing; another quote of the
    same draft, or of the same pilot once it is measured, takes its place. Every place's pay is
    compared once more with the floor of the day.

    Raises: NotAllowed, NotFound, ProjectIs (the price is fixed), QuoteOutdated (the terms changed, or a
    floor rose, since the quote), NoFloor, NoExchangeRate, NoEligiblePlace.
    """
    by.require(Permission.MANAGE_PROJECTS)
    quote = Quote.objects.filter(id=quote_id).first()
    if quote is None:
        raise NotFound()
    project = locked_project(by, quote.project_id, Permission.MANAGE_PROJECTS)
    quote.refresh_from_db()
    if quote.accepted_at and project.rates == quote.rates:
        return quote
    _check_priced(project)
    _check_current(quote, project, at.date())
    project.rates = quote.rates
    project.escrow = open_account(
        LedgerAccount.Kind.ESCROW, project.id, project.currency, backer=project.operator_id
    )
    project.save(update_fields=["rates", "escrow"])
    quote.accepted_at, quote.accepted_by = at, by.account
    quote.save(update_fields=["accepted_at", "accepted_by"])
    data = {"quote": str(quote.id), "total": quote.total, "currency": quote.currency, "rates": quote.rates}
    note("work.quote.accepted", project, data, by=by, at=at)
    return quote


def places_of(project: Project, day: dt.date) -> list[Place]:
    """The places where eligible members live, with the floor and the exchange rate of each.

    Where the client names no countries, one in which somebody's floor or its exchange rate isn't known is
    left out: nothing is offered there, for nobody could say what an hour must bring.

    Raises: NoEligiblePlace, NoFloor, NoExchangeRate (for a country that is named, or where no other remains).
    """
    if project.countries:
        return [_place(project, country, region, day) for country, region in _where(project)]
    places: list[Place] = []
    unknown: dict[str, NoFloor | NoExchangeRate] = {}
    for country, region in _where(project):
        try:
            places.append(_place(project, country, region, day))
        except (NoFloor, NoExchangeRate) as error:
            unknown.setdefault(country, error)
    known = [place for place in places if place.country not in unknown]
    if not known:
        raise next(iter(unknown.values()))
    return known


def _place(project: Project, country: str, region: str, day: dt.date) -> Place:
    found = floor_at(country, region, day)
    rate = rate_at(found.currency, project.currency, day)
    return Place(
        country=country,
        region=region,
        currency=found.currency,
        hourly=found.exact,
        floor=found.floor.id,
        exchange=rate.exact,
        exchange_on=rate.on,
        exchange_source=rate.source,
    )


def _where(project: Project) -> list[tuple[str, str]]:
    """Countries and regions: those of the operator's members, and every country that the project names."""
    living = Residence.objects.filter(
        account__is_active=True,
        account__grants__organisation=project.operator_id,
        account__grants__role__in=[Role.MEMBER, Role.REVIEWER],
        account__grants__revoked_at=None,
    )
    if project.countries:
        living = living.filter(country__in=project.countries)
    found = set(living.values_list("country", "region").distinct())
    known = {country for country, _ in found}
    found |= {(country, "") for country in project.countries if country not in known}
    if not found:
        raise NoEligiblePlace()
    return sorted(found)


def _check_shares(shares: Shares, project: Project, by: Actor) -> None:
    if by.account is not None and by.organisation != project.operator_id:
        raise SharesFixed()
    for name in ("platform", "social", "reserve"):
        check_number(f"shares.{name}", getattr(shares, name), Decimal(0), Decimal(100))


def _check_current(quote: Quote, project: Project, day: dt.date) -> None:
    base = next(line for line in quote.lines if line["line"] == "base_pay")
    terms = (quote.currency, base["seconds"], base["overlap"])
    if terms != (project.currency, f"{project.seconds_per_task:f}", project.overlap):
        raise QuoteOutdated()
    floors = floor_rates(places_of(project, day), project.seconds_per_task)
    if floors.keys() != quote.rates.keys():
        raise QuoteOutdated()
    if any(Decimal(quote.rates[country]["pay"]) < rate.pay for country, rate in floors.items()):
        raise QuoteOutdated()


def _rates(made: Estimate) -> dict[str, dict[str, str]]:
    return {
        country: {"currency": rate.currency, "pay": f"{rate.pay:f}", "charge": f"{rate.charge:f}"}
        for country, rate in sorted(made.rates.items())
    }


def _lines(made: Estimate, places: Sequence[Place], shared: Decimal | None) -> list[dict[str, object]]:
    """The places with their floors, then the four lines that make the total, with their arithmetic.

    `shared`: what of the seconds is each answer's share of the time on tasks without one, where it was measured.
    """
    shares, base, seconds = made.shares, made.base_pay, made.work.seconds
    return [
        *(_place_line(place) for place in places),
        {
            "line": "base_pay",
            "tasks": made.work.tasks,
            "overlap": made.work.overlap,
            "judgements": made.work.judgements,
            "seconds": f"{seconds:f}",
            **(_parts(seconds, shared) if shared is not None else {}),
            "charge": f"{made.charge:f}",
            "amount": base,
        },
        _share_line("platform_share", shares.platform, base, made.platform_share),
        _share_line("social_cover", shares.social, base, made.social_cover),
        _share_line("topup_reserve", shares.reserve, base, made.topup_reserve),
    ]


def _parts(seconds: Decimal, shared: Decimal) -> dict[str, str]:
    return {"answer_seconds": f"{seconds - shared:f}", "shared_seconds": f"{shared:f}"}


def _place_line(place: Place) -> dict[str, object]:
    return {
        "line": "place",
        "country": place.country,
        "region": place.region,
        "currency": place.currency,
        "hourly": f"{_shown(place.hourly):f}",
        "floor": place.floor,
        "exchange": f"{_shown(place.exchange):f}",
        "exchange_on": place.exchange_on.isoformat(),
        "exchange_source": place.exchange_source,
    }


def _share_line(name: str, percent: Decimal, base: int, amount: int) -> dict[str, object]:
    return {"line": name, "percent": f"{percent:f}", "of": base, "amount": amount}


def _shown(value: Fraction) -> Decimal:
    """For the reader of a line; the amounts were counted with the exact value."""
    return round(Decimal(value.numerator) / Decimal(value.denominator), 12)
