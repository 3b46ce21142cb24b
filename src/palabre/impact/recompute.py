"""A ScoreCard computed once more, from the record as it stands: the same figures, or the differences."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, TypeGuard

from palabre.errors import NotFound
from palabre.impact.errors import NotAScoreCard
from palabre.impact.scorecard.form import form_problems
from palabre.impact.scorecard.reading import read_facts, snapshot
from palabre.impact.scorecard.subject import subject_of
from palabre.record.canonical import Json
from palabre.record.instants import instant
from palabre.work.models import Project


def recompute(credential: Mapping[str, Any]) -> tuple[dict[str, Json], list[str]]:
    """The statement as the tables give it for the same instant and seal, and where the signed one differs.

    Raises: NotAScoreCard, NotFound (a project of another installation), SealMissing.
    """
    said = credential.get("credentialSubject")
    problems = form_problems(said) if isinstance(said, Mapping) else ["credentialSubject"]
    as_of = instant(said["asOf"]) if isinstance(said, Mapping) and not problems else None
    if problems or as_of is None or not isinstance(said, Mapping):
        raise NotAScoreCard(path="credentialSubject", why=problems[0] if problems else "asOf")
    project = uuid.UUID(said["project"]["id"].removeprefix("urn:uuid:"))
    with snapshot():
        try:
            facts = read_facts(project, said["record"]["seal"], as_of=as_of)
        except Project.DoesNotExist as error:
            raise NotFound from error
    again = subject_of(facts, number=said["id"], version=said["version"])
    return again, list(differences(said, again))


def differences(said: Json, again: Json, path: str = "") -> Iterator[str]:
    """Every place where two statements differ, as `path: said -> computed`."""
    if isinstance(said, Mapping) and isinstance(again, Mapping):
        for key in sorted({*said, *again}):
            yield from differences(said.get(key), again.get(key), f"{path}.{key}" if path else key)
    elif _is_list(said) and _is_list(again):
        for number, (one, other) in enumerate(zip_longest(said, again)):
            yield from differences(one, other, f"{path}[{number}]")
    elif said != again:
        yield f"{path}: {said} -> {again}"


def _is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    return isinstance(value, Sequence) and not isinstance(value, str)
