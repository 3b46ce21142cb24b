"""The languages of texts that a client can name, in the reader's words."""

from babel.core import Locale
from django.utils.translation import get_language

# What members of the places with a floor read, and what clients send most.
CODES = (
    "am", "ar", "bm", "de", "en", "es", "ff", "fr", "ha", "ig", "it", "lg", "ln", "mg", "nl", "pt", "rw", "sw", "wo",
    "xh", "yo", "zu",
)  # fmt: skip


def languages() -> list[tuple[str, str]]:
    """Codes and names, in the order of the names."""
    return sorted(((code, language_name(code)) for code in CODES), key=lambda one: one[1].casefold())


def language_name(code: str) -> str:
    """The language in the reader's words; the code itself where nobody knows it."""
    words = Locale.parse(get_language() or "en", sep="-").languages
    name = str(words.get(code.split("-", maxsplit=1)[0], code))
    return name[:1].upper() + name[1:]
