"""Numbers in addresses: one spelling each, of digits 0 to 9, as large as a row's number can be."""

import re

from django.urls import register_converter

# Below 10^18, and so within a bigint.
_ROW = re.compile("[1-9][0-9]{0,17}", re.ASCII)


class RowConverter:
    """`<row:task>` in a route. `007` is no other name of `7`, and what no table can hold is not found."""

    regex = _ROW.pattern

    def to_python(self, text: str) -> int:
        return int(text)

    def to_url(self, number: int) -> str:
        return str(number)


def row_in(text: str) -> int | None:
    """The number of a row in a query; None for what is none."""
    return int(text) if _ROW.fullmatch(text) else None


register_converter(RowConverter, "row")
