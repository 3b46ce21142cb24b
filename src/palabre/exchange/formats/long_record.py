"""Finds where a record of a table ends when it is too long to be kept."""

import re


class LongRecord:
    """Follows one record through pieces of text, from its first character on; keeps nothing of it."""

    def __init__(self, delimiter: str) -> None:
        # Only a separator with a quotation mark after it, or a line end, changes anything outside quotes.
        self._turn = re.compile(f'{re.escape(delimiter)}"|\r\n|\r|\n')
        self._delimiter = delimiter
        self._cell_begins = True
        self._may_close = False
        self.quoted = False

    def end(self, text: str) -> int | None:
        """The index after the record's line end, or None when the text ends before it."""
        at = 0
        while at < len(text):
            if self.quoted:
                at = self._in_quotes(text, at)
            elif self._may_close and text[at] == '"':
                self.quoted, self._may_close, at = True, False, at + 1
            elif self._cell_begins and text[at] == '"':
                self.quoted, self._cell_begins, at = True, False, at + 1
            else:
                self._may_close = self._cell_begins = False
                turn = self._turn.search(text, at)
                if turn is None:
                    self._cell_begins = text.endswith(self._delimiter)
                    return None
                if not turn[0].endswith('"'):
                    return turn.end()
                self.quoted, at = True, turn.end()
        return None

    def _in_quotes(self, text: str, at: int) -> int:
        mark = text.find('"', at)
        if mark < 0:
            return len(text)
        self.quoted, self._may_close = False, True
        return mark + 1
