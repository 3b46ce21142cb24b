"""Seals and their chain: a record kept honestly passes, and each kind of damage is named."""

import datetime as dt
import json
import random
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.record.canonical import Json, canonical_event
from palabre.record.chain import verify_chain
from palabre.record.credentials import sign
from palabre.record.keys import PublicKey, SigningKey
from palabre.record.sealing import (
    NO_ROOT,
    EventFacts,
    SealContent,
    SealFacts,
    content_problem,
    root_of,
    seal_credential,
    seal_of,
    seal_subject,
)

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def event(seq: int) -> EventFacts:
    return EventFacts(seq, canonical_event({"seq": seq, "code": "test.happened", "data": {"n": seq * 7}}))


def seal_as_written(content: SealContent, key: SigningKey) -> SealFacts:
    """The row that would be stored: its credential has been through JSON."""
    credential = json.loads(json.dumps(seal_credential(content, key)))
    return SealFacts(
        **{name: getattr(content, name) for name in SealContent.__slots__}, credential=credential
    )


class Keeper:
    """Keeps a record as the platform does: events appear, some late, and seals cover what is seen."""

    def __init__(self, key: SigningKey) -> None:
        self.key = key
        self.visible: dict[int, EventFacts] = {}
        self.seals: list[SealFacts] = []
        self.last = 0

    def see(self, *seqs: int) -> None:
        self.visible |= {seq: event(seq) for seq in seqs}

    def seal(self) -> None:
        covered = {seq for seal in self.seals for seq in (*range(seal.first, seal.last + 1), *seal.late)}
        covered -= {seq for seal in self.seals for seq in seal.missing}
        covered |= {seq for seal in self.seals for seq in seal.late}
        first, last = self.last + 1, max(self.visible, default=0)
        late = sorted(seq for seq in self.visible if seq < first and seq not in covered)
        missing = [seq for seq in range(first, last + 1) if seq not in self.visible]
        leaves = late + [seq for seq in range(first, last + 1) if seq in self.visible]
        content = SealContent(
            number=len(self.seals) + 1,
            first=first,
            last=last,
            late=late,
            missing=missing,
            count=len(leaves),
            root=root_of(self.visible[seq] for seq in leaves),
            previous_root=self.seals[-1].root if self.seals else NO_ROOT,
            sealed_at=START + HOUR * len(self.seals),
        )
        self.seals.append(seal_as_written(content, self.key))
        self.last = last

    def events(self) -> list[EventFacts]:
        return [self.visible[seq] for seq in sorted(self.visible)]


def kept_by(key: SigningKey) -> Keeper:
    """Three seals over events 1 to 30; 7 and 15 never happened, 8 and 18 came one seal late."""
    keeper = Keeper(key)
    keeper.see(*(seq for seq in range(1, 11) if seq not in {7, 8}))
    keeper.seal()
    keeper.see(8, *(seq for seq in range(11, 21) if seq not in {15, 18}))
    keeper.seal()
    keeper.see(18, *range(21, 31))
    keeper.seal()
    return keeper


@pytest.fixture
def keeper(key: SigningKey) -> Keeper:
    return kept_by(key)


def found(keeper: Keeper, keys: Iterable[PublicKey]) -> tuple[str, int | None, int | None] | None:
    problem = verify_chain(keeper.seals, keeper.events(), keys=tuple(keys))
    assert problem is None or str(problem)
    return None if problem is None else (problem.code.removeprefix("record."), problem.seal, problem.event)


def resealed(keeper: Keeper, number: int, **changes: object) -> None:
    """A row changed and signed anew: what somebody with the key could do."""
    content = replace(keeper.seals[number - 1], **changes)  # type: ignore[arg-type]
    keeper.seals[number - 1] = seal_as_written(content, keeper.key)


def test_an_honest_record_holds(keeper: Keeper, keys: tuple[PublicKey, ...]) -> None:
    assert found(keeper, keys) is None


def test_nothing_at_all_holds(keys: tuple[PublicKey, ...]) -> None:
    assert verify_chain([], [], keys=keys) is None


def test_events_after_the_last_seal_are_not_sealed_yet(keeper: Keeper, keys: tuple[PublicKey, ...]) -> None:
    keeper.see(31, 35)
    assert found(keeper, keys) is None


def test_a_seal_of_late_events_only(keeper: Keeper, keys: tuple[PublicKey, ...]) -> None:
    keeper.see(15)
    keeper.seal()
    assert (keeper.seals[-1].first, keeper.seals[-1].last, keeper.seals[-1].late) == (31, 30, [15])
    keeper.see(31)
    keeper.seal()
    assert found(keeper, keys) is None


@given(st.integers(0, 2**32))
def test_any_order_of_arrival_holds(key: SigningKey, keys: tuple[PublicKey, ...], seed: int) -> None:
    rng, keeper = random.Random(seed), Keeper(key)
    for seq in range(1, 40):
        if rng.random() < 0.15:
            keeper.see(*(late for late in range(1, seq) if rng.random() < 0.1))
            keeper.seal()
        if rng.random() < 0.8:
            keeper.see(seq)
    keeper.seal()
    assert found(keeper, keys) is None


@pytest.mark.parametrize("seq", [1, 8, 11, 18, 30])
def test_a_changed_event_points_to_its_seal(keeper: Keeper, keys: tuple[PublicKey, ...], seq: int) -> None:
    keeper.visible[seq] = EventFacts(seq, event(seq).canonical.replace(b"happened", b"happenes"))
    covers = (
        seal.number
        for seal in keeper.seals
        if seq in seal.late or (seal.first <= seq <= seal.last and seq not in seal.missing)
    )
    number = next(covers)
    assert found(keeper, keys) == ("root_differs", number, None)


@pytest.mark.parametrize(("seq", "number"), [(1, 1), (8, 2), (10, 1), (11, 2), (18, 3), (30, 3)])
def test_a_deleted_event_is_named(keeper: Keeper, keys: tuple[PublicKey, ...], seq: int, number: int) -> None:
    del keeper.visible[seq]
    assert found(keeper, keys) == ("event_absent", number, seq)


@pytest.mark.parametrize("seq", [7, 15])
def test_an_event_put_into_a_gap_is_named(keeper: Keeper, keys: tuple[PublicKey, ...], seq: int) -> None:
    keeper.see(seq)
    assert found(keeper, keys) == ("event_uncovered", None, seq)


def test_an_event_before_the_first_is_named(keeper: Keeper, keys: tuple[PublicKey, ...]) -> None:
    keeper.see(0)
    assert found(keeper, keys) == ("event_uncovered", None, 0)


def test_swapped_contents_are_found(keeper: Keeper, keys: tuple[PublicKey, ...]) -> None:
    keeper.visible[3] = EventFacts(3, event(4).canonical)
    keeper.visible[4] = EventFacts(4, event(3).canonical)
    assert found(keeper, keys) == ("root_differs", 1, None)


def test_the_first_of_several_damages_is_named(keeper: Keeper, keys: tuple[PublicKey, ...]) -> None:
    del keeper.visible[25], keeper.visible[12]
    assert found(keeper, keys) == ("event_absent", 2, 12)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"count": 10}, "seal_count"),
        ({"root": "0" * 64}, "seal_differs"),
        ({"sealed_at": START + 5 * HOUR}, "seal_differs"),
        ({"sealed_at": START}, "seal_unsigned"),
        ({"late": []}, "seal_count"),
        ({"missing": [15]}, "seal_count"),
        ({"last": 19}, "seal_count"),
        ({"last": 9}, "seal_range"),
        ({"missing": [18, 15]}, "seal_missing"),
        ({"missing": [15, 21]}, "seal_missing"),
        ({"late": [11]}, "seal_late"),
        ({"number": 3}, "seal_number"),
        ({"first": 12, "count": 8}, "seal_first"),
        ({"previous_root": NO_ROOT}, "seal_previous_root"),
        ({"late": [6]}, "event_not_late"),
    ],
)
def test_a_changed_seal_is_named(
    keeper: Keeper, keys: tuple[PublicKey, ...], changes: dict[str, object], code: str
) -> None:
    keeper.seals[1] = replace(keeper.seals[1], **{"count": 9, **changes})  # type: ignore[arg-type]
    problem = verify_chain(keeper.seals, keeper.events(), keys=keys)
    assert problem is not None
    assert problem.code == f"record.{code}"
    assert problem.seal == keeper.seals[1].number


def test_a_seal_taken_out_is_named(keeper: Keeper, keys: tuple[PublicKey, ...]) -> None:
    del keeper.seals[1]
    assert found(keeper, keys) == ("seal_number", 3, None)


def test_a_seal_signed_by_another_is_named(
    keeper: Keeper, keys: tuple[PublicKey, ...], stranger: SigningKey
) -> None:
    keeper.seals[1] = seal_as_written(keeper.seals[1], stranger)
    assert found(keeper, keys) == ("seal_unsigned", 2, None)


def test_a_seal_with_its_proof_taken_off_is_named(keeper: Keeper, keys: tuple[PublicKey, ...]) -> None:
    bare = {name: item for name, item in keeper.seals[2].credential.items() if name != "proof"}
    keeper.seals[2] = replace(keeper.seals[2], credential=bare)
    assert found(keeper, keys) == ("seal_unsigned", 3, None)


def test_a_seal_is_signed_when_it_says(keeper: Keeper, keys: tuple[PublicKey, ...], key: SigningKey) -> None:
    bare = {name: item for name, item in keeper.seals[2].credential.items() if name != "proof"}
    signed_later = sign(bare, key, created=keeper.seals[2].sealed_at + HOUR)
    keeper.seals[2] = replace(keeper.seals[2], credential=signed_later)
    assert found(keeper, keys) == ("seal_differs", 3, None)


def test_a_key_signs_no_seal_outside_its_time(keeper: Keeper, key: SigningKey) -> None:
    keys = [PublicKey(key.did, START, START + 2 * HOUR)]
    assert found(keeper, keys) == ("seal_unsigned", 3, None)


@pytest.mark.parametrize(
    ("number", "changes", "code"),
    [
        (2, {"root": "ab" * 32}, ("root_differs", 2, None)),
        (1, {"first": 2, "count": 7}, ("seal_first", 1, None)),
        (1, {"missing": [7, 8, 10], "count": 7}, ("root_differs", 1, None)),
        (3, {"late": [7, 18], "count": 12}, ("event_absent", 3, 7)),
        (3, {"late": [8, 18], "count": 12}, ("event_not_late", 3, 8)),
        (3, {"late": [], "count": 10}, ("root_differs", 3, None)),
        (3, {"last": 31, "count": 12}, ("event_absent", 3, 31)),
    ],
)
def test_damage_is_found_even_when_signed_anew(
    keeper: Keeper,
    keys: tuple[PublicKey, ...],
    number: int,
    changes: dict[str, object],
    code: tuple[str, int, int],
) -> None:
    resealed(keeper, number, **changes)
    assert found(keeper, keys) == code


def test_a_seal_without_its_late_event_leaves_it_uncovered(
    key: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    keeper = Keeper(key)
    keeper.see(1, 3)
    keeper.seal()
    keeper.see(2)
    assert found(keeper, keys) == ("event_uncovered", None, 2)


def test_a_subject_says_what_the_seal_does(keeper: Keeper) -> None:
    for seal in keeper.seals:
        content = seal_of(seal_subject(seal))
        assert content is not None
        assert content_problem(content) is None
        assert all(getattr(content, name) == getattr(seal, name) for name in SealContent.__slots__)


@given(st.data())
def test_a_subject_with_a_wrong_part_is_no_seal(key: SigningKey, data: st.DataObject) -> None:
    subject = seal_subject(kept_by(key).seals[1])
    name = data.draw(st.sampled_from([name for name in subject if name != "type"]))
    wrong: list[Json] = [None, True, 1.5, [None], [True], [1, "2"], {}, "", "x", "ab" * 31]
    value = data.draw(st.sampled_from(wrong))
    assert seal_of({**subject, name: value}) is None
    assert seal_of({other: item for other, item in subject.items() if other != name}) is None


def test_memory_does_not_grow_with_the_events(key: SigningKey, keys: tuple[PublicKey, ...]) -> None:
    count = 20_000
    content = SealContent(
        number=1,
        first=1,
        last=count,
        late=[],
        missing=[],
        count=count,
        root=root_of(event(seq) for seq in range(1, count + 1)),
        previous_root=NO_ROOT,
        sealed_at=START,
    )
    seal = seal_as_written(content, key)
    tracemalloc.start()
    assert verify_chain([seal], (event(seq) for seq in range(1, count + 1)), keys=keys) is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000
