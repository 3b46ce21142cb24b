"""`palabre organisation` and `palabre people`: for the administrator of the installation, at its terminal.

Whoever can start these commands can read the database as well, so they act as the program itself.
"""

import uuid
from typing import Annotated

import typer

from palabre.people.actions import (
    Home,
    PersonalFields,
    add_organisation,
    add_person,
    create_token,
    erase_person,
)
from palabre.people.actor import SYSTEM
from palabre.people.errors import HomeIncomplete
from palabre.people.models import Organisation, Role
from palabre.people.permissions import ALLOWED
from palabre.people.queries import all_organisations, standing_roles
from palabre.times import system_clock
from palabre.words import gettext as _

organisation = typer.Typer(no_args_is_help=True, help=_("Clients, and operators that run a community."))
people = typer.Typer(no_args_is_help=True, help=_("Accounts, their roles and tokens, and their erasure."))


@organisation.command("add", help=_("Add an organisation. Prints its id."))
def add_an_organisation(
    *,
    name: Annotated[str, typer.Option(help=_("Its name."))],
    kind: Annotated[Organisation.Kind, typer.Option(help=_("Operator, or client."))],
    country: Annotated[str, typer.Option(help=_("Two letters of ISO 3166, for example SN."))],
    timezone: Annotated[str, typer.Option(help=_("For example Africa/Dakar."))],
) -> None:
    added = add_organisation(kind, name, country, timezone, by=SYSTEM, at=system_clock.now())
    typer.echo(added.id)


@organisation.command("list", help=_("Every organisation: id, kind, country, name."))
def list_organisations() -> None:
    for each in all_organisations():
        typer.echo(f"{each.id}  {each.kind:8}  {each.country}  {each.name}")


@people.command("add", help=_("Add a person to an organisation. Prints the id of her account."))
def add_a_person(
    *,
    organisation: Annotated[uuid.UUID, typer.Option(help=_("Id of the organisation."))],
    name: Annotated[str, typer.Option(help=_("Her name."))],
    role: Annotated[list[Role], typer.Option(help=_("A role; give the option once for each."))],
    email: Annotated[str | None, typer.Option(help=_("Her e-mail address."))] = None,
    phone: Annotated[str | None, typer.Option(help=_("Her telephone number, as in +221771234567."))] = None,
    language: Annotated[str, typer.Option(help=_("The language that she is addressed in."))] = "fr",
    country: Annotated[str | None, typer.Option(help=_("Where she lives: members need it."))] = None,
    region: Annotated[str, typer.Option(help=_("Region, where the floors have regions."))] = "",
    timezone: Annotated[str | None, typer.Option(help=_("The time zone of where she lives."))] = None,
) -> None:
    added = add_person(
        PersonalFields(name, email, phone),
        organisation=organisation,
        roles=role,
        language=language,
        home=_home(country, region, timezone),
        by=SYSTEM,
        at=system_clock.now(),
    )
    typer.echo(added.id)


@people.command("token", help=_("Make a token for an account. Prints its secret, this once."))
def make_token(
    account: Annotated[uuid.UUID, typer.Argument(help=_("Id of the account."))],
    organisation: Annotated[uuid.UUID, typer.Option(help=_("Id of the organisation."))],
    name: Annotated[str, typer.Option(help=_("What it is for."))] = "terminal",
    scope: Annotated[
        list[str] | None, typer.Option(help=_("A right that it carries; without, all of her roles."))
    ] = None,
) -> None:
    scopes = scope or _rights(account, organisation)
    at = system_clock.now()
    _token, secret = create_token(account, organisation, name=name, scopes=scopes, by=SYSTEM, at=at)
    typer.echo(_("Keep this now: it can't be shown again."), err=True)
    typer.echo(secret)


@people.command("erase", help=_("Delete what identifies a person, for good."))
def erase(
    account: Annotated[uuid.UUID, typer.Argument(help=_("Id of the account."))],
    *,
    yes: Annotated[bool, typer.Option(help=_("Don't ask first."))] = False,
    owing: Annotated[
        bool, typer.Option(help=_("What is on her account stays owed to the number of her account."))
    ] = False,
) -> None:
    if not yes:
        question = _(
            "Her name, her addresses and her words will be gone for good; her work, time and pay stay. Erase?"
        )
        typer.confirm(question, abort=True, err=True)
    erase_person(account, by=SYSTEM, at=system_clock.now(), owing=owing)
    typer.echo(_("Erased."), err=True)


def _home(country: str | None, region: str, timezone: str | None) -> Home | None:
    if country is None and timezone is None:
        return None
    if country is None or timezone is None:
        raise HomeIncomplete(path="--timezone" if timezone is None else "--country")
    return Home(country=country, region=region, timezone=timezone)


def _rights(account: uuid.UUID, organisation: uuid.UUID) -> list[str]:
    return sorted({str(right) for role in standing_roles(account, organisation) for right in ALLOWED[role]})
