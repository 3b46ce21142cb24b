"""Short ways to read what a test has written."""

import io
import zipfile
from typing import Any

from palabre.exchange.formats import BadRow, JsonValue, Row, read_rows


def outcomes(content: bytes | str, name: str = "tasks.csv", **options: Any) -> list[Row | BadRow]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_rows(io.BytesIO(data), name=name, **options))


def good(content: bytes | str, name: str = "tasks.csv", **options: Any) -> list[dict[str, JsonValue]]:
    """The payloads, when every row is good."""
    found = outcomes(content, name, **options)
    assert [each for each in found if isinstance(each, BadRow)] == []
    return [each.payload for each in found if isinstance(each, Row)]


def bad(content: bytes | str, name: str = "tasks.csv", **options: Any) -> list[BadRow]:
    return [each for each in outcomes(content, name, **options) if isinstance(each, BadRow)]


def codes(content: bytes | str, name: str = "tasks.csv", **options: Any) -> list[str]:
    """For each row, "ok" or the code of what is wrong."""
    return [each.code if isinstance(each, BadRow) else "ok" for each in outcomes(content, name, **options)]


def archive(*members: tuple[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()
