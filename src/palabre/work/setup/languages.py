"""The languages of data that a client can name, and those of the texts that she writes, in the reader's words."""

from collections.abc import Collection

from babel.core import Locale
from django.conf import settings
from django.utils.translation import get_language, gettext

# What members of the places with a floor read, and what clients send most.
CODES = (
    "am", "ar", "bm", "de", "en", "es", "ff", "fr", "ha", "ig", "it", "lg", "ln", "mg", "nl", "pt", "rw", "sw", "wo",
    "xh", "yo", "zu",
)  # fmt: skip
Choices = list[tuple[str, str]]


def languages(named: str = "") -> list[tuple[str, str | Choices]]:
    """What the language of data is chosen from: those of CODES first, then all that have a code of two letters; `named`
    is the one that a program gave, if it did."""
    words = Locale.parse(get_language() or "en", sep="-").languages
    often = _in_order(CODES)
    rest = _in_order([code for code in map(str, words) if len(code) == 2 and code not in CODES])
    known = {code for code, _name in (*often, *rest)}
    other = [(named, language_name(named))] if named not in known | {"", "mul", "zxx"} else []
    return [
        ("", gettext("Choose one")),
        *other,
        (gettext("Often"), often),
        (
            gettext("Otherwise"),
            [("mul", gettext("Several languages")), ("zxx", gettext("No words: pictures only"))],
        ),
        (gettext("All others"), rest),
    ]


def _in_order(codes: Collection[str]) -> Choices:
    return sorted(((code, language_name(code)) for code in codes), key=lambda one: one[1].casefold())


def language_name(code: str) -> str:
    """The language in the reader's words; the code itself where nobody knows it."""
    words = Locale.parse(get_language() or "en", sep="-").languages
    name = str(words.get(code.split("-", maxsplit=1)[0], code))
    return name[:1].upper() + name[1:]


def spoken_here(main_language: str, also: Collection[str] = ()) -> list[str]:
    """The languages that texts are written in: the main one first, then those of the installation, and `also` those that
    texts are there in already."""
    here = [str(code) for code, _name in settings.LANGUAGES]
    return list(dict.fromkeys([main_language, *here, *sorted(also)]))
