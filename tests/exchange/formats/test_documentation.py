"""`docs/files.md` says what the code does."""

import dataclasses
from pathlib import Path

import pytest

import palabre
from palabre.exchange.formats import Limits
from palabre.exchange.formats.detection import PROMISED
from palabre.exchange.formats.pictures import LONG_SIDE

TEXT = (Path(palabre.__file__).parents[2] / "docs/files.md").read_text()


@pytest.mark.parametrize(
    "limit", [each.name for each in dataclasses.fields(Limits) if each.name != "expansion"]
)
def test_every_limit_is_stated(limit: str) -> None:
    assert f"| {getattr(Limits(), limit):,} |" in TEXT


@pytest.mark.parametrize("ending", PROMISED)
def test_every_ending_is_stated(ending: str) -> None:
    assert f"`{ending}`" in TEXT


def test_the_size_of_pictures_is_stated() -> None:
    assert f"{LONG_SIDE:,} points" in TEXT
