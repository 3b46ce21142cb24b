"""Names of kinds of files, as people call them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE_KINDS: dict[str, str | Promise] = {
    "csv": _("a table (CSV)"),
    "tsv": _("a table separated by tabs (TSV)"),
    "json": _("a JSON list"),
    "jsonl": _("JSON lines"),
    "label_studio": _("Label Studio tasks"),
    "zip": _("a ZIP archive"),
    "jpeg": _("a JPEG picture"),
    "png": _("a PNG picture"),
    "webp": _("a WebP picture"),
    "gif": _("a GIF picture"),
    "svg": _("an SVG drawing"),
    "heif": _("a HEIC picture"),
    "avif": _("an AVIF picture"),
    "tiff": _("a TIFF picture"),
    "bmp": _("a BMP picture"),
    "sound or film": _("a sound or a film"),
    "pdf": _("a PDF document"),
    "excel": _("an Excel workbook"),
    "word": _("a Word document"),
    "open document": _("an OpenDocument file"),
    "old office": _("an old Office document"),
    "other archive": _("an archive that is not a ZIP"),
    "parquet": _("a Parquet file"),
    "sqlite": _("an SQLite database"),
    "program": _("a program"),
    "page": _("a web page or XML"),
    "text": _("plain text"),
    "binary": _("binary data of an unknown kind"),
}


def with_names(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields with the kinds `found` and `expected` named in the reader's language."""
    named = dict(fields)
    for key in ("found", "expected"):
        kind = named.get(key)
        if isinstance(kind, str) and kind in FILE_KINDS:
            named[key] = FILE_KINDS[kind]
    return named
