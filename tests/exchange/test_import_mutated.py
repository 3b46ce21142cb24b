"""The short version of `./run soak imports`, with a database."""

import pytest

from tests.soak.mutated_imports import import_mutated


# Committed for real: some constraints speak up only then.
@pytest.mark.django_db(transaction=True)
def test_a_damaged_file_is_imported_as_asked_or_leaves_nothing() -> None:
    assert import_mutated(tries=150, seed=20261124) == 0
