"""Texts of a project in several languages: one main language has all of them, each other one what was translated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from palabre.settings import LANGUAGES
from palabre.texts import one_line, prose
from palabre.work.checks import check_text
from palabre.work.errors import MainTextMissing, SpokenWrong

# By language, then by field: {"fr": {"name": "Avis de clients"}}. The main language stands in the fields themselves.
Translations = Mapping[str, Mapping[str, str]]
# In one language, which is the main one, or by language: {"en": "Guest reviews", "fr": "Avis de clients"}.
Written = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A text with the language that it is in."""

    text: str
    language: str


def reads() -> str:
    """The language that this reader's sentences are in just now."""
    return (get_language() or "en").split("-", maxsplit=1)[0]


def check_spoken(path: str, language: str) -> None:
    """Raises: SpokenWrong unless members can read Palabre in it."""
    if language not in LANGUAGES:
        raise SpokenWrong(path=path, value=language[:20], choices=", ".join(LANGUAGES))


def check_translations(
    main_language: str, main: Mapping[str, str], translations: Translations, most: Mapping[str, int]
) -> None:
    """What is translated is there in the main language too, so that nobody misses what others are told.

    `main`: the fields in the main language; `most`: how long each may be. Raises: SpokenWrong, MainTextMissing, TextWrong.
    """
    for language, fields in translations.items():
        check_spoken(f"translations.{language}", language)
        for name, text in fields.items():
            if not text.strip():
                continue
            if language == main_language or not main[name].strip():
                raise MainTextMissing(path=name, language=main_language)
            check_text(f"{name}.{language}", text, most[name])


def kept(translations: Translations, *, lines: Iterable[str]) -> dict[str, dict[str, str]]:
    """As they are stored: what is empty stays away; `lines` are the fields of one line. Raises: TextUnreadable."""
    single = set(lines)
    found: dict[str, dict[str, str]] = {}
    for language in sorted(translations):
        texts = {
            name: one_line(text, name) if name in single else prose(text, name).strip()
            for name, text in translations[language].items()
            if text.strip()
        }
        if texts:
            found[language] = texts
    return found


def main_of(main_language: str, **fields: Written) -> dict[str, str]:
    """Each field in the main language. Raises: MainTextMissing where one is written in others only."""
    found: dict[str, str] = {}
    for name, written in fields.items():
        if isinstance(written, str):
            found[name] = written
            continue
        if any(text.strip() for text in written.values()) and not written.get(main_language, "").strip():
            raise MainTextMissing(path=name, language=main_language)
        found[name] = written.get(main_language, "")
    return found


def translations_of(main_language: str, **fields: Written) -> dict[str, dict[str, str]]:
    """What the fields say in other languages than the main one."""
    found: dict[str, dict[str, str]] = {}
    for name, written in fields.items():
        if not isinstance(written, str):
            for language, text in written.items():
                if language != main_language:
                    found.setdefault(language, {})[name] = text
    return found
