"""The examples in the docstrings are true."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from palabre.quality import consensus_file, statistics

MODULES = [
    "palabre.quality.statistics",
    *(f"palabre.quality.statistics.{module.name}" for module in pkgutil.iter_modules(statistics.__path__)),
    consensus_file.__name__,
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_there_are_examples() -> None:
    tried = sum(doctest.testmod(import_module(name)).attempted for name in MODULES)
    assert tried > 30
