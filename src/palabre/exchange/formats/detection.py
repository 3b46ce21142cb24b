"""Which format a file is in: told by its content, and held against its name."""

import re
from dataclasses import dataclass
from typing import IO

from palabre.exchange.errors import (
    FileEmpty,
    FileNotSupported,
    FileNotWhatItsNameSays,
    FileTooLarge,
    JsonNotAList,
)
from palabre.exchange.formats.central_directory import count_members
from palabre.exchange.formats.decoding import SAMPLE, UTF8, Encoding, encoding_of
from palabre.exchange.formats.delimited import sniff_delimiter
from palabre.exchange.formats.json_array import cut
from palabre.exchange.formats.json_text import ObjectReader
from palabre.exchange.formats.kinds import Kind
from palabre.exchange.formats.label_studio import is_task
from palabre.exchange.formats.rows import Limits
from palabre.exchange.formats.signatures import HEAD, ending_of, kind_of

PROMISED = {
    ".csv": (Kind.CSV, Kind.TSV),
    ".tsv": (Kind.TSV,),
    ".tab": (Kind.TSV,),
    ".json": (Kind.JSON, Kind.LABEL_STUDIO),
    ".jsonl": (Kind.JSONL,),
    ".ndjson": (Kind.JSONL,),
    ".zip": (Kind.ZIP,),
}
# Names that promise something that is never imported.
_FOREIGN = {
    ".xlsx": "excel",
    ".xls": "excel",
    ".ods": "open document",
    ".docx": "word",
    ".pdf": "pdf",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".png": "png",
    ".webp": "webp",
    ".gif": "gif",
    ".svg": "svg",
    ".html": "page",
    ".xml": "page",
    ".gz": "other archive",
    ".7z": "other archive",
    ".rar": "other archive",
    ".parquet": "parquet",
    ".sqlite": "sqlite",
}
_LINES = (".jsonl", ".ndjson")
_LIST = re.compile(r'\s*\[\s*(?:[\[\]{"\-0-9]|true|false|null|\Z)')
_OBJECT = re.compile(r'\s*\{\s*(?:["}]|\Z)')


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is. `total` is what a row's `position[0]` runs to: bytes, or members of an archive.

    `delimiter` is None when nothing cuts the records of a table: it has one column.
    """

    kind: Kind
    total: int
    encoding: Encoding = UTF8
    delimiter: str | None = None


def facts_of(binary: IO[bytes], *, name: str, limits: Limits, encoding: str | None) -> FileFacts:
    """Tell the format of a seekable file.

    Raises FileEmpty, FileTooLarge, FileNotSupported, FileNotWhatItsNameSays, EncodingNotClear,
    EncodingNotOffered, JsonNotAList, ArchiveDamaged, ArchiveTooManyMembers.
    """
    size = binary.seek(0, 2)
    if size > limits.file_bytes:
        raise FileTooLarge(name=name, size=size, limit=limits.file_bytes)
    binary.seek(0)
    head = binary.read(SAMPLE)
    if not head:
        raise FileEmpty(name=name)
    found = kind_of(head[:HEAD])
    if found is None:
        facts = _text_facts(binary, head, encoding_of(head, named=encoding, name=name), name, limits)
        _hold_against_name(facts.kind if facts.delimiter or facts.kind is not Kind.CSV else "text", name)
        return facts
    _hold_against_name(found, name)
    if found != Kind.ZIP:
        raise FileNotSupported(name=name, found=found)
    return FileFacts(Kind.ZIP, count_members(binary, name=name, limits=limits))


def _hold_against_name(found: str, name: str) -> None:
    ending = ending_of(name)
    promised = PROMISED.get(ending)
    if promised is not None:
        if found not in promised and not (found == "text" and Kind.CSV in promised):
            raise FileNotWhatItsNameSays(name=name, expected=str(promised[0]), found=str(found))
    elif _FOREIGN.get(ending, found) != found and found in set(Kind):
        raise FileNotWhatItsNameSays(name=name, expected=_FOREIGN[ending], found=str(found))


def _text_facts(binary: IO[bytes], head: bytes, encoding: Encoding, name: str, limits: Limits) -> FileFacts:
    text = encoding.decode_start(head)
    total = binary.seek(0, 2)
    if not text.strip() and total <= len(head):
        raise FileEmpty(name=name)
    if _LIST.match(text):
        return FileFacts(_list_kind(binary, encoding, limits), total, encoding)
    if _OBJECT.match(text):
        _refuse_single_object(text, name)
        return FileFacts(Kind.JSONL, total, encoding)
    delimiter = sniff_delimiter(text)
    if delimiter is None and ending_of(name) in {".tsv", ".tab"}:
        delimiter = "\t"
    kind = Kind.TSV if delimiter == "\t" else Kind.CSV
    return FileFacts(kind, total, encoding, delimiter)


def _list_kind(binary: IO[bytes], encoding: Encoding, limits: Limits) -> Kind:
    first = next(cut(binary, encoding, limits, None), None)
    if first is None or first.problem is not None:
        return Kind.JSON
    item = ObjectReader(limits).read(first.text)
    return Kind.LABEL_STUDIO if isinstance(item, dict) and is_task(item) else Kind.JSON


def _refuse_single_object(text: str, name: str) -> None:
    """One object over several lines, or alone in a .json, is no list and no JSON lines."""
    if ending_of(name) in _LINES:
        return
    first, _, rest = text.strip().partition("\n")
    alone = ending_of(name) == ".json" and not rest.strip()
    if alone or (rest and not first.rstrip().endswith("}")):
        raise JsonNotAList(name=name)
