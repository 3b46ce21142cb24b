"""The short version of `./run soak imports`, without a database."""

from random import Random

from tests.soak.mutated_imports import check, read_mutated
from tests.soak.mutations import corpus


def test_the_corpus_itself_is_good() -> None:
    for name, content in corpus():
        check(name, content, Random(1))


def test_no_damaged_file_does_anything_but_be_read_or_refused() -> None:
    assert read_mutated(tries=2_000, seed=20261124) == 0
