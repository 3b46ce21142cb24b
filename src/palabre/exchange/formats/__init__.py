"""Foreign formats, pure: files in, rows out, and the other way round. No models, no database.

`read_rows` reads CSV, TSV, JSON, JSONL, Label Studio tasks and ZIP archives; `writer` writes CSV, JSONL and
Label Studio tasks; `prepare_image` makes the picture that members get.
"""

from palabre.exchange.formats.detection import FileFacts
from palabre.exchange.formats.kinds import Kind
from palabre.exchange.formats.pictures import PreparedImage, prepare_image
from palabre.exchange.formats.reading import inspect_file, read_rows
from palabre.exchange.formats.rows import BadRow, JsonValue, Limits, Media, Position, Row
from palabre.exchange.formats.writers import RowWriter, writer

__all__ = [
    "BadRow",
    "FileFacts",
    "JsonValue",
    "Kind",
    "Limits",
    "Media",
    "Position",
    "PreparedImage",
    "Row",
    "RowWriter",
    "inspect_file",
    "prepare_image",
    "read_rows",
    "writer",
]
