"""The short version of `./run soak imports`, with a database."""

import pytest

from tests.soak.mutated_imports import import_mutated


@pytest.mark.django_db
def test_a_damaged_file_is_imported_as_asked_or_leaves_nothing() -> None:
    assert import_mutated(tries=100, seed=20261124) == 0
