"""What the statistics refuse. No sentences here: the edge that catches the error words it."""

from collections.abc import Mapping


class StatisticsError(ValueError):
    """Judgements or arguments that no statistic can be computed from.

    `code` is stable and names the reason; `fields` holds the figures that a sentence about it needs.
    """

    def __init__(self, code: str, **fields: int | float | str) -> None:
        super().__init__(f"{code} {fields}" if fields else code)
        self.code = code
        self.fields: Mapping[str, int | float | str] = fields
