"""A client's project: created, and edited until it is launched."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from palabre.money import minor_units
from palabre.people.actions import agree
from palabre.people.actor import Actor
from palabre.people.models import Organisation
from palabre.people.permissions import Permission
from palabre.people.walls import agreed
from palabre.texts import one_line, prose
from palabre.work.access import locked_project
from palabre.work.actions.notes import note
from palabre.work.checks import check_countries, check_language, check_number, check_text
from palabre.work.errors import CurrencyFixed, ImportRuns, PartyWrong, ProjectIs
from palabre.work.models import Batch, Project, Task
from palabre.work.models.projects import first_language
from palabre.work.spoken import Translations, check_spoken, check_translations, kept

LONGEST_NAME, LONGEST_PURPOSE, LONGEST_RISK = 200, 5_000, 2_000
LONGEST = {"name": LONGEST_NAME, "purpose": LONGEST_PURPOSE, "risk_note": LONGEST_RISK}
MOST_OVERLAP = 15  # places are bits of a 16-bit mask
MOST_SECONDS = Decimal(36_000)
LEASE_HOURS = (24, 24 * 14)  # under a day there is no time to answer from a place without network


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a project is, in words that members read, and what it takes.

    `countries`: ISO 3166 codes of the places whose members may work on it; empty: all places
    where members of the operator live. `risk_note`: what in the content may be hard to bear; empty: nothing.
    `main_language`: the one that these texts are in; empty: the first of the installation. `translations`: the same
    texts in others, as far as there are any; a member reads hers, or the main one. `language`: of the data (BCP 47), `mul`
    for several, `zxx` for data without words; empty: not said yet, and work can't be offered. `declared_times`: nobody
    measured the times (a campaign that happened elsewhere), and the ScoreCard says so.
    """

    name: str
    purpose: str
    currency: str
    seconds_per_task: Decimal
    overlap: int = 3
    countries: Sequence[str] = ()
    declared_times: bool = False
    lease_hours: int = 72
    risk_note: str = ""
    language: str = ""
    main_language: str = ""
    translations: Translations = field(default_factory=dict)

    @property
    def spoken(self) -> str:
        """The language that the texts are in."""
        return self.main_language or first_language()

    def check(self) -> None:
        """Raises: TextWrong, LanguageWrong, SpokenWrong, MainTextMissing, NumberWrong, CountryWrong, UnknownCurrency."""
        check_text("name", self.name, LONGEST_NAME)
        check_text("purpose", self.purpose, LONGEST_PURPOSE)
        if self.risk_note.strip():
            check_text("risk_note", self.risk_note, LONGEST_RISK)
        check_language("language", self.language)
        check_spoken("main_language", self.spoken)
        main = {"name": self.name, "purpose": self.purpose, "risk_note": self.risk_note}
        check_translations(self.spoken, main, self.translations, LONGEST)
        minor_units(self.currency)
        check_number("overlap", self.overlap, 1, MOST_OVERLAP)
        check_number("seconds_per_task", self.seconds_per_task, Decimal("0.01"), MOST_SECONDS)
        check_number("lease_hours", self.lease_hours, *LEASE_HOURS)
        check_countries("countries", self.countries)

    def price_parts(self) -> tuple[object, ...]:
        """Everything that a quote depends on."""
        return (self.currency, self.seconds_per_task, self.overlap, sorted(self.countries))


@transaction.atomic
def create_project(
    terms: Terms, *, client: uuid.UUID, operator: uuid.UUID, by: Actor, at: dt.datetime
) -> Project:
    """A new draft between a client organisation and an operator; the actor acts for one of them.

    A person of the client agrees by it to work with the operator. An operator names only those who have agreed: another
    one's client is as unknown to it as none.

    Raises: NotAllowed, PartyWrong, and what `Terms.check` raises.
    """
    by.require(Permission.MANAGE_PROJECTS)
    terms.check()
    _check_parties(client, operator, by)
    if by.organisation != operator:
        agree(client, operator, by=by, at=at)
    project = Project(client_id=client, operator_id=operator, created_at=at)
    _take(terms, project)
    project.save(force_insert=True)
    data = {"client": str(client), "operator": str(operator), **_described(project)}
    note("work.project.created", project, data, by=by, at=at)
    return project


@transaction.atomic
def edit_project(project_id: uuid.UUID, terms: Terms, *, by: Actor, at: dt.datetime) -> Project:
    """Replace the terms of a draft. Changing what the price depends on undoes the accepted quote.

    Tasks that are there already get as many places as the new overlap has.

    Raises: NotAllowed, NotFound, ProjectIs (no draft any more), CurrencyFixed (money may have
    been deposited already), ImportRuns (its tasks are being written with the old overlap), and what `Terms.check` raises.
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state != Project.State.DRAFT:
        raise ProjectIs(state=project.state)
    terms.check()
    if project.escrow_id and terms.currency != project.currency:
        raise CurrencyFixed(currency=project.currency)
    if terms.price_parts() != terms_of(project).price_parts():
        project.rates = {}
    if terms.overlap != project.overlap:
        _set_places(project, terms.overlap)
    _take(terms, project)
    project.save()
    note("work.project.edited", project, _described(project), by=by, at=at)
    return project


def terms_of(project: Project) -> Terms:
    """The terms that a project stands on."""
    return Terms(
        name=project.name,
        purpose=project.purpose,
        currency=project.currency,
        seconds_per_task=project.seconds_per_task,
        overlap=project.overlap,
        countries=project.countries,
        declared_times=project.declared_times,
        lease_hours=project.lease_hours,
        risk_note=project.risk_note,
        language=project.language,
        main_language=project.main_language,
        translations=project.translations,
    )


def _set_places(project: Project, overlap: int) -> None:
    """Nobody works on a draft, so every place of every task is free."""
    if project.batches.filter(state=Batch.State.IMPORTING).exists():
        raise ImportRuns()
    Task.objects.filter(batch__project=project).update(free=(1 << overlap) - 1)


def _take(terms: Terms, project: Project) -> None:
    project.name, project.purpose = one_line(terms.name, "name"), prose(terms.purpose, "purpose").strip()
    project.currency, project.overlap = terms.currency, terms.overlap
    project.seconds_per_task = terms.seconds_per_task.quantize(Decimal("0.01"))
    project.countries = list(terms.countries)
    project.declared_times, project.lease_hours = terms.declared_times, terms.lease_hours
    project.risk_note, project.language = prose(terms.risk_note, "risk_note").strip(), terms.language
    project.main_language = terms.spoken
    project.translations = kept(terms.translations, lines=["name"])


def _described(project: Project) -> dict[str, object]:
    """For the record: the figures. Names and purposes may be changed by their owners later."""
    return {
        "currency": project.currency,
        "overlap": project.overlap,
        "seconds": f"{project.seconds_per_task:f}",
        "countries": project.countries,
        "declared_times": project.declared_times,
        "lease_hours": project.lease_hours,
        "language": project.language,
        "has_risk": bool(project.risk_note),
        "spoken": [project.main_language, *sorted(project.translations)],
    }


def _check_parties(client: uuid.UUID, operator: uuid.UUID, by: Actor) -> None:
    if by.account is not None and by.organisation not in {client, operator}:
        raise PartyWrong(path="client")
    kinds = dict(Organisation.objects.filter(id__in=[client, operator]).values_list("id", "kind"))
    if kinds.get(client) != Organisation.Kind.CLIENT:
        raise PartyWrong(path="client")
    if kinds.get(operator) != Organisation.Kind.OPERATOR:
        raise PartyWrong(path="operator")
    if by.organisation == operator and not agreed(client, operator):
        raise PartyWrong(path="client")
