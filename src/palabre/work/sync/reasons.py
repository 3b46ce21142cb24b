"""Why an item could not be read: kept as a place, a code and numbers, said in the language of who reads it."""

import json
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST_PLACE = 200
NOT_JSON, SCHEMA_UNKNOWN = "not_json", "schema_unknown"

_WHOLE = _("this is no whole number")
# By the codes of the library that reads items, and two of our own.
_SENTENCES: dict[str, str | Promise] = {
    NOT_JSON: _("this can’t be kept: half a character, NUL, or too deep"),
    SCHEMA_UNKNOWN: _("this version of the questions is not known here"),
    "missing": _("this is missing"),
    "extra_forbidden": _("this is not known here"),
    "union_tag_invalid": _("this kind of thing is not known here"),
    "union_tag_not_found": _("it does not say what it is"),
    "string_type": _("this is no text"),
    "string_too_long": _("this is longer than %(max_length)s characters"),
    "string_too_short": _("this is empty"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than_equal": _("this is below %(ge)s"),
    "less_than_equal": _("this is above %(le)s"),
    "less_than": _("this is not below %(lt)s"),
    "literal_error": _("this is none of the values that are known here"),
    "enum": _("this is none of the values that are known here"),
    "list_type": _("this is no list"),
    "too_long": _("this list has more than %(max_length)s entries"),
    "too_short": _("this list is empty"),
}
_ANY = _("this can’t be read")


def reason(place: str, code: str, numbers: Mapping[str, object] | None = None) -> str:
    """One line to keep. What was sent there does not enter it, only numbers of ours."""
    ours = {name: value for name, value in (numbers or {}).items() if type(value) is int}
    return json.dumps([place[:LONGEST_PLACE], code, ours])


def in_words(line: str) -> str:
    """One kept line for a person. One that was kept as a sentence stays what it is."""
    try:
        place, code, numbers = json.loads(line)
        sentence = str(_SENTENCES.get(code, _ANY)) % numbers
    except (ValueError, TypeError, KeyError):
        return line
    shown = str(place).encode("utf-8", "replace").decode().replace("\0", "?")
    return f"{shown}: {sentence}" if shown else sentence


def all_said(why: str) -> list[str]:
    """The kept lines of one item, each for a person."""
    return [in_words(line) for line in why.splitlines()]
