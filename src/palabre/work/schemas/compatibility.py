"""What a new version of a schema may change while members work.

Answers made under an older version must mean the same under the new one, because consensus and
exports put them side by side. So blocks and questions stay as they are and labels stay; words
(titles, hints, keys) may change and labels may be added.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from palabre.work.schemas.form import Form, Question, form_of
from palabre.work.schemas.problems import Problem, excerpt, problem


def incompatibilities(old: object, new: object) -> list[Problem]:
    """What in `new` can't be published over `old` (both have passed `validate_schema`)."""
    before, after = form_of(old), form_of(new)
    return [*_shows(before, after), *_asks(before, after)]


def shows_more(old: object, new: object) -> list[Problem]:
    """Fields that `new` shows and `old` did not: tasks that were imported may not have them."""
    known = {block.field for block in form_of(old).shows}
    return [
        problem(
            f"$.shows[{index}].field",
            "field_new",
            _("tasks were imported without the field %(field)s."),
            field=block.field,
        )
        for index, block in enumerate(form_of(new).shows)
        if block.field not in known
    ]


def _shows(before: Form, after: Form) -> Iterator[Problem]:
    old = [(block.name, block.type, block.field) for block in before.shows]
    new = [(block.name, block.type, block.field) for block in after.shows]
    if old != new:
        yield problem("$.shows", "shows_changed", _("what tasks show can't change while members work."))


def _asks(before: Form, after: Form) -> Iterator[Problem]:
    if [question.name for question in before.asks] != [question.name for question in after.asks]:
        yield problem(
            "$.asks", "asks_changed", _("questions can't be added, taken away or moved while members work.")
        )
        return
    for index, (old, new) in enumerate(zip(before.asks, after.asks, strict=True)):
        yield from _question(old, new, f"$.asks[{index}]")


def _question(old: Question, new: Question, path: str) -> Iterator[Problem]:
    if (old.type, old.to, old.single, old.required) != (new.type, new.to, new.single, new.required):
        sentence = _(
            "the type of a question, its block and how it is answered can't change while members work."
        )
        yield problem(path, "question_changed", sentence)
    values = {label.value for label in new.labels}
    for label in old.labels:
        if label.value not in values:
            sentence = _("the label %(value)s can't be taken away while members work.")
            yield problem(f"{path}.labels", "label_gone", sentence, value=excerpt(label.value))
