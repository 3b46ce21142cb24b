"""The root of every error that a person may read.

An error knows its sentence and its fields; it knows nothing of HTTP or of a terminal.
One registry (`palabre.web.errors`, `palabre.cli`) turns families into answers.
"""

from palabre.words import Sentence
from palabre.words import gettext_lazy as _


class PalabreError(Exception):
    """What happened and what to do about it, in the reader's language.

    Subclasses set `code` (stable, dotted, for programs) and `sentence` (with named places
    such as `%(line)s` that the keyword arguments fill).
    """

    code: str = "error"
    sentence: Sentence = _("Something went wrong.")

    def __init__(self, **fields: object) -> None:
        super().__init__(self.code)
        self.fields = fields

    def __str__(self) -> str:
        return str(self.sentence) % self.fields


class NotAllowed(PalabreError):
    """The actor is known and may see the thing, but may not do this with it."""

    code = "not_allowed"
    sentence: Sentence = _("Your role does not allow this. Ask an administrator of your organisation.")


class NotFound(PalabreError):
    """Unknown, or another organisation's: the two look the same on purpose."""

    code = "not_found"
    sentence: Sentence = _("There is nothing here under this name.")


class Invalid(PalabreError):
    """The input is not well formed; `path` names the place."""

    code = "invalid"
    sentence: Sentence = _("%(path)s: this value is not right.")


class WrongState(PalabreError):
    """The thing exists, but it is not in a state in which this can be done."""

    code = "wrong_state"
    sentence: Sentence = _("This can't be done now.")


class Busy(PalabreError):
    """Somebody else is changing the same thing; asking again soon will work."""

    code = "busy"
    sentence: Sentence = _("Somebody else is changing this right now. Try again in a moment.")
