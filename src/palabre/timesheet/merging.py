"""One person has one time line: what overlaps counts once. Pure."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable

Span = tuple[dt.datetime, dt.datetime]
# Into no more parts is a stretch cut that finds no room as a whole.
MOST_PARTS = 50


class TimeLine:
    """Disjoint spans in order; `add` says how much of a new span was not covered yet."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: list[Span] = []
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> dt.timedelta:
        """Cover `span`; the part of it that was free before is returned.

        >>> at = lambda s: dt.datetime(2026, 1, 1, 8, 0, s)
        >>> line = TimeLine([(at(0), at(10))])
        >>> line.add((at(5), at(30))).seconds
        20
        """
        start, end = span
        first = bisect_left(self._spans, start, key=lambda other: other[1])
        last, covered = first, dt.timedelta(0)
        while last < len(self._spans) and self._spans[last][0] <= end:
            other = self._spans[last]
            covered += max(min(end, other[1]) - max(start, other[0]), dt.timedelta(0))
            last += 1
        touched = self._spans[first:last] or [span]
        self._spans[first:last] = [(min(start, touched[0][0]), max(end, touched[-1][1]))]
        return (end - start) - covered

    def covered(self, span: Span) -> dt.timedelta:
        """How much of `span` is covered."""
        start, end = span
        found = dt.timedelta(0)
        for other in self._spans[bisect_left(self._spans, start, key=lambda one: one[1]) :]:
            if other[0] >= end:
                break
            found += min(end, other[1]) - max(start, other[0])
        return found

    def beside(self, span: Span, window: Span) -> Span | None:
        """The free place in `window` that takes the whole of `span` and is nearest to it.

        >>> at = lambda s: dt.datetime(2026, 1, 1, 8, 0, s)
        >>> line = TimeLine([(at(0), at(10))])
        >>> start, end = line.beside((at(9), at(20)), (at(8), at(21)))
        >>> start.second, end.second
        (10, 21)
        """
        length = span[1] - span[0]
        fitting = [
            min(max(span[0], low), high - length) for low, high in self._free(window) if high - low >= length
        ]
        if not fitting:
            return None
        start = min(fitting, key=lambda one: abs(one - span[0]))
        return start, start + length

    def touches(self, span: Span) -> bool:
        """Whether some of `span` is covered."""
        start, end = span
        first = bisect_left(self._spans, start, key=lambda other: other[1])
        return any(max(start, s) < min(end, e) for s, e in self._spans[first : first + 2])

    def gaps(self, window: Span, length: dt.timedelta, *, from_end: bool) -> list[Span]:
        """Free time of `window`, nearest to its beginning, or its end: one stretch that takes `length`, else parts.

        >>> at = lambda s: dt.datetime(2026, 1, 1, 8, 0, s)
        >>> line = TimeLine([(at(0), at(10)), (at(20), at(59))])
        >>> [start.second for start, _ in line.gaps((at(0), at(59)), dt.timedelta(seconds=5), from_end=False)]
        [10]
        """
        free = self._free(window)
        if from_end:
            free.reverse()
        whole = next((one for one in free if one[1] - one[0] >= length), None)
        found, left = list[Span](), length
        for start, end in [whole] if whole else free[:MOST_PARTS]:
            part = min(left, end - start)
            if part > dt.timedelta(0):
                found.append((end - part, end) if from_end else (start, start + part))
                left -= part
        return found

    def _free(self, window: Span) -> list[Span]:
        start, end = window
        gaps = []
        for other in self._spans[bisect_left(self._spans, start, key=lambda one: one[1]) :]:
            if other[0] >= end:
                break
            if other[0] > start:
                gaps.append((start, other[0]))
            start = max(start, other[1])
        return [*gaps, (start, end)] if start < end else gaps

    def length(self) -> dt.timedelta:
        return sum((end - start for start, end in self._spans), dt.timedelta(0))
