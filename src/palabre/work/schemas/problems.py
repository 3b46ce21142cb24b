"""One thing that is wrong with a label schema, a result or a payload, and where."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise


class Problem(NamedTuple):
    """`path` is a JSON path (`$.asks[0].labels[3].value`); `sentence` has places that `fields` fill."""

    path: str
    code: str
    sentence: str | Promise
    fields: Mapping[str, str | int]

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"

    @property
    def detail(self) -> str:
        """What is wrong, in the reader's language."""
        return str(self.sentence) % self.fields


def problem(path: str, code: str, sentence: Promise, **fields: str | int) -> Problem:
    return Problem(path, code, sentence, fields)


def excerpt(value: object) -> str:
    """A short form of a value that is safe to show."""
    return repr(value)[:60]
