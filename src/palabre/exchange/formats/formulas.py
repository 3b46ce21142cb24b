"""Cells that a spreadsheet would run as a formula, made safe in a way that can be undone.

Rule: a text gets one apostrophe in front when, after any apostrophes, quotation marks and white space, it
begins with = + - @ or one of their full-width or small forms, or when it begins with a tab, CR or LF. A
number is not a text and is left alone. Because an apostrophe is among the characters that are skipped, a text
that already looks guarded is guarded once more, so that taking one apostrophe away gives back every text.
Source of the rule: OWASP, "CSV Injection".
"""

import re
from collections.abc import Iterable

_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
_SKIPPED = "'\"\\s\u2018\u2019\u201c\u201d«»\ufeff\u200b-\u200f\u2060"
_RISKY = re.compile(f"[{_SKIPPED}]*[{_SIGNS}]|'*[\t\r\n]")
# The same for all cells of a column at once: NUL, which no stored text holds, stands before each of them.
_RISKY_IN_COLUMN = re.compile(f"\x00(?:[{_SKIPPED}]*[{_SIGNS}]|'*[\t\r\n])")


def guard(text: str) -> str:
    """`text`, safe in a cell of a spreadsheet."""
    return "'" + text if _RISKY.match(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    return text[1:] if text.startswith("'") and _RISKY.match(text, 1) else text


def any_risky(texts: Iterable[str]) -> bool:
    """Whether `guard` would change any of the texts: one search for all of them."""
    return _RISKY_IN_COLUMN.search("\x00" + "\x00".join(texts)) is not None
