"""`palabre init`: the operator and its administrator of a new installation, in the terminal."""

from typing import Annotated

import typer

from palabre.messages.actions.links import address_of_link
from palabre.people.actions import Operator, PersonalFields, found, make_link
from palabre.people.actor import SYSTEM
from palabre.people.models import Link
from palabre.times import system_clock
from palabre.words import gettext as _


def init(
    operator: Annotated[str, typer.Option(prompt=_("Name of the organisation that runs the community"))],
    country: Annotated[str, typer.Option(prompt=_("Its country, two letters such as SN"))],
    timezone: Annotated[str, typer.Option(prompt=_("Its time zone, such as Africa/Dakar"))],
    name: Annotated[str, typer.Option(prompt=_("Name of its administrator"))],
    email: Annotated[str, typer.Option(prompt=_("Her e-mail address"))],
    language: Annotated[str, typer.Option(help=_("The language that she is addressed in."))] = "en",
) -> None:
    at = system_clock.now()
    made = found(Operator(operator, country, timezone), PersonalFields(name, email), language=language, at=at)
    secret = make_link(made.id, Link.Purpose.INVITATION, by=SYSTEM, at=at)
    typer.echo(_("She opens this link once, and chooses her password:"), err=True)
    typer.echo(address_of_link(secret))
