"""Sentences in the reader's language, with and without Django set up.

`palabre verify` runs on machines that have no installation: there the standard library reads the compiled
catalogue, in the language that LANGUAGE, LC_ALL, LC_MESSAGES or LANG names.
"""

import gettext as catalogues
from functools import cache
from pathlib import Path

from django.apps import apps
from django.utils import translation
from django.utils.functional import Promise, lazy

LOCALE = Path(__file__).parent / "locale"
# What an error or a problem is worded with: translated when it is read, not when it is made.
Sentence = str | Promise


def gettext(message: str) -> str:
    """`message` in the language of the request, or of the terminal where Django is not set up."""
    if apps.ready:
        return translation.gettext(message)
    return _terminal().gettext(message)


gettext_lazy = lazy(gettext, str)


@cache
def _terminal() -> catalogues.NullTranslations:
    return catalogues.translation("django", LOCALE, fallback=True)
