"""Results: lists of Label Studio items, checked and read by a form that is made once per schema version.

Submission, consensus and export go through here for every annotation, so nothing general (no JSON
Schema) stands in the way: the form keeps dictionaries that the questions were turned into.
"""

import re
from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext_lazy as _

from palabre.record.canonical import is_text
from palabre.work.schemas.form import Form, Question, form_of
from palabre.work.schemas.problems import Problem, excerpt, problem

ITEM_ENTRIES = frozenset({"id", "from_name", "to_name", "type", "value"})
MAY_HAVE = ITEM_ENTRIES | {"origin"}
ORIGINS = frozenset({"manual", "prediction", "prediction-changed"})
LONGEST_NOTE = 5000

_ITEM_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class ChoicesForm:
    """What the answer to one question with choices may be."""

    __slots__ = ("places", "question", "values")

    def __init__(self, question: Question) -> None:
        self.question = question
        self.values = tuple(label.value for label in question.labels)
        self.places = {value: place for place, value in enumerate(self.values)}

    def problem(self, value: object, path: str) -> Problem | None:
        """`value` is the item's: {"choices": [label value, ...]}."""
        if type(value) is not dict or value.keys() != {"choices"}:
            return problem(path, "choices_form", _("this must hold “choices” and nothing else."))
        chosen = value["choices"]
        if type(chosen) is not list or not chosen:
            return problem(f"{path}.choices", "choices_none", _("this must be a list of at least one label."))
        if self.question.single and len(chosen) > 1:
            return problem(f"{path}.choices", "choices_one", _("only one label can be chosen here."))
        return self._chosen(chosen, f"{path}.choices")

    def _chosen(self, chosen: list[object], path: str) -> Problem | None:
        seen = set()
        for index, value in enumerate(chosen):
            if type(value) is not str or value not in self.places:
                sentence = _("%(value)s is not a label of this question.")
                return problem(f"{path}[{index}]", "label_unknown", sentence, value=excerpt(value))
            if value in seen:
                sentence = _("%(value)s is chosen twice.")
                return problem(f"{path}[{index}]", "label_twice", sentence, value=excerpt(value))
            seen.add(value)
        return None

    def labels(self, value: object) -> tuple[str, ...]:
        """The chosen values in the order of the schema, whatever order they were picked in."""
        chosen = cast("dict[str, list[str]]", value)["choices"]
        if len(chosen) == 1:
            return (chosen[0],)
        return tuple(sorted(chosen, key=self.places.__getitem__))


class NoteForm:
    """What a note may be."""

    __slots__ = ("question",)

    def __init__(self, question: Question) -> None:
        self.question = question

    def problem(self, value: object, path: str) -> Problem | None:
        """`value` is the item's: {"text": [one text]}."""
        if type(value) is not dict or value.keys() != {"text"}:
            return problem(path, "note_form", _("this must hold “text” and nothing else."))
        texts = value["text"]
        if type(texts) is not list or len(texts) != 1 or type(texts[0]) is not str or not texts[0].strip():
            return problem(
                f"{path}.text", "note_empty", _("this must be a list of one text that is not empty.")
            )
        if len(texts[0]) > LONGEST_NOTE:
            sentence = _("a note has at most %(limit)s characters.")
            return problem(f"{path}.text[0]", "note_long", sentence, limit=LONGEST_NOTE)
        if not is_text(texts[0]):
            return problem(f"{path}.text[0]", "text", _("this text holds NUL or half a character."))
        return None


class ResultForm:
    """The results that one version of a label schema takes. Immutable; share it between threads."""

    __slots__ = ("choices", "form", "questions", "required")

    def __init__(self, form: Form) -> None:
        self.form = form
        self.questions: dict[str, ChoicesForm | NoteForm] = {
            question.name: ChoicesForm(question) if question.type == "choices" else NoteForm(question)
            for question in form.asks
        }
        self.choices = {name: part for name, part in self.questions.items() if isinstance(part, ChoicesForm)}
        self.required = frozenset(question.name for question in form.asks if question.required)

    def problems(self, result: object) -> list[Problem]:
        """What is wrong with `result`, by JSON path; none: it answers the task."""
        if type(result) is not list:
            return [problem("$", "result_form", _("a result is a list of items."))]
        if len(result) > len(self.questions):
            sentence = _("a result has at most one item for each of the %(questions)s questions.")
            return [problem("$", "result_long", sentence, questions=len(self.questions))]
        found: list[Problem] = []
        answered: set[str] = set()
        ids: set[str] = set()
        for index, item in enumerate(result):
            wrong = self._item(item, f"$[{index}]", answered, ids)
            if wrong is not None:
                found.append(wrong)
        if not found and not self.required <= answered:
            names = ", ".join(name for name in self.questions if name in self.required - answered)
            found.append(problem("$", "not_answered", _("not answered: %(names)s."), names=names))
        return found

    def _item(self, item: object, path: str, answered: set[str], ids: set[str]) -> Problem | None:
        if type(item) is not dict or not item.keys() >= ITEM_ENTRIES or not item.keys() <= MAY_HAVE:
            sentence = _("an item has the entries %(names)s and may have “origin”.")
            return problem(path, "item_form", sentence, names=", ".join(sorted(ITEM_ENTRIES)))
        name = item["from_name"]
        part = self.questions.get(name) if type(name) is str else None
        if part is None:
            sentence = _("no question is named %(name)s.")
            return problem(f"{path}.from_name", "question_unknown", sentence, name=excerpt(name))
        if name in answered:
            return problem(f"{path}.from_name", "question_twice", _("this question is answered twice."))
        answered.add(name)
        return self._frame(item, part.question, path, ids) or part.problem(item["value"], f"{path}.value")

    def _frame(self, item: dict[str, object], question: Question, path: str, ids: set[str]) -> Problem | None:
        """Everything of an item but its answer."""
        if item["type"] != question.type:
            return problem(f"{path}.type", "item_type", _("this must be %(type)s."), type=question.type)
        if item["to_name"] != question.to:
            return problem(f"{path}.to_name", "item_to", _("this must be %(name)s."), name=question.to)
        if "origin" in item and item["origin"] not in ORIGINS:
            names = ", ".join(sorted(ORIGINS))
            return problem(f"{path}.origin", "item_origin", _("this must be one of: %(names)s."), names=names)
        mark = item["id"]
        if type(mark) is not str or mark in ids or not _ITEM_ID.fullmatch(mark):
            sentence = _("an id is 1 to 64 letters, digits, - or _, and differs from the other items'.")
            return problem(f"{path}.id", "item_id", sentence)
        ids.add(mark)
        return None

    def labels(self, result: object) -> dict[str, tuple[str, ...]]:
        """For each question with choices, in the schema's order, the values chosen (none: not answered).

        `result` has passed `problems`. Several values stand in the order of the schema.
        """
        answers: dict[str, tuple[str, ...]] = dict.fromkeys(self.choices, ())
        for item in cast("Sequence[dict[str, str]]", result):
            part = self.choices.get(item["from_name"])
            if part is not None:
                answers[item["from_name"]] = part.labels(item["value"])
        return answers


def result_form(body: object) -> ResultForm:
    """The form of a published schema's body. `queries.result_form_of` keeps them by project and version."""
    return ResultForm(form_of(body))


def validate_result(body: object, result: object) -> list[Problem]:
    """What is wrong with one result under a published schema."""
    return result_form(body).problems(result)


def labels_of(body: object, result: object) -> dict[str, tuple[str, ...]]:
    """The label values of one result, for each question with choices."""
    return result_form(body).labels(result)
