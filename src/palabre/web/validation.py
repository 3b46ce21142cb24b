"""What pydantic finds wrong with a request, in our own words and with the place of each fault."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Schema

# So many are enough to see what is wrong; a hostile body could have thousands.
_MOST = 50


class Fault(Schema):
    """One place of the request that is not right: `body.home.country`, a code for programs, a sentence."""

    path: str
    code: str
    detail: str


_SENTENCES: dict[str, str | Promise] = {
    "missing": _("This is missing."),
    "extra_forbidden": _("There is nothing of this name here."),
    "string_type": _("This must be text."),
    "string_too_short": _("This must have at least %(min_length)s characters."),
    "string_too_long": _("This must have at most %(max_length)s characters."),
    "text_unreadable": _("This holds characters that can't be shown. Type it anew, instead of pasting it."),
    "string_pattern_mismatch": _("This is not written as it should be."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "whole_number": _("This must be a whole number, written with the digits 0 to 9 alone."),
    "decimal_text": _("This must be a number in quotes, written with the digits 0 to 9 and a point."),
    "instant": _("This must be an instant with its time zone, as in 2026-01-05T08:00:00Z."),
    "day": _("This must be a day, as in 2026-01-05."),
    "bool_type": _("This must be true or false."),
    "list_type": _("This must be a list."),
    "dict_type": _("This must be an object."),
    "model_type": _("This must be an object."),
    "model_attributes_type": _("This must be an object."),
    "too_long": _("This must have at most %(max_length)s entries."),
    "too_short": _("This must have at least %(min_length)s entries."),
    "uuid_parsing": _("This must be an id, as in 01a20f85-9afb-7896-9069-e791ca28f3dc."),
    "uuid_type": _("This must be an id, as in 01a20f85-9afb-7896-9069-e791ca28f3dc."),
    "enum": _("Choose among: %(expected)s."),
    "literal_error": _("Choose among: %(expected)s."),
    "greater_than": _("This must be more than %(gt)s."),
    "greater_than_equal": _("This must be at least %(ge)s."),
    "less_than": _("This must be less than %(lt)s."),
    "less_than_equal": _("This must be at most %(le)s."),
}


def faults(errors: Sequence[Mapping[str, object]]) -> list[Fault]:
    """The first faults that pydantic reports, each with a sentence of ours."""
    return [_fault(error) for error in errors[:_MOST]]


def _fault(error: Mapping[str, object]) -> Fault:
    kind = str(error["type"])
    context = error.get("ctx")
    sentence = str(_SENTENCES.get(kind, _("This value is not right.")))
    where = error["loc"]
    steps = where if isinstance(where, tuple) else (where,)
    # The second step is the name of a parameter of ours, not something that was sent.
    shown = [step for position, step in enumerate(steps) if not (position == 1 and steps[0] == "body")]
    return Fault(
        path=".".join(str(step)[:100] for step in shown),
        code=kind,
        detail=sentence % context if isinstance(context, Mapping) else sentence,
    )
