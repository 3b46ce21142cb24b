"""`palabre people way-in`: the last way back in, for the administrator of the installation at its terminal."""

import uuid
from typing import Annotated

import typer

from palabre.errors import NotFound
from palabre.messages.actions import give_way_in
from palabre.people.actions import Why
from palabre.people.actor import SYSTEM
from palabre.people.cli import people
from palabre.people.finding import accounts_called
from palabre.people.models import Link
from palabre.times import system_clock
from palabre.words import gettext as _


@people.command("way-in", help=_("A new link for somebody who can't come in any more. Prints it, this once."))
def way_in(
    who: Annotated[
        str, typer.Argument(help=_("Her e-mail address, her telephone number or the id of her account."))
    ],
    *,
    reason: Annotated[Link.Reason, typer.Option(help=_("Why she needs it."))],
    words: Annotated[str, typer.Option(help=_("More about it, for her to read."))] = "",
    no_second_step: Annotated[
        bool, typer.Option(help=_("Her passkeys and her app with codes are lost too: remove them."))
    ] = False,
) -> None:
    why = Why(reason, words, no_second_step)
    made = give_way_in(_account(who), why, by=SYSTEM, at=system_clock.now())
    typer.echo(_("She is signed out everywhere. This link opens her account once:"), err=True)
    typer.echo(made.address)


def _account(who: str) -> uuid.UUID:
    """Raises: NotFound."""
    found = accounts_called(who)
    if len(found) == 1:
        return found[0].id
    try:
        return uuid.UUID(who)
    except ValueError:
        raise NotFound from None
