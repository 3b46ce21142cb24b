"""What docs/label-schema.md shows is a schema, and what it says of refusals is what they say."""

import json
import re
from pathlib import Path

from palabre.work.schemas import validate_schema
from palabre.work.schemas.modalities import TAKEN_BLOCKS, TAKEN_QUESTIONS

TEXT = (Path(__file__).parents[2] / "docs/label-schema.md").read_text(encoding="utf-8")


def test_the_example_is_valid_and_the_refusal_is_real() -> None:
    found = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    body = json.loads(found[1])
    assert validate_schema(body) == []
    body["asks"][0]["labels"][1]["value"] = " happy "
    assert str(validate_schema(body)[0]) in TEXT


def test_every_type_that_is_taken_is_named() -> None:
    for name in (*TAKEN_BLOCKS, *TAKEN_QUESTIONS):
        assert f"`{name}`" in TEXT
