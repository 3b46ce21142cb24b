"""The foreign formats."""

from enum import StrEnum


class Kind(StrEnum):
    """A format, by the code that stands in `FILE_KINDS` as well."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSONL = "jsonl"
    LABEL_STUDIO = "label_studio"
    ZIP = "zip"
