"""No figure over fewer than five people leaves the house.

Members of a small group could be recognised in it, by a colleague who knows the others. So sums, counts and
percentiles over people are published from five on, and a total is not broken down so finely that what is left
out could be found by subtraction.

What is held back must not follow from what is stated, by subtraction or division, for a reader who knows the prices
too. So groups are merged (`parted`), the rest of a figure is never over fewer than five (`without_few`), and money and
its share are held back together where the top-ups of a few would follow from them.

One figure is always stated: whether every settled day reached its floor (a promise kept or not).
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from palabre.people.small_groups import FEWEST

# What stands in the place of a figure that is held back: it is over fewer than five people, or would give one away
# that is. Which of the two is not said: it would tell the small group from the large.
SUPPRESSED: Mapping[str, str] = {"suppressed": "small_group"}

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Hashable)


def published(value: T, people: int) -> T | Mapping[str, str]:
    """`value` when it is over `people` >= 5 people (or over nobody: there is nobody to recognise), else
    SUPPRESSED.

    >>> published(12, 7), published(12, 4), published(0, 0)
    (12, {'suppressed': 'small_group'}, 0)
    """
    return SUPPRESSED if few(people) else value


@dataclass(frozen=True, slots=True)
class Parts(Generic[K]):
    """A total cut in groups. `named` may be published one by one; `merged` only together, as the rest."""

    named: tuple[K, ...]
    merged: tuple[K, ...]


def parted(groups: Mapping[K, frozenset[P]]) -> Parts[K]:
    """Which groups of people may be named beside their total.

    Groups of fewer than five people are merged. Is the merged rest itself fewer than five people, the
    smallest named group joins it, since otherwise the rest would follow from the total. The order of the
    groups is kept.

    >>> parted({"SN": frozenset(range(8)), "CM": frozenset(range(8, 12)), "BJ": frozenset(range(12, 20))})
    Parts(named=('BJ',), merged=('SN', 'CM'))
    """
    named = [key for key, people in groups.items() if len(people) >= FEWEST]
    merged = {key for key, people in groups.items() if 0 < len(people) < FEWEST}
    while merged and named and len(_people(groups, merged)) < FEWEST:
        smallest = min(named, key=lambda key: len(groups[key]))
        named.remove(smallest)
        merged.add(smallest)
    return Parts(tuple(named), tuple(key for key in groups if key in merged))


def few(people: int) -> bool:
    """Whether a figure over so many people is held back."""
    return 0 < people < FEWEST


def fewest_of(*people: int) -> int:
    """Over how many people a figure is that is over several groups: the smallest of them that has anybody."""
    return min((one for one in people if one), default=0)


def without_few(everybody: frozenset[P], stated: frozenset[P]) -> frozenset[P]:
    """Whom a figure may be over beside one over `stated` of them: the rest is nobody, or five people or more.

    >>> sorted(without_few(frozenset(range(8)), frozenset(range(6)))) == list(range(6))
    True
    """
    return everybody & stated if few(len(everybody - stated)) else everybody


def _people(groups: Mapping[K, frozenset[P]], keys: set[K]) -> frozenset[P]:
    return frozenset().union(*(groups[key] for key in keys))
