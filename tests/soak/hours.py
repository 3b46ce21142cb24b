"""Thousands of lives of a dishonest and of an honest member, each from its own seed, against the referee."""

import time

from tests.simulation.hours import FIGURES, Dishonest, Honest, Verdict

_MINUTE = 60_000


def main(tries: int = 2_000, seed: int = 1, days: int = 7) -> int:
    """Prints seeds, simulated days, the largest overpay and underpay beside the published figures; failures."""
    began, failures = time.monotonic(), 0
    for life in (Dishonest, Honest):
        lived = list[Verdict]()
        for number in range(seed, seed + tries):
            try:
                lived.append(life(number, days=days).live())
            except AssertionError as error:
                failures += 1
                print(f"FAILED {life.__name__.lower()} seed {number}: {error}")
        _say(life.__name__, lived, seed, days)
    print(f"hours: {failures} failures, {time.monotonic() - began:.0f} s")
    return failures


def _say(name: str, lived: list[Verdict], seed: int, days: int) -> None:
    if not lived:
        return
    beyond = max(one.overpaid for one in lived)
    nearest = max(one.overpaid / one.allowed for one in lived if one.allowed)
    under = max(one.worked - one.paid - one.waits for one in lived)
    asked = [one for one in lived if one.waits]
    print(
        f"{name}: {len(lived)} seeds from {seed} x {days} days = {len(lived) * days} days."
        f" Largest overpay {beyond / _MINUTE:.1f} min, {nearest:.1%} of what the figures allow;"
        f" at her word in one week at most {max(one.week for one in lived) / _MINUTE:.1f} of"
        f" {FIGURES.week_minutes} min; largest underpay, without what stands before a person,"
        f" {max(under, 0) / _MINUTE:.1f} min; in {len(asked)} lives something does, at most"
        f" {max((one.waits for one in asked), default=0) / _MINUTE:.1f} min"
    )
