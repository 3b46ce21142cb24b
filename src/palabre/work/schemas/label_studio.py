"""A label schema as a labelling configuration of Label Studio."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from palabre.work.schemas.form import Form, Label, Question, Words, form_of
from palabre.work.schemas.modalities import BLOCK_TYPES, QUESTION_TYPES


def to_label_studio_xml(body: object, language: str = "en") -> str:
    """The configuration under which Label Studio shows these tasks and gives the same results.

    A label's title is what Label Studio shows (`value`), our value what its results hold (`alias`).
    """
    form = form_of(body)
    view = Element("View")
    _add_blocks(view, form)
    for question in form.asks:
        _add_question(view, question, language)
    indent(view)
    return tostring(view, encoding="unicode") + "\n"


def _add_blocks(view: Element, form: Form) -> None:
    for block in form.shows:
        SubElement(view, BLOCK_TYPES[block.type].tag, name=block.name, value=f"${block.field}")


def _add_question(view: Element, question: Question, language: str) -> None:
    title = in_language(question.title, language)
    if title:
        SubElement(view, "Header", value=title)
    control = SubElement(view, QUESTION_TYPES[question.type].tag, name=question.name, toName=question.to)
    if question.required:
        control.set("required", "true")
    if question.type == "textarea":
        control.set("maxSubmissions", "1")
        return
    control.set("choice", "single" if question.single else "multiple")
    for label in question.labels:
        SubElement(control, "Choice", _choice(label, language))


def _choice(label: Label, language: str) -> dict[str, str]:
    title = in_language(label.title, language)
    shown = {"value": title, "alias": label.value} if title else {"value": label.value}
    extra = {"hint": in_language(label.hint, language), "hotkey": label.key}
    return shown | {name: text for name, text in extra.items() if text}


def in_language(words: Words, language: str) -> str | None:
    """The words in `language`, else in whichever language comes first."""
    return words.get(language) or next(iter(words.values()), None)
