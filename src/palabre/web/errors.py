"""What can be wrong with a request before any room sees it, and which HTTP status each family of errors gets.

This registry is the only place where errors meet HTTP. A family that a room adds gets its line here; a test
fails while one is missing.
"""

from django.utils.translation import gettext_lazy as _

from palabre.embedded.errors import EmbeddedDatabaseError
from palabre.errors import Busy, Invalid, NotAllowed, NotFound, PalabreError, WrongState
from palabre.pay.errors import KeyReused as LedgerKeyReused
from palabre.people.errors import TooManyTries
from palabre.quality.errors import ConsensusRefused
from palabre.record.errors import CredentialError, FileRefused, RecordError
from palabre.settings import SettingsError


class NotSignedIn(PalabreError):
    code = "not_signed_in"
    sentence = _("Sign in first: send a token that is in force, as “Authorization: Bearer pal_…”.")


class FormExpired(NotAllowed):
    code = "form_expired"
    sentence = _(
        "This page was open for too long, or in another window. Go back, load it again and send it once more."
    )


class ProofNeeded(NotAllowed):
    """Raised in a browser only. A page asks for the proof and comes back; a program is told."""

    code = "proof_needed"
    sentence = _("Show once more that it is you, on your own page, and do this within five minutes.")


class TooManyRequests(PalabreError):
    code = "too_many_requests"
    sentence = _("That was too many requests at once. Go on in %(seconds)s seconds.")


class BodyTooBig(PalabreError):
    code = "body_too_big"
    sentence = _("The request is larger than %(most)s bytes. Send it in parts.")


class SentTooSlowly(PalabreError):
    code = "sent_too_slowly"
    sentence = _(
        "The request stopped on its way. Send it again when the network is better; nothing was half done."
    )


class SaidTwice(PalabreError):
    """A value that means one thing stands there more than once: guessing which was meant would be a decision."""

    code = "said_twice"
    sentence = _("%(path)s stands there more than once. Send it once, so that it is clear what is meant.")


class WrongMediaType(PalabreError):
    code = "wrong_media_type"
    sentence = _("Send the body as %(expected)s.")


class NotJson(PalabreError):
    code = "not_json"
    sentence = _("The body is no JSON that can be read: look at line %(line)s, column %(column)s.")


class UnreadableRequest(PalabreError):
    code = "unreadable_request"
    sentence = _("The request can't be read. It was cut off, or holds characters that are not allowed there.")


class TextRefused(Invalid):
    code = "text_refused"
    sentence = _("%(path)s: text with NUL or half a character can't be stored.")


class NumberRefused(Invalid):
    code = "number_refused"
    sentence = _("%(path)s: this number is too large to be kept exactly.")


class InputRefused(Invalid):
    """One or several fields are not as the documentation says; `errors` has each with its place."""

    code = "input_refused"
    sentence = _("Some of what was sent is not as it should be.")


class BadCursor(Invalid):
    code = "bad_cursor"
    sentence = _("This cursor is not one that Palabre gave. Start again without it.")


class MethodNotAllowed(PalabreError):
    code = "method_not_allowed"
    sentence = _("This can't be done here with %(method)s.")


class KeyMissing(Invalid):
    code = "key_missing"
    sentence = _(
        "Send a header “Idempotency-Key” with 1 to 200 letters, digits or signs, made for this request,"
        " so that sending it twice does it once."
    )


class KeyReused(PalabreError):
    """Same idempotency key, other request."""

    code = "key_reused"
    sentence = _("Something else was asked for under this Idempotency-Key before. Make a new key.")


class Unexpected(PalabreError):
    """A fault of ours. What it was stands in the logs under the request's id."""

    code = "unexpected"
    sentence = _("Something went wrong on our side. It was written down; nothing was half done.")


class Unavailable(PalabreError):
    code = "unavailable"
    sentence = _("The service is too busy to answer right now. Try again in a moment.")


class NoRoom(Unavailable):
    """The disk of the server, or of its database, is full."""

    code = "no_room"
    sentence = _(
        "The server has no room left to keep this; nothing was half done. Keep what you have, and send it again later."
    )


class UnknownHost(PalabreError):
    """A name under which this server was not told that it is reached: a forged one could be put into links."""

    code = "unknown_host"
    sentence = _(
        "This server does not answer to the name “%(host)s”. Its administrator lists its names in"
        " PALABRE_ALLOWED_HOSTS."
    )


STATUS: dict[type[PalabreError], int] = {
    # Families that every room uses.
    Invalid: 422,
    NotAllowed: 403,
    NotFound: 404,
    WrongState: 409,
    Busy: 409,
    # The request itself.
    NotSignedIn: 401,
    TooManyRequests: 429,
    TooManyTries: 429,
    BodyTooBig: 413,
    WrongMediaType: 415,
    NotJson: 400,
    UnreadableRequest: 400,
    UnknownHost: 400,
    SaidTwice: 400,
    SentTooSlowly: 408,
    MethodNotAllowed: 405,
    KeyReused: 409,
    Unexpected: 500,
    Unavailable: 503,
    # Families of single rooms.
    LedgerKeyReused: 409,
    FileRefused: 422,
    CredentialError: 422,
    ConsensusRefused: 422,
    # What only the administrator of the installation can put right.
    RecordError: 500,
    EmbeddedDatabaseError: 500,
    SettingsError: 500,
}


def status_of(error: PalabreError) -> int:
    """The HTTP status of an error: that of its nearest family. 500 for a family that nobody entered."""
    return next((STATUS[family] for family in type(error).__mro__ if family in STATUS), 500)
