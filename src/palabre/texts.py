"""Text as people type and paste it: what may stand in one line, what in prose, and when two look the same.

Unicode names its signs of direction and of no width in its table of general categories (Cf); here they are
listed, since some of them (the joiners of Persian and of emoji) are part of how a word is written.
"""

import re
import unicodedata

from palabre.errors import Invalid
from palabre.words import gettext_lazy as _

# C0, C1 and DEL without tab and line breaks; half a character.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# Signs that nobody sees: directions, no width, soft hyphens, fillers.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_JOINERS = re.compile("[\u200c\u200d\ufe0e\ufe0f]")
_MARKS = re.compile("[\u0300-\u036f]")


class TextUnreadable(Invalid):
    """Control characters: no screen shows them, and a letter or a file breaks on them."""

    code = "text_unreadable"
    sentence = _("%(path)s: this holds characters that can't be shown. Type it anew, instead of pasting it.")


def prose(text: str, path: str = "") -> str:
    """Several lines, as they were written. Raises: TextUnreadable."""
    if _CONTROL.search(text):
        raise TextUnreadable(path=path)
    return text


def one_line(text: str, path: str = "") -> str:
    """A name or a title: in the composed form of Unicode (NFC), without hidden signs; breaks and runs of
    spaces become one space. Raises: TextUnreadable."""
    return " ".join(unicodedata.normalize("NFC", _HIDDEN.sub("", prose(text, path))).split())


def alike(text: str) -> str:
    """The same for two names that nobody can tell apart: in case, width, hidden signs or spaces."""
    folded = unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).casefold()
    return " ".join(_JOINERS.sub("", unicodedata.normalize("NFKC", folded)).split())


def unaccented(text: str) -> str:
    """As somebody types who has no accents on her keyboard: “Aïssatou” is found by “aissatou”."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", alike(text)))


def capitals() -> tuple[str, str]:
    """Letters beyond ASCII that no accent makes (Ŋ, Ɛ, Ø, Greek, Cyrillic), large and small: a database that sorts
    by bytes folds the case of none of them."""
    large = [chr(code) for code in range(0x80, 0x2000) if _folds_alone(chr(code))]
    return "".join(large), "".join(letter.lower() for letter in large)


def _folds_alone(letter: str) -> bool:
    small = letter.lower()
    return small != letter and len(small) == 1 and unicodedata.normalize("NFKD", letter) == letter
