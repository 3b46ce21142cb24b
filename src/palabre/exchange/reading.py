"""Open a client's file by what it is, whatever its name says, and read its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from palabre.exchange.errors.files import FileEmpty, FileNotSupported, FileNotWhatItsNameSays, FileTooLarge
from palabre.exchange.formats.decoding import Encoding, TextSource, encoding_of
from palabre.exchange.formats.delimited import TableForm, read_header, read_table, sniff_delimiter
from palabre.exchange.formats.json_array import cut, read_array
from palabre.exchange.formats.json_lines import read_lines
from palabre.exchange.formats.json_text import ObjectReader
from palabre.exchange.formats.label_studio import is_task
from palabre.exchange.formats.rows import BadRow, Expectations, Position, Row
from palabre.exchange.formats.signatures import HEAD, ending_of, kind_of
from palabre.exchange.formats.zip_archive import Archive

# What the ending of a name promises; other endings promise nothing.
_PROMISED = {
    ".csv": ("csv",),
    ".tsv": ("csv",),
    ".json": ("json", "jsonl", "label_studio"),
    ".jsonl": ("jsonl",),
    ".ndjson": ("jsonl",),
    ".zip": ("zip",),
}
SAMPLE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """What a file turned out to be: csv, json, jsonl, label_studio or zip, and how its text is written."""

    kind: str
    encoding: Encoding | None


def look(binary: IO[bytes], *, name: str, expectations: Expectations, encoding: str | None = None) -> Found:
    """Tell what the file is from its content.

    Raises: FileEmpty, FileTooLarge, FileNotSupported, FileNotWhatItsNameSays, EncodingNotClear,
    EncodingNotOffered.
    """
    size = binary.seek(0, 2)
    binary.seek(0)
    head = binary.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileEmpty(name=name)
    if size > expectations.limits.file_bytes:
        raise FileTooLarge(name=name, limit=expectations.limits.file_bytes)
    kind = kind_of(head)
    if kind not in (None, "zip"):
        raise FileNotSupported(name=name, found=kind)
    binary.seek(0)
    written = None if kind == "zip" else encoding_of(binary.read(SAMPLE), named=encoding, name=name)
    found = "zip" if written is None else _kind_of_text(binary, written, expectations)
    promised = _PROMISED.get(ending_of(name))
    if promised and found not in promised:
        raise FileNotWhatItsNameSays(name=name, found=found, expected=promised[0])
    return Found(found, written)


def _kind_of_text(binary: IO[bytes], encoding: Encoding, expectations: Expectations) -> str:
    text = TextSource(binary, encoding, encoding.bom).read(SAMPLE).lstrip()
    if text.startswith("["):
        first = next(cut(binary, encoding, expectations.limits, None), None)
        item = ObjectReader(expectations.limits).read(first.text) if first and first.text else None
        return "label_studio" if isinstance(item, dict) and is_task(item) else "json"
    return "jsonl" if text.startswith("{") else "csv"


def read_rows(
    binary: IO[bytes],
    found: Found,
    *,
    name: str,
    expectations: Expectations,
    start: Position | None = None,
) -> Iterator[Row | BadRow]:
    """Rows and bad rows from `start` on, in flat memory. Raises what the format's reader raises."""
    encoding = found.encoding
    if encoding is None:
        yield from Archive(binary, name=name, limits=expectations.limits).rows(expectations, None, start)
    elif found.kind in ("json", "label_studio"):
        tasks = found.kind == "label_studio"
        yield from read_array(binary, encoding, expectations, start, tasks=tasks)
    elif found.kind == "jsonl":
        yield from read_lines(binary, encoding, expectations, start)
    else:
        sample = TextSource(binary, encoding, encoding.bom).read(SAMPLE)
        form = TableForm(encoding, sniff_delimiter(sample))
        header = read_header(binary, form, name=name, expectations=expectations)
        yield from read_table(binary, form, header, expectations, start)
