"""Recomputes a chain of seals from the events, and names the first thing that is off."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from palabre.record.credentials import verify
from palabre.record.errors import CredentialError
from palabre.record.keys import PublicKey
from palabre.record.merkle import Tree, leaf_hash
from palabre.record.problems import Problem
from palabre.record.sealing import (
    EventFacts,
    SealContent,
    SealFacts,
    content_problem,
    link_problem,
    seal_subject,
)
from palabre.words import Sentence
from palabre.words import gettext_lazy as _


class Leaf(NamedTuple):
    """An event as the tree sees it: its number and the hash of its canonical bytes."""

    seq: int
    hashed: bytes


def verify_chain(
    seals: Iterable[SealFacts], events: Iterable[EventFacts], *, keys: Sequence[PublicKey]
) -> Problem | None:
    """The first thing that is off in `seals` (ascending by number) and `events` (ascending by seq), or None.

    For each seal in turn: it agrees with itself and follows on the one before; every late event was missing
    from an earlier seal; its credential was signed under a key of `keys` in force at the time and states the
    same; every event that it covers is there; their root is the seal's. At the end: no event up to the last
    seal is covered by none. Events after the last seal are not sealed yet and are not read.

    Memory holds one hash for each level of a tree and one for each event that came late, whatever the number
    of events.
    """
    return verify_leaves(seals, (Leaf(one.seq, leaf_hash(one.canonical)) for one in events), keys=keys)


def verify_leaves(
    seals: Iterable[SealFacts],
    leaves: Iterable[Leaf],
    *,
    keys: Sequence[PublicKey] | None,
    from_any: bool = False,
) -> Problem | None:
    """The same for events of which only the hash may be known.

    `from_any`: the first seal may be any, as in evidence of a period. What it names as the root before it can
    then not be checked, and `leaves` begin with the earlier events that these seals took in late. Without
    `keys`, signatures are checked, and not whose they are.
    """
    walk = _Walk(leaves, keys, from_any=from_any)
    for seal in seals:
        problem = walk.problem_of(seal)
        if problem is not None:
            return problem
    return walk.uncovered()


class _Walk:
    """One pass over seals and events side by side."""

    def __init__(self, leaves: Iterable[Leaf], keys: Sequence[PublicKey] | None, *, from_any: bool) -> None:
        self._leaves = iter(leaves)
        self._ahead: Leaf | None = None
        self._from_any = from_any
        self._keys = keys
        self._before: SealContent | None = None
        # Numbers that a seal left out and no later one took in, and the leaves of those that are there now.
        self._open: set[int] = set()
        self._held: dict[int, bytes] = {}

    def problem_of(self, seal: SealFacts) -> Problem | None:
        begins = self._from_any and self._before is None
        if begins:
            self._take_earlier(seal)
        problem = (
            content_problem(seal)
            or (None if begins else link_problem(self._before, seal))
            or self._late_problem(seal)
            or _credential_problem(seal, self._keys)
            or self._events_problem(seal)
        )
        self._before = seal
        return problem

    def uncovered(self) -> Problem | None:
        if not self._held:
            return None
        return _uncovered(min(self._held))

    def _take_earlier(self, seal: SealContent) -> None:
        """Events before the first seal at hand are there because a later one takes them in late."""
        for leaf in self._up_to(seal.first - 1):
            self._open.add(leaf.seq)
            self._held[leaf.seq] = leaf.hashed

    def _late_problem(self, seal: SealContent) -> Problem | None:
        for seq in seal.late:
            if seq not in self._open:
                sentence = _("Seal %(seal)s: event %(event)s is not late, an earlier seal covers it already.")
                return _event_problem("event_not_late", sentence, seal, seq)
        return None

    def _events_problem(self, seal: SealContent) -> Problem | None:
        tree = Tree()
        for seq in seal.late:
            leaf = self._held.pop(seq, None)
            if leaf is None:
                return _absent(seal, seq)
            tree.add_hash(leaf)
        self._open.difference_update(seal.late)
        problem = self._range_problem(seal, tree)
        if problem is None and tree.root().hex() != seal.root:
            sentence = _(
                "Seal %(seal)s: an event from %(first)s to %(last)s was changed,"
                " or an earlier one that this seal took in late."
            )
            fields = {"seal": seal.number, "first": seal.first, "last": seal.last}
            return Problem("record.root_differs", sentence, fields, seal=seal.number)
        return problem

    def _range_problem(self, seal: SealContent, tree: Tree) -> Problem | None:
        missing = set(seal.missing)
        self._open |= missing
        expected = _next_covered(seal.first, missing)
        for seq, hashed in self._up_to(seal.last):
            if seq in missing:
                self._held[seq] = hashed
            elif seq == expected:
                tree.add_hash(hashed)
                expected = _next_covered(seq + 1, missing)
            else:
                return _uncovered(seq) if seq < expected else _absent(seal, expected)
        return _absent(seal, expected) if expected <= seal.last else None

    def _up_to(self, last: int) -> Iterator[Leaf]:
        """The events that follow, as far as number `last`."""
        leaf = self._ahead or next(self._leaves, None)
        while leaf is not None and leaf.seq <= last:
            yield leaf
            leaf = next(self._leaves, None)
        self._ahead = leaf


def _next_covered(seq: int, missing: set[int]) -> int:
    while seq in missing:
        seq += 1
    return seq


def _credential_problem(seal: SealFacts, keys: Sequence[PublicKey] | None) -> Problem | None:
    try:
        verified = verify(seal.credential, at=seal.sealed_at, trusted=keys)
    except CredentialError as error:
        fields = {"seal": seal.number, "why": error}
        return Problem("record.seal_unsigned", _("Seal %(seal)s: %(why)s"), fields, seal=seal.number)
    if verified.subjects != (seal_subject(seal),) or verified.created != seal.sealed_at:
        sentence = _("Seal %(seal)s: what was signed is not what the record says.")
        return Problem("record.seal_differs", sentence, {"seal": seal.number}, seal=seal.number)
    return None


def _absent(seal: SealContent, seq: int) -> Problem:
    sentence = _("Seal %(seal)s: event %(event)s, which it covers, is gone.")
    return _event_problem("event_absent", sentence, seal, seq)


def _uncovered(seq: int) -> Problem:
    sentence = _("Event %(event)s is covered by no seal, though later events are.")
    return Problem("record.event_uncovered", sentence, {"event": seq}, event=seq)


def _event_problem(code: str, sentence: Sentence, seal: SealContent, seq: int) -> Problem:
    fields = {"seal": seal.number, "event": seq}
    return Problem(f"record.{code}", sentence, fields, seal=seal.number, event=seq)
