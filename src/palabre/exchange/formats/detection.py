"""Which format a file is in: told by its content, and held against its name."""

import re
from dataclasses import dataclass
from typing import IO

from palabre.exchange.errors import (
    EncodingNotClear,
    FileEmpty,
    FileNotSupported,
    FileNotWhatItsNameSays,
    FileRefused,
    FileTooLarge,
    JsonNotAList,
)
from palabre.exchange.formats.decoding import SAMPLE, Encoding, encoding_of, nul_in, sample_text
from palabre.exchange.formats.delimited import sniff_delimiter
from palabre.exchange.formats.json_array import cut
from palabre.exchange.formats.json_text import ObjectReader
from palabre.exchange.formats.kinds import Kind
from palabre.exchange.formats.label_studio import is_task
from palabre.exchange.formats.rows import Limits
from palabre.exchange.formats.signatures import HEAD, ending_of, kind_of, looks_like_utf16

_PROMISED = {
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
_LIST = re.compile(r'\s*\[\s*(?:[\[\]{"\-0-9]|true|false|null|\Z)')
_OBJECT = re.compile(r'\s*\{\s*(?:["}]|\Z)')


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is. `total` is what a row's `position[0]` runs to: bytes, or members of an archive."""

    kind: Kind
    total: int
    encoding: Encoding | None = None
    delimiter: str | None = None


def facts_of(binary: IO[bytes], *, name: str, limits: Limits, encoding: str | None) -> FileFacts:
    """Tell the format of a seekable file.

    Raises FileEmpty, FileTooLarge, FileNotSupported, FileNotWhatItsNameSays, EncodingNotClear,
    EncodingNotOffered, JsonNotAList.
    """
    size = binary.seek(0, 2)
    if size > limits.file_bytes:
        raise FileTooLarge(name=name, size=size, limit=limits.file_bytes)
    binary.seek(0)
    head = binary.read(SAMPLE)
    if not head:
        raise FileEmpty(name=name)
    found = kind_of(head[:HEAD])
    if found == "zip":
        return _held_against(FileFacts(Kind.ZIP, size), name)
    if found is not None:
        raise _not_importable(found, name)
    return _held_against(_text_facts(binary, head, size, name=name, limits=limits, named=encoding), name)


def _text_facts(
    binary: IO[bytes], head: bytes, size: int, *, name: str, limits: Limits, named: str | None
) -> FileFacts:
    encoding = encoding_of(head, named=named, name=name)
    ...
