"""Thousands of lives of a dishonest, an honest and a slow member, and of one whose clock is wrong, against the referee.

Ctrl-C ends it early: what was lived by then is told.
"""

import sys
import time
from collections import defaultdict

from tests.simulation.hours import FIGURES, Astray, Dishonest, Honest, Slow, Verdict

_MINUTE = 60_000
_SAID_EVERY = 15  # seconds, where nobody sits at a terminal


def main(tries: int = 2_000, seed: int = 1, days: int = 7) -> int:
    """Prints seeds, simulated days, the largest overpay and underpay beside the published figures; failures."""
    began, failures, lived, said = time.monotonic(), 0, defaultdict[str, list[Verdict]](list), 0.0
    try:
        for done, number in enumerate(range(seed, seed + tries)):
            for life in (Dishonest, Honest, Slow, Astray):
                failures += not _live(life(number, days=days), lived[life.__name__])
            said = _running(f"{done + 1} of {tries} seeds, {failures} failures", began, said)
    except KeyboardInterrupt:
        print("\nhours: stopped; this was lived by then")
    for name, verdicts in lived.items():
        _say(name, verdicts, seed, days)
    print(f"hours: {failures} failures, {time.monotonic() - began:.0f} s")
    return failures


def _live(world: Dishonest | Honest, lived: list[Verdict]) -> bool:
    try:
        lived.append(world.live())
    except AssertionError as error:
        print(f"\nFAILED {type(world).__name__.lower()} seed {world.seed}: {error}")
        return False
    return True


def _running(line: str, began: float, said: float) -> float:
    """One line that changes at a terminal, and one every few seconds elsewhere. Returns when it was said last."""
    now = time.monotonic()
    if sys.stdout.isatty():
        print(f"\rhours: {line}, {now - began:.0f} s", end="", flush=True)
    elif now - said >= _SAID_EVERY:
        print(f"hours: {line}, {now - began:.0f} s", flush=True)
        return now
    return said


def _say(name: str, lived: list[Verdict], seed: int, days: int) -> None:
    if not lived:
        return
    beyond = max(one.overpaid for one in lived)
    nearest = max((one.overpaid / one.allowed for one in lived if one.allowed), default=0)
    lost = max(one.worked - one.paid - one.waits for one in lived)
    print(
        f"\n{name.lower()}: {len(lived)} seeds from {seed} x {days} days = {len(lived) * days} days, in which"
        f" {sum(one.worked for one in lived) / _MINUTE / 60:,.0f} h were worked"
        f"\n  largest overpay {beyond / _MINUTE:.1f} min, {nearest:.1%} of what the figures allow"
        f"\n  at her word in one week at most {max(one.week for one in lived) / _MINUTE:.1f} of"
        f" {FIGURES.week_minutes} min"
    )
    if name == Dishonest.__name__:
        return
    asked = [one for one in lived if one.waits]
    print(
        f"  lost (neither paid nor before a person): at most {lost / _MINUTE:.1f} min"
        f"\n  a person is needed in {len(asked)} of {len(lived)} lives, for at most"
        f" {max((one.waits for one in asked), default=0) / _MINUTE:.1f} min and"
        f" {max((one.waits / one.worked for one in asked), default=0):.1%} of what was worked"
    )
