"""`palabre verify`: checks a signed file offline, without an installation, a database or a network."""

import datetime as dt
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from palabre.record import evidence_file
from palabre.record.canonical import Json
from palabre.record.credentials import Verified, verify
from palabre.record.errors import (
    CredentialError,
    CredentialMalformed,
    FileUnreadable,
    RecordError,
)
from palabre.record.evidence_file import evidence_problems, is_evidence
from palabre.record.instants import readable
from palabre.record.keys import LIST_TYPE, PublicKey, read_key_list
from palabre.record.problems import Problem
from palabre.record.proofs import PROOF_TYPE, inclusion_problem
from palabre.record.sealing import SEAL, SealContent, content_problem, link_problem, seal_of
from palabre.record.strict_json import MOST_BYTES, read_json
from palabre.words import Sentence, gettext
from palabre.words import gettext_lazy as _

PRESENTATION = "VerifiablePresentation"
WIDEST = 500

Subject = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Report:
    """What a file holds, document by document, and everything that is wrong with it."""

    verified: tuple[Verified, ...]
    problems: tuple[Problem | RecordError, ...]

    @property
    def holds(self) -> bool:
        return not self.problems


def seal_problems(subject: Subject) -> list[Problem]:
    """What in one seal contradicts itself."""
    seal = seal_of(subject)
    if seal is None:
        return [Problem("record.seal_malformed", _("A part of the seal is missing or of another type."))]
    problem = content_problem(seal)
    return [] if problem is None else [problem]


# What to check of a subject beyond its signature, by its `type`. Rooms add theirs. A check gets any JSON
# object that somebody signed, whatever is in it, and must have an answer.
checks: dict[str, Callable[[Subject], list[Problem]]] = {SEAL: seal_problems}


def verify_file(path: Path, keys: Path | None, *, at: dt.datetime) -> Report:
    """Checks the credential in `path`, or the presentation of several (as a chain of seals is handed over).

    `keys` is a file with a list of keys that the reader trusts. `at` is the instant for which the dates of
    validity are judged. Reports every problem; raises nothing for any file whatever.
    """
    try:
        trusted = None if keys is None else read_key_list(_read(keys))
    except RecordError as error:
        fields = {"path": keys, "why": error}
        return Report((), (Problem(error.code, _("In the list of keys %(path)s: %(why)s"), fields),))
    try:
        content = _read(path)
        documents = _documents(content)
    except RecordError as error:
        return Report((), (error,))
    report = _verify_all(documents, trusted, at)
    problem = inclusion_problem(content) if _is_proof(content) else None
    return report if problem is None else Report(report.verified, (*report.problems, problem))


def run(path: Path, keys: Path | None, *, at: dt.datetime) -> int:
    """Verifies, prints what was found, and returns the exit status: 0 if all holds, else 1."""
    if is_evidence(path):
        return _run_on_evidence(path, keys, at)
    report = verify_file(path, keys, at=at)
    for line in report_lines(path, report):
        _say(line)
    return 0 if report.holds else 1


def _run_on_evidence(path: Path, keys: Path | None, at: dt.datetime) -> int:
    try:
        trusted = None if keys is None else read_key_list(_read(keys))
    except RecordError as error:
        _say(gettext("In the list of keys %(path)s: %(why)s") % {"path": keys, "why": error})
        return 1
    signed, counts, problems = evidence_problems(path, trusted, at=at)
    for line in evidence_file.report_lines(path, signed, counts, problems):
        _say(line)
    return 1 if problems else 0


def report_lines(path: Path, report: Report) -> list[str]:
    """The report in sentences, in the reader's language."""
    if not report.holds:
        head = gettext("%(path)s does NOT hold:") % {"path": path}
        return [head, *(f"  - {problem}" for problem in report.problems)]
    last = report.verified[-1]
    listed: Sentence = (
        _("The issuer is in your list of keys, and the key was in force on that day.")
        if last.listed
        else _(
            "You gave no list of keys, so nothing says who holds this key:"
            " compare it with the one that the issuer publishes, or give --keys."
        )
    )
    return [
        gettext("%(path)s holds: the signature is right and nothing was changed since.") % {"path": path},
        gettext("Documents: %(number)s.") % {"number": len(report.verified)},
        gettext("Issued by %(issuer)s.") % {"issuer": last.issuer},
        gettext("Signed on %(created)s.") % {"created": readable(last.created)},
        str(listed),
    ]


def _read(path: Path) -> Json:
    """The JSON in a file that may be anything. Raises a FileRefused."""
    try:
        if path.exists() and not path.is_file():
            raise FileUnreadable(path=path, why=_("it is not a file"))
        with path.open("rb") as file:
            return read_json(file.read(MOST_BYTES + 1))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else _("its name is not possible")
        raise FileUnreadable(path=path, why=why) from error


def _documents(content: Json) -> Sequence[Json]:
    """The credentials in a file: one, or those of a presentation."""
    if not isinstance(content, dict):
        raise CredentialMalformed(path=_("the file"), why=_("does not hold an object"))
    if _is_proof(content):
        return [content.get("seal")]
    kind = content.get("type")
    if kind == LIST_TYPE:
        raise CredentialMalformed(path=_("the file"), why=_("is a list of keys: give it after --keys"))
    if kind not in (PRESENTATION, [PRESENTATION]):
        return [content]
    documents = content.get("verifiableCredential")
    if not isinstance(documents, list) or not documents:
        raise CredentialMalformed(path="verifiableCredential", why=_("is not a list with a document in it"))
    return documents


def _is_proof(content: Json) -> TypeGuard[Subject]:
    return isinstance(content, dict) and content.get("type") == PROOF_TYPE


def _verify_all(documents: Sequence[Json], trusted: Sequence[PublicKey] | None, at: dt.datetime) -> Report:
    verified: list[Verified] = []
    problems: list[Problem | RecordError] = []
    for number, document in enumerate(documents, 1):
        try:
            verified.append(verify(document, at=at, trusted=trusted))
        except CredentialError as error:
            problems.append(error if len(documents) == 1 else _numbered(number, error))
            continue
        problems += (problem for subject in verified[-1].subjects for problem in subject_problems(subject))
    if len(verified) == len(documents):
        problems += _chain_problems(verified)
    return Report(tuple(verified), tuple(problems))


def _numbered(number: int, error: CredentialError) -> Problem:
    return Problem(error.code, _("Document %(number)s: %(why)s"), {"number": number, "why": error})


def subject_problems(subject: Subject) -> list[Problem]:
    """What a signed statement says that cannot be, by the checks of its type."""
    kinds = subject.get("type")
    names = kinds if isinstance(kinds, list) else [kinds]
    known = [checks[name] for name in names if isinstance(name, str) and name in checks]
    return [problem for check in known for problem in check(subject)]


def _chain_problems(verified: Sequence[Verified]) -> list[Problem]:
    """Where seals handed over together do not follow on one another. The first of them may be any seal."""
    seals = [seal for document in verified for subject in document.subjects if (seal := _seal(subject))]
    before: SealContent | None = None
    problems = []
    for seal in seals:
        begins = before is None and seal.number != 1
        problems.append(None if begins else link_problem(before, seal))
        before = seal
    return [problem for problem in problems if problem is not None]


def _seal(subject: Subject) -> SealContent | None:
    return seal_of(subject) if subject.get("type") == SEAL else None


def _say(line: str) -> None:
    """Prints a line that may quote somebody else's file: bounded, and without codes that move the cursor."""
    shown = "".join(
        letter if _is_harmless(letter) else "\N{REPLACEMENT CHARACTER}" for letter in line[:WIDEST]
    )
    encoding = sys.stdout.encoding or "utf-8"
    print(shown.encode(encoding, "replace").decode(encoding))


def _is_harmless(letter: str) -> bool:
    # Python counts the no-break spaces of French punctuation as not printable.
    return letter.isprintable() or unicodedata.category(letter) == "Zs"
