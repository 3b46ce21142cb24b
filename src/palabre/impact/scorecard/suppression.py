"""No figure over fewer than five people leaves the house.

Members of a small group could be recognised in it, by a colleague who knows the others. So sums, counts and
percentiles over people are published from five on, and a total is not broken down so finely that what is left
out could be found by subtraction.

Two figures are not over people and are always stated: the share of the client's price that went to members
(one ratio of two sums of the project), and whether every settled day reached its floor (a promise kept or
not).
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from palabre.people.small_groups import FEWEST

# What stands in the place of a figure that is held back.
SUPPRESSED: Mapping[str, str] = {"suppressed": "fewer_than_5_people"}

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Hashable)


def published(value: T, people: int) -> T | Mapping[str, str]:
    """`value` when it is over `people` >= 5 people (or over nobody: there is nobody to recognise), else
    SUPPRESSED.

    >>> published(12, 7), published(12, 4), published(0, 0)
    (12, {'suppressed': 'fewer_than_5_people'}, 0)
    """
    return value if people >= FEWEST or people == 0 else SUPPRESSED


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


def _people(groups: Mapping[K, frozenset[P]], keys: set[K]) -> frozenset[P]:
    return frozenset().union(*(groups[key] for key in keys))
