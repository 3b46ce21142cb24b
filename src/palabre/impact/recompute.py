"""A ScoreCard computed once more, from the record as it stands: the same figures, or the differences."""

import uuid
from collections.abc import Iterator, Mapping, Sequence

from palabre.impact.errors import NotAScoreCard
from palabre.impact.scorecard.reading import read_facts, snapshot
from palabre.impact.scorecard.subject import TYPE, subject_of
from palabre.record.canonical import Json
from palabre.record.instants import instant


def recompute(credential: Mapping[str, Json]) -> tuple[dict[str, Json], list[str]]:
    """The subject as the tables give it for the same instant and seal, and where it differs.

    Raises: NotAScoreCard, SealMissing, Project.DoesNotExist.
    """
    said = credential.get("credentialSubject")
    if not isinstance(said, Mapping) or said.get("type") != TYPE:
        raise NotAScoreCard(path="credentialSubject", why=str(credential.get("type"))[:80])
    project, record = said.get("project"), said.get("record")
    as_of, version = instant(said.get("asOf")), said.get("version")
    if not isinstance(project, Mapping) or not isinstance(record, Mapping) or as_of is None:
        raise NotAScoreCard(path="credentialSubject.project", why="project, record, asOf")
    seal = record.get("seal")
    if not isinstance(seal, int) or not isinstance(version, int):
        raise NotAScoreCard(path="credentialSubject.record.seal", why=str(seal))
    with snapshot():
        facts = read_facts(uuid.UUID(str(project["id"]).removeprefix("urn:uuid:")), seal, as_of=as_of)
    again = subject_of(facts, number=str(said["id"]), version=version)
    return again, list(differences(said, again))


def differences(said: Json, again: Json, path: str = "") -> Iterator[str]:
    """Every place where two statements differ, as `path: said -> computed`."""
    if isinstance(said, Mapping) and isinstance(again, Mapping):
        for key in sorted({*said, *again}):
            yield from differences(said.get(key), again.get(key), f"{path}.{key}" if path else key)
    elif _is_list(said) and _is_list(again) and len(said) == len(again):  # type: ignore[arg-type]
        for number, (one, other) in enumerate(zip(said, again, strict=True)):  # type: ignore[arg-type]
            yield from differences(one, other, f"{path}[{number}]")
    elif said != again:
        yield f"{path}: {said} -> {again}"


def _is_list(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
