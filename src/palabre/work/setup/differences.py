"""What changed between two versions of a guideline, line by line, as a person reads it."""

import difflib
from dataclasses import dataclass

# Around a change, so many lines that stayed are shown.
AROUND = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind`: added, removed, kept, or left_out (lines that stayed, far from any change)."""

    kind: str
    text: str


def differences(old: str, new: str) -> list[Piece]:
    before, after = old.splitlines(), new.splitlines()
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces += _kept(before[i1:i2], first=i1 == 0, last=i2 == len(before))
        if tag in {"replace", "delete"}:
            pieces.append(Piece("removed", "\n".join(before[i1:i2])))
        if tag in {"replace", "insert"}:
            pieces.append(Piece("added", "\n".join(after[j1:j2])))
    return pieces


def _kept(lines: list[str], *, first: bool, last: bool) -> list[Piece]:
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    if len(lines) <= head + tail + 1:
        return [Piece("kept", "\n".join(lines))]
    pieces = [Piece("kept", "\n".join(lines[:head]))] if head else []
    pieces.append(Piece("left_out", ""))
    return pieces + ([Piece("kept", "\n".join(lines[-tail:]))] if tail else [])
