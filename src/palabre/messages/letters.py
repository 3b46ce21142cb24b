"""The words of each message, in the language of who reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palabre.messages.notices import Notice
from palabre.people.models import Link
from palabre.settings import current


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def letter(purpose: Link.Purpose, language: str, *, name: str, organisation: str, address: str) -> Letter:
    """What goes with a one-time link. `address` is the link itself."""
    with translation.override(language):
        return _LETTERS[purpose](name, organisation, address)


def _invitation(name: str, organisation: str, address: str) -> Letter:
    body = _(
        "Good day %(name)s,\n\n%(organisation)s invites you to Palabre. Open this link to come in and to choose"
        " your password:\n\n%(address)s\n\nIt works once, for 14 days. If you don't know what this is about,"
        " do nothing."
    )
    subject = _("%(organisation)s invites you to Palabre")
    return _filled(subject, body, name, organisation, address)


def _sign_in(name: str, organisation: str, address: str) -> Letter:
    body = _(
        "Good day %(name)s,\n\nopen this link to sign in to Palabre:\n\n%(address)s\n\nIt works once, for one"
        " hour. If you didn't ask for it, do nothing: nobody has come in."
    )
    return _filled(_("Your link to sign in"), body, name, organisation, address)


def _new_password(name: str, organisation: str, address: str) -> Letter:
    body = _(
        "Good day %(name)s,\n\nopen this link to choose a new password for Palabre:\n\n%(address)s\n\nIt works"
        " once, for one hour. If you didn't ask for it, do nothing: your password stays as it is."
    )
    return _filled(_("A new password for Palabre"), body, name, organisation, address)


def _way_in(name: str, organisation: str, address: str) -> Letter:
    body = _(
        "Good day %(name)s,\n\n%(organisation)s has made a new link for you, because you couldn't come in any"
        " more. Open it to come in and to choose a new password:\n\n%(address)s\n\nIt works once, for 3 days."
        " You are signed out on every device, and your old password opens nothing any more. If you didn't ask"
        " for it, tell %(organisation)s at once."
    )
    return _filled(_("Your new link to come in"), body, name, organisation, address)


def _filled(subject: str, body: str, name: str, organisation: str, address: str) -> Letter:
    places = {"name": name, "organisation": organisation, "address": address}
    return Letter(subject % places, body % places)


_LETTERS: dict[Link.Purpose, Callable[[str, str, str], Letter]] = {
    Link.Purpose.INVITATION: _invitation,
    Link.Purpose.SIGN_IN: _sign_in,
    Link.Purpose.NEW_PASSWORD: _new_password,
    Link.Purpose.WAY_IN: _way_in,
}


def contact_changed(language: str, *, name: str) -> Letter:
    """To the address or number that was hers. It doesn't say the new one: who reads this may be somebody else."""
    with translation.override(language):
        body = _(
            "Good day %(name)s,\n\nsomebody of your organisation has changed how Palabre reaches you: this address or"
            " number isn't yours there any more.\n\nIf you asked for it, there is nothing to do. If not, sign in, set a"
            " new password, and tell the people of your organisation at once."
        )
        return Letter(_("How Palabre reaches you was changed"), body % {"name": name})


def morning(notices: Sequence[Notice], *, name: str, off: str, wishes: str) -> Letter:
    """What waits for somebody, in the language that is active. `off` and `wishes`: where she turns letters off."""
    subject = ngettext(
        "Palabre: %(n)s thing for you today", "Palabre: %(n)s things for you today", len(notices)
    ) % {"n": len(notices)}
    body = _(
        "Good day %(name)s,\n\nthis is what is new or waits for you at Palabre:\n\n%(lines)s\n\nA letter like this"
        " comes at seven in the morning, and only where there is something to say."
    ) % {"name": name, "lines": _lines(notices)}
    return Letter(subject, body + _ending(off, wishes))


def at_once(notices: Sequence[Notice], *, name: str, off: str, wishes: str) -> Letter:
    """What can't wait until the morning, in the language that is active."""
    subject = _("Palabre: this can't wait")
    body = _("Good day %(name)s,\n\nthis can't wait until tomorrow:\n\n%(lines)s") % {
        "name": name,
        "lines": _lines(notices),
    }
    return Letter(subject, body + _ending(off, wishes))


def _lines(notices: Sequence[Notice]) -> str:
    return "\n\n".join(
        f"- {one.what}{_(' (late)') if one.late else ''}\n  {current().url}{one.address}" for one in notices
    )


def _ending(off: str, wishes: str) -> str:
    return "\n\n" + _(
        "No more letters of this kind? Open this link and press the button; you need not sign in:\n%(off)s\n\nWhat"
        " you are told by e-mail you choose here:\n%(wishes)s"
    ) % {"off": off, "wishes": wishes}
