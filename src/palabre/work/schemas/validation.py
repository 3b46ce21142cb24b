"""Whether a label schema is well formed: first its JSON Schema, then the rules that one can't say."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import cast

from django.utils.translation import gettext_lazy as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from palabre.record.canonical import is_text
from palabre.texts import alike
from palabre.work.schemas.form import Form, Question, form_of
from palabre.work.schemas.modalities import BLOCK_TYPES, QUESTION_TYPES, TAKEN_BLOCKS, TAKEN_QUESTIONS
from palabre.work.schemas.problems import Problem, excerpt, problem

MOST_PROBLEMS = 50


@cache
def published_schema() -> Mapping[str, object]:
    """The JSON Schema of label schemas, as it is served."""
    text = files("palabre.work.schemas").joinpath("label-schema.json").read_text(encoding="utf-8")
    schema: dict[str, object] = json.loads(text)
    return schema


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(published_schema())


def validate_schema(body: object) -> list[Problem]:
    """Everything that is wrong with `body`, at most 50 things; none: it may be published.

    Beyond `label-schema.json`: every text can be stored; names are unique over blocks and questions;
    a question is about a block that exists; no two label values look the same, nor two titles in
    a language; keys don't collide on the one screen that shows all questions; at least one
    question has choices.
    """
    problems = list(_texts(body, "$"))
    if not problems:
        problems = sorted(map(_worded, _errors(body)), key=lambda found: (found.path, found.code))
    if not problems:
        form = form_of(body)
        problems = [found for rule in RULES for found in rule(form)]
    return problems[:MOST_PROBLEMS]


def _texts(value: object, path: str) -> Iterator[Problem]:
    if isinstance(value, str) and not is_text(value):
        yield problem(path, "text", _("this text holds NUL or half a character."))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key, path)
            yield from _texts(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]")


# -- wording of what the JSON Schema refuses ----------------------------------------------------

_LIMITS = {
    "minItems": _("at least %(limit)s are needed."),
    "maxItems": _("at most %(limit)s can be had."),
    "maxLength": _("this is longer than %(limit)s characters."),
    "minLength": _("this is empty."),
    "minProperties": _('give the words in at least one language, for example {"en": "Positive"}.'),
    "type": _("this must be of type %(limit)s."),
    "const": _("this must be %(limit)s."),
    "enum": _("this must be one of: %(limit)s."),
}


def _errors(body: object) -> Iterator[ValidationError]:
    for error in _validator().iter_errors(body):
        # An entry that is wrong inside counts as not evaluated too: it is told once, at its own place.
        if error.validator != "unevaluatedProperties" or _unknown(error):
            yield error


def _worded(error: ValidationError) -> Problem:
    path = error.json_path
    match str(error.validator):
        case "required":
            missing = ", ".join(sorted(_texts_in(error.validator_value) - _texts_in(error.instance)))
            return problem(path, "missing", _("%(name)s is missing."), name=missing)
        case "additionalProperties" | "unevaluatedProperties":
            return problem(path, "unknown_entry", _("unknown entry: %(name)s."), name=_unknown(error))
        case "enum" if error.absolute_path[-1] == "type":
            return _type_refused(path, error.instance, str(error.absolute_path[0]))
        case "pattern":
            return problem(path, "pattern", _("%(value)s can't be used here."), value=excerpt(error.instance))
        case keyword if keyword in _LIMITS:
            limit = error.validator_value
            shown = ", ".join(map(str, limit)) if isinstance(limit, list) else str(limit)
            return problem(path, keyword, _LIMITS[keyword], limit=shown)
    return problem(path, "value", _("%(value)s is not right here."), value=excerpt(error.instance))


def _unknown(error: ValidationError) -> str:
    """The entries that neither the object's definition nor that of its type knows."""
    entries = cast("Mapping[str, object]", error.instance)
    known = _entries(error.schema) | _entries(_definitions().get(str(entries.get("type"))))
    return ", ".join(sorted(entries.keys() - known))


def _texts_in(value: object) -> set[str]:
    return set(cast("Iterable[str]", value))


def _definitions() -> Mapping[str, object]:
    return cast("Mapping[str, object]", published_schema()["$defs"])


def _entries(definition: object) -> set[str]:
    return set(definition.get("properties", ())) if isinstance(definition, dict) else set()


def _type_refused(path: str, value: object, part: str) -> Problem:
    known, taken = (BLOCK_TYPES, TAKEN_BLOCKS) if part == "shows" else (QUESTION_TYPES, TAKEN_QUESTIONS)
    fields = {"value": excerpt(value), "taken": ", ".join(taken)}
    if value in known:
        return problem(path, "type_not_taken", _("%(value)s is not taken yet; today: %(taken)s."), **fields)
    return problem(path, "type_unknown", _("%(value)s is not a known type; today: %(taken)s."), **fields)


# -- rules beyond the JSON Schema ---------------------------------------------------------------


def _names(form: Form) -> Iterator[Problem]:
    seen: set[str] = set()
    places = [(f"$.shows[{i}].name", block.name) for i, block in enumerate(form.shows)]
    places += [(f"$.asks[{i}].name", question.name) for i, question in enumerate(form.asks)]
    for path, name in places:
        if name in seen:
            yield problem(path, "name_twice", _("the name %(name)s is used twice."), name=name)
        seen.add(name)


def _references(form: Form) -> Iterator[Problem]:
    blocks = {block.name for block in form.shows}
    for index, question in enumerate(form.asks):
        if question.to not in blocks:
            path = f"$.asks[{index}].to"
            yield problem(path, "to_unknown", _("no block is named %(name)s."), name=question.to)


def _label_values(form: Form) -> Iterator[Problem]:
    for path, question in _with_paths(form):
        yield from _repeats(path, "value", [label.value.strip() for label in question.labels])


def _label_titles(form: Form) -> Iterator[Problem]:
    # Two buttons with the same words can't be told apart.
    for path, question in _with_paths(form):
        for language in sorted({language for label in question.labels for language in label.title}):
            titles = [label.title.get(language, "").strip() for label in question.labels]
            yield from _repeats(path, f"title.{language}", titles)


def _keys(form: Form) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, question in _with_paths(form):
        for index, label in enumerate(question.labels):
            if label.key in seen:
                place = f"{path}.labels[{index}].key"
                yield problem(place, "key_twice", _("the key %(key)s is used twice."), key=label.key or "")
            if label.key:
                seen.add(label.key)


def _asks_choices(form: Form) -> Iterator[Problem]:
    if not form.choices:
        yield problem("$.asks", "no_choices", _("at least one question must be of type choices."))


def _with_paths(form: Form) -> Iterator[tuple[str, Question]]:
    return ((f"$.asks[{index}]", question) for index, question in enumerate(form.asks))


def _repeats(path: str, entry: str, texts: list[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, text in enumerate(texts):
        if text and alike(text) in seen:
            place = f"{path}.labels[{index}].{entry}"
            yield problem(place, "label_twice", _("%(value)s stands here twice."), value=excerpt(text))
        seen.add(alike(text))


RULES: tuple[Callable[[Form], Iterator[Problem]], ...] = (
    _names,
    _references,
    _label_values,
    _label_titles,
    _keys,
    _asks_choices,
)
