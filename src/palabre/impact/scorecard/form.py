"""The published form of a ScoreCard: JSON Schema `impact/schemas/scorecard.json`. No Django, no database."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from palabre.record.canonical import Json
from palabre.record.credentials import shown
from palabre.record.problems import Problem
from palabre.words import gettext_lazy as _

SCHEMA = files("palabre.impact").joinpath("schemas", "scorecard.json")


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def form_problems(subject: Mapping[str, Json]) -> list[Problem]:
    """The place where a `credentialSubject` is not of the published form, if there is one."""
    error = best_match(_validator().iter_errors(subject))
    if error is None:
        return []
    sentence = _("%(path)s: %(found)s is not what a ScoreCard has there.")
    fields = {"path": error.json_path.removeprefix("$."), "found": shown(error.instance)}
    return [Problem("impact.scorecard_form", sentence, fields)]
