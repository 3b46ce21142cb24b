"""The ScoreCard as one sheet of paper: A4, tagged for screen readers (PDF/UA-1), by typst."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst
from django.utils import translation

from palabre.impact.errors import LanguageUnknown
from palabre.impact.rendering.wording import LANGUAGES, sheet

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "templates" / "impact" / "scorecard.typ"
# Points, from comfortable to dense: the first at which everything stands on one page is taken.
SIZES = ("10.5", "10", "9.5", "9", "8.5", "8", "7.5", "7", "6.5", "6")


def paper(credential: Mapping[str, Any], language: str) -> bytes:
    """The PDF in `language`. The same ScoreCard gives the same bytes. Raises: LanguageUnknown."""
    if language not in LANGUAGES:
        raise LanguageUnknown(path="lang", language=language)
    with translation.override(language):
        worded = json.dumps(asdict(sheet(credential, language)), ensure_ascii=False)
    compilers = (_compiler(worded, size) for size in SIZES)
    fitting = next((one for one in compilers if _pages(one) == 1), None) or _compiler(worded, SIZES[-1])
    made = fitting.compile(format="pdf", pdf_standards="ua-1", timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _compiler(worded: str, size: str) -> "typst.Compiler":
    import typst  # 3 MB that a web process holds only once it prints

    return typst.Compiler(
        str(TEMPLATE),
        root=str(ROOT),
        ignore_system_fonts=True,
        sys_inputs={"sheet": worded, "size": size},
    )


def _pages(compiler: "typst.Compiler") -> int:
    """The template notes the number of its pages at the end."""
    pages: int = json.loads(compiler.query("<pages>", field="value", one=True))
    return pages
