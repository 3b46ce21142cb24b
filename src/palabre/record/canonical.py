"""Canonical JSON: one value, one string of bytes, so that digests and signatures can be made again.

`canonical` is RFC 8785 in full, for signed documents. `canonical_event` gives the same bytes several times
faster for the smaller set of values that `check_event_data` lets into the record.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import rfc8785

from palabre.record.errors import EventDataRefused, NotCanonical
from palabre.words import gettext_lazy as _

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

# Beyond these a double of another language rounds silently (RFC 7493, section 2.2).
LARGEST = 2**53 - 1
DEEPEST = 32

# Sorted keys and no spaces are RFC 8785's form as long as keys are ASCII and there are no floats.
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def canonical(value: Json) -> bytes:
    """The bytes of `value` after RFC 8785.

    Raises NotCanonical where it has none: integers beyond ±(2^53-1), infinite or undefined numbers, lone
    surrogates, keys that are no strings, values that are no JSON, more levels than Python can follow.
    """
    try:
        return rfc8785.dumps(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonical from error


def canonical_event(event: Mapping[str, Json]) -> bytes:
    """The bytes of an event after RFC 8785, provided that `check_event_data` has passed its data.

    Nothing is checked again here: an event that was damaged later gets other bytes, whatever they are,
    because every change of a JSON value changes them. Raises NotCanonical for a lone surrogate.
    """
    try:
        return _encode(event).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical from error


def check_event_data(value: object, path: str = "data") -> None:
    """Lets through what an event may hold; raises EventDataRefused naming the first place that it may not.

    Allowed: objects with ASCII keys, lists, strings without NUL or lone surrogates, integers within
    ±(2^53-1), true, false and null, in at most 32 levels. Floats are refused: money and shares are integers
    or decimal strings.
    """
    _check(value, path, DEEPEST)


def _check(value: object, path: str, levels: int) -> None:
    if levels == 0:
        raise EventDataRefused(path=path, why=_("nested too deep"))
    if isinstance(value, dict):
        for key, item in value.items():
            _check_key(key, path)
            _check(item, f"{path}.{key}", levels - 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]", levels - 1)
    else:
        _check_scalar(value, path)


def _check_key(key: object, path: str) -> None:
    if not isinstance(key, str) or not key.isascii() or "\0" in key:
        raise EventDataRefused(path=path, why=_("a key that is not plain ASCII text: %(key)r") % {"key": key})


def _check_scalar(value: object, path: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if not is_text(value):
            raise EventDataRefused(path=path, why=_("text with NUL or half a character"))
    elif not isinstance(value, int):
        why = _("a value of type %(type)s; money and shares are written as integers or as decimal text")
        raise EventDataRefused(path=path, why=why % {"type": type(value).__name__})
    elif abs(value) > LARGEST:
        raise EventDataRefused(path=path, why=_("an integer beyond what every program reads exactly"))


def is_text(value: str) -> bool:
    """Whether PostgreSQL and UTF-8 can keep it: no NUL, no lone surrogate."""
    if "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
