"""The ScoreCard as one sheet of paper: A4, tagged for screen readers (PDF/UA-1), by typst."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

from palabre.impact.errors import LanguageUnknown
from palabre.impact.rendering.wording import sheet

TEMPLATE = files("palabre.impact").joinpath("templates/impact/scorecard.typ")
MARK = files("palabre.impact").joinpath("static/impact/mark.svg")
# From comfortable to dense: the first size at which everything stands on one page.
SIZES = ("9.5", "9", "8.5", "8", "7.5", "7", "6.5")


def paper(credential: Mapping[str, Any], language: str) -> bytes:
    """The PDF in `language`. Raises: LanguageUnknown."""
    if language not in dict(settings.LANGUAGES):
        raise LanguageUnknown(language=language)
    with translation.override(language):
        worded = json.dumps(asdict(sheet(credential, language)), ensure_ascii=False)
    content = b""
    for size in SIZES:
        content = _compiled(worded, size)
        if _pages(content) == 1:
            break
    return content


def _compiled(worded: str, size: str) -> bytes:
    sources: dict[str, bytes] = {"main.typ": TEMPLATE.read_bytes(), "mark.svg": MARK.read_bytes()}
    made = typst.compile(
        sources,
        format="pdf",
        sys_inputs={"sheet": worded, "size": size},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _pages(content: bytes) -> int:
    return content.count(b"/Type /Page\n") or content.count(b"/Type/Page/") or content.count(b"/Type /Page ")
