"""The questions of a project that consensus and agreement speak of."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from palabre.work.models import LabelSchema
from palabre.work.schemas.form import Question, form_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice question over all published versions of its schema.

    `labels`: those of the newest version first, in its order, then older ones that judgements may still have.
    `several`: whether an answer may name more than one, or none.
    """

    name: str
    labels: tuple[str, ...]
    several: bool


def asked_by(project: uuid.UUID) -> tuple[Asked, ...]:
    """The choice questions of the newest schema, in its order; nothing before a schema is published."""
    bodies = (
        LabelSchema.objects.filter(project_id=project).order_by("-version").values_list("body", flat=True)
    )
    versions = [form_of(body).choices for body in bodies]
    if not versions:
        return ()
    return tuple(
        _over_versions(question.name, [other for choices in versions for other in choices])
        for question in versions[0]
    )


def unmeasured_by(project: uuid.UUID) -> tuple[str, ...]:
    """The names of the newest schema's other questions: no agreement is measured on their answers."""
    bodies = (
        LabelSchema.objects.filter(project_id=project).order_by("-version").values_list("body", flat=True)
    )
    newest = bodies.first()
    if newest is None:
        return ()
    form = form_of(newest)
    return tuple(one.name for one in form.asks if one not in form.choices)


def _over_versions(name: str, questions: Iterable[Question]) -> Asked:
    same = [question for question in questions if question.name == name]
    labels = dict.fromkeys(label.value for question in same for label in question.labels)
    return Asked(name, tuple(labels), any(not question.single for question in same))
