"""Whether a task's payload has what the schema shows. Imports ask this for every row."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from palabre.work.schemas.form import Form, form_of
from palabre.work.schemas.modalities import BLOCK_TYPES
from palabre.work.schemas.problems import Problem, excerpt, problem


def shown_of(body: object) -> frozenset[str]:
    """The fields of a payload that a published schema shows: all that a member's device is given of it."""
    shows = form_of(body).shows
    return frozenset(name for block in shows for name in (block.field, *BLOCK_TYPES[block.type].beside))


class PayloadForm:
    """The payloads that one version of a label schema can show. Made once for a whole import."""

    __slots__ = ("fields",)

    def __init__(self, form: Form) -> None:
        # Two blocks may show one field; its absence is told once.
        self.fields = tuple(dict.fromkeys(block.field for block in form.shows))

    def problems(self, payload: Mapping[str, object]) -> list[Problem]:
        """What is wrong, with the field's name as path; none: every block has something to show."""
        found = []
        for field in self.fields:
            value = payload.get(field)
            if type(value) is not str or not value or value.isspace():
                found.append(_wrong(field, value, field in payload))
        return found


def _wrong(field: str, value: object, present: bool) -> Problem:
    if not present:
        return problem(field, "field_missing", _("this field is missing."))
    if isinstance(value, str) or value is None:
        return problem(field, "field_empty", _("this field is empty."))
    return problem(
        field, "field_not_text", _("this field must be text, not %(value)s."), value=excerpt(value)
    )


def payload_form(body: object) -> PayloadForm:
    """The form of a published schema's body."""
    return PayloadForm(form_of(body))


def check_payload(body: object, payload: Mapping[str, object]) -> list[Problem]:
    """What is wrong with one payload under a published schema."""
    return payload_form(body).problems(payload)
