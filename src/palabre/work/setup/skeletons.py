"""A guideline to begin with: every label with its example, its counter-example, and what to do in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass

from palabre.work.schemas import Form, in_language


@dataclass(frozen=True, slots=True)
class _Words:
    """What a guideline says in one language, with places for the client's own words."""

    read: Mapping[str, str]
    one: str
    several: str
    example: str
    counter: str
    doubt: str
    general: str


_WORDS = {
    "en": _Words(
        read={"text": "Read the whole text before you answer.", "image": "Look at the whole picture first."},
        one="Choose the one label that fits best.",
        several="Choose every label that fits; one is enough where only one does.",
        example="**Example:** …",
        counter="**Counter-example:** … is not “%(label)s”, because …",
        doubt="**If in doubt:** …",
        general="## If you can't decide\n\nSkip the task and say why, or ask a question. Both are counted and paid.",
    ),
    "fr": _Words(
        read={
            "text": "Lisez tout le texte avant de répondre.",
            "image": "Regardez d’abord toute l’image.",
        },
        one="Choisissez l’étiquette qui convient le mieux.",
        several="Choisissez toutes les étiquettes qui conviennent\u00a0; une seule suffit s’il n’y en a qu’une.",
        example="**Exemple\u00a0:** …",
        counter="**Contre-exemple\u00a0:** … n’est pas «\u00a0%(label)s\u00a0», parce que …",
        doubt="**En cas de doute :** …",
        general=(
            "## Si vous ne pouvez pas décider\n\n"
            "Passez la tâche en disant pourquoi, ou posez une question. Les deux sont comptées et payées."
        ),
    ),
}
LANGUAGES = frozenset(_WORDS)


def skeleton(form: Form, language: str) -> str:
    """Markdown in `language` for a schema's questions."""
    words = _WORDS[language]
    parts = [words.read[form.shows[0].type]]
    for question in form.choices:
        parts.append(f"# {in_language(question.title, language) or question.name}")
        parts.append(words.one if question.single else words.several)
        for label in question.labels:
            title = in_language(label.title, language) or label.value
            parts.append(f"## {title}")
            hint = in_language(label.hint, language)
            if hint:
                parts.append(f"{hint}.")
            counter = words.counter % {"label": title}
            parts.append(f"* {words.example}\n* {counter}\n* {words.doubt}")
    parts.append(words.general)
    return "\n\n".join(parts) + "\n"
