"""The ScoreCard as a web page."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from palabre.impact.errors import LanguageUnknown
from palabre.impact.rendering.wording import sheet


def page(credential: Mapping[str, Any], language: str, card: object = None) -> str:
    """HTML in `language`. Raises: LanguageUnknown."""
    names = dict(settings.LANGUAGES)
    if language not in names:
        raise LanguageUnknown(language=language)
    other = next((code for code in names if code != language), language)
    with translation.override(language):
        context = {
            "sheet": sheet(credential, language),
            "other": {"code": other, "name": names[other]},
            "card": card,
        }
        return render_to_string("impact/scorecard.html", context)
