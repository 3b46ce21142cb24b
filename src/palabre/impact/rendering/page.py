"""The ScoreCard as a web page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from palabre.impact.errors import LanguageUnknown
from palabre.impact.rendering.wording import LANGUAGES, sheet

STATIC = Path(__file__).parents[1] / "static" / "impact"


def page(credential: Mapping[str, Any], language: str, *, linked: bool = True) -> str:
    """HTML in `language`. As it is served: with links to the signed file, the paper and its style; not
    `linked`: one file that needs no other.

    Raises: LanguageUnknown.
    """
    if language not in LANGUAGES:
        raise LanguageUnknown(path="lang", language=language)
    other = next(code for code in LANGUAGES if code != language)
    with translation.override(language):
        context = {
            "sheet": sheet(credential, language),
            "other": {"code": other, "name": LANGUAGES[other]},
            "linked": linked,
            **({} if linked else _whole()),
        }
        return render_to_string("impact/scorecard.html", context)


def _whole() -> dict[str, str]:
    """Style and mark, to stand inside the page."""
    names = {"style": "scorecard.css", "mark": "mark.svg"}
    return {place: (STATIC / name).read_text(encoding="utf-8") for place, name in names.items()}
