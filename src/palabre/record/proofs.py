"""The proof that one event is under a seal, as a file that anybody checks offline."""

from collections.abc import Mapping

from palabre.record.canonical import Json
from palabre.record.merkle import is_included, leaf_hash
from palabre.record.problems import Problem
from palabre.record.sealing import seal_of
from palabre.words import gettext_lazy as _

PROOF_TYPE = "PalabreInclusionProof"


def inclusion_problem(document: Mapping[str, Json]) -> Problem | None:
    """Whether the event of a proof leads to the root of its seal; the seal's signature is checked elsewhere."""
    seal_document = document.get("seal")
    subject = seal_document.get("credentialSubject") if isinstance(seal_document, Mapping) else None
    seal = seal_of(subject) if isinstance(subject, Mapping) else None
    event, path = document.get("event"), document.get("path")
    index, size = document.get("index"), document.get("size")
    if seal is None or not isinstance(event, str) or not isinstance(path, list):
        return _malformed()
    hashes = [bytes.fromhex(one) for one in path if isinstance(one, str) and _is_hash(one)]
    if len(hashes) != len(path) or not isinstance(index, int) or not isinstance(size, int):
        return _malformed()
    root = bytes.fromhex(seal.root)
    if size == seal.count and is_included(leaf_hash(event.encode()), index, size, hashes, root):
        return None
    return Problem(
        "record.not_included",
        _("The event does not lead to the root of seal %(seal)s."),
        {"seal": seal.number},
    )


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)


def _malformed() -> Problem:
    return Problem("record.proof_malformed", _("A part of the proof is missing or of another type."))
