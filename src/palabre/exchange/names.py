"""What a file is called: a name to be read, that is never a path."""

import re

from palabre.texts import TextUnreadable, one_line

_LONGEST = 200
_SEPARATORS = re.compile(r"[/\\]")


def file_name(said: str) -> str:
    """The last part of what a sender calls a file, in one line, without signs of direction: `gpj.exe` written backwards
    is no picture. At most 200 characters, its ending kept."""
    try:
        name = one_line(_SEPARATORS.split(said.strip())[-1]).strip(". ")
    except TextUnreadable:
        name = ""
    if len(name) > _LONGEST:
        stem, dot, ending = name.rpartition(".")
        keep = _LONGEST - len(dot + ending)
        name = stem[:keep] + dot + ending if dot and 0 < keep < len(stem) else name[:_LONGEST]
    return name or "file"
