"""Checks a bundle of evidence offline: every file against the signed list of them, every seal against the
events, the ledger's sums, the ScoreCards. Without an installation, a database or a network.

An event that the bundle does not show in full (another project's, another time's) stands there as its hash
alone, so that the roots can still be computed.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from palabre.record.canonical import Json, canonical_event
from palabre.record.chain import Leaf, verify_leaves
from palabre.record.credentials import Verified, verify
from palabre.record.errors import CredentialError, EvidenceMalformed, FileUnreadable, RecordError
from palabre.record.instants import readable
from palabre.record.keys import PublicKey
from palabre.record.merkle import leaf_hash
from palabre.record.problems import Problem
from palabre.record.sealing import SealFacts, seal_of
from palabre.record.strict_json import MOST_BYTES, read_json
from palabre.words import gettext
from palabre.words import gettext_lazy as _

TYPE = "Evidence"
MANIFEST, SEALS, EVENTS, LEDGER = "manifest.json", "seals.jsonl", "events.jsonl", "ledger.csv"
_PIECE = 1 << 16
# What reading a file of somebody else's may raise: a ZIP that is cut, text that is none, depth without end.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    RecursionError,
)


class Bundle:
    """The files of a bundle: of a ZIP, or of the folder that it was taken apart into."""

    def __init__(self, path: Path) -> None:
        """Raises: FileUnreadable."""
        self._zip: zipfile.ZipFile | None = None
        self._folder = path
        if path.is_dir():
            files = (one for one in path.rglob("*") if one.is_file())
            self.names = sorted(one.relative_to(path).as_posix() for one in files)
            return
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise FileUnreadable(path=path, why=_("it is no ZIP file that can be read")) from error
        self.names = sorted(self._zip.namelist())

    def open(self, name: str) -> IO[bytes]:
        """Raises: FileUnreadable."""
        try:
            return (self._folder / name).open("rb") if self._zip is None else self._zip.open(name)
        except (OSError, KeyError, zipfile.BadZipFile, RuntimeError) as error:
            raise FileUnreadable(path=name, why=_("it is not in the bundle")) from error

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, each bounded. Raises: FileUnreadable, EvidenceMalformed."""
        with self.open(name) as file:
            while line := file.readline(MOST_BYTES + 1):
                if len(line) > MOST_BYTES:
                    raise EvidenceMalformed(path=name)
                yield line

    def read(self, name: str) -> Json:
        """A JSON file. Raises a RecordError."""
        with self.open(name) as file:
            return read_json(file.read(MOST_BYTES + 1))


def is_evidence(path: Path) -> bool:
    """Whether a path is a folder with a manifest, or a ZIP."""
    if path.is_dir():
        return (path / MANIFEST).is_file()
    return path.is_file() and zipfile.is_zipfile(path)


def evidence_problems(
    path: Path, keys: Sequence[PublicKey] | None, *, at: dt.datetime
) -> tuple[Verified | None, dict[str, int], list[Problem | RecordError]]:
    """Who signed the bundle, how much of what was checked, and everything that is wrong with it."""
    counts: dict[str, int] = defaultdict(int)
    try:
        bundle = Bundle(path)
        signed, subject = _manifest(bundle, keys, at)
        problems: list[Problem | RecordError] = [*_file_problems(bundle, subject, counts)]
        if not problems:
            problems += _content_problems(bundle, subject, keys, at, counts)
    except RecordError as error:
        return None, counts, [error]
    except _UNREADABLE:
        return None, counts, [EvidenceMalformed(path=path.name)]
    return signed, counts, problems


def report_lines(
    path: Path, signed: Verified | None, counts: Mapping[str, int], problems: Sequence[Problem | RecordError]
) -> list[str]:
    """The report in sentences, in the reader's language."""
    if problems or signed is None:
        return [
            gettext("%(path)s does NOT hold:") % {"path": path},
            *(f"  - {problem}" for problem in problems),
        ]
    sentences = [
        (gettext("%(path)s holds: nothing in it was changed since it was made."), {"path": path}),
        (gettext("Files compared with the signed list: %(files)s."), counts),
        (gettext("Seals whose root and signature are right: %(seals)s."), counts),
        (gettext("Events under them: %(events)s, of which %(full)s in full, the others as a hash."), counts),
        (gettext("Ledger transactions that sum to zero: %(transactions)s."), counts),
        (gettext("ScoreCards that hold: %(scorecards)s."), counts),
        (gettext("Issued by %(issuer)s."), {"issuer": signed.issuer}),
        (gettext("Signed on %(created)s."), {"created": readable(signed.created)}),
    ]
    last = (
        gettext("The issuer is in your list of keys, and the key was in force on that day.")
        if signed.listed
        else gettext(
            "You gave no list of keys, so nothing says who holds this key:"
            " compare it with the one that the issuer publishes, or give --keys."
        )
    )
    return [*(sentence % fields for sentence, fields in sentences), last]


def _manifest(
    bundle: Bundle, keys: Sequence[PublicKey] | None, at: dt.datetime
) -> tuple[Verified, Mapping[str, Json]]:
    signed = verify(bundle.read(MANIFEST), at=at, trusted=keys)
    subject = signed.subjects[0]
    if subject.get("type") != TYPE or not isinstance(subject.get("files"), list):
        raise EvidenceMalformed(path=MANIFEST)
    return signed, subject


def _file_problems(bundle: Bundle, subject: Mapping[str, Json], counts: dict[str, int]) -> Iterator[Problem]:
    """Each file is the one of the signed list, and there is no other."""
    listed = {MANIFEST}
    files = subject["files"]
    for one in files if isinstance(files, list) else []:
        name, digest = (one.get("name"), one.get("sha256")) if isinstance(one, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(digest, str):
            raise EvidenceMalformed(path=MANIFEST)
        listed.add(name)
        if name not in bundle.names:
            yield _off("file_missing", _("%(path)s is in the signed list and not in the bundle."), path=name)
        elif _digest(bundle, name) != digest:
            yield _off("file_changed", _("%(path)s is not the file of the signed list."), path=name)
        counts["files"] += 1
    for name in sorted(set(bundle.names) - listed):
        yield _off("file_added", _("%(path)s is in the bundle and not in the signed list."), path=name)


def _digest(bundle: Bundle, name: str) -> str:
    digest = hashlib.sha256()
    with bundle.open(name) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _content_problems(
    bundle: Bundle,
    subject: Mapping[str, Json],
    keys: Sequence[PublicKey] | None,
    at: dt.datetime,
    counts: dict[str, int],
) -> Iterator[Problem | RecordError]:
    seals = _seals(bundle, counts)
    found = verify_leaves(seals, _leaves(bundle, counts), keys=keys, from_any=subject.get("firstSeal") != 1)
    if found is not None:
        yield found
    elif counts["seals"] != _number(subject.get("seals")):
        yield _off("seals_missing", _("Seals of the signed list are missing."))
    yield from _ledger_problems(bundle, counts)
    yield from _scorecard_problems(bundle, keys, at, counts)


def _seals(bundle: Bundle, counts: dict[str, int]) -> Iterator[SealFacts]:
    for line in bundle.lines(SEALS):
        document = read_json(line)
        said = document.get("credentialSubject") if isinstance(document, dict) else None
        seal = seal_of(said) if isinstance(said, dict) else None
        if seal is None or not isinstance(document, dict):
            raise EvidenceMalformed(path=SEALS)
        counts["seals"] += 1
        yield SealFacts(
            number=seal.number,
            first=seal.first,
            last=seal.last,
            late=seal.late,
            missing=seal.missing,
            count=seal.count,
            root=seal.root,
            previous_root=seal.previous_root,
            sealed_at=seal.sealed_at,
            credential=document,
        )


def _leaves(bundle: Bundle, counts: dict[str, int]) -> Iterator[Leaf]:
    for line in bundle.lines(EVENTS):
        event = json.loads(line)
        seq = _number(event.get("seq")) if isinstance(event, dict) else -1
        if seq < 0:
            raise EvidenceMalformed(path=EVENTS)
        counts["events"] += 1
        if event.keys() == {"seq", "leaf"}:
            yield Leaf(seq, bytes.fromhex(event["leaf"]))
        else:
            counts["full"] += 1
            yield Leaf(seq, leaf_hash(canonical_event(event)))


def _ledger_problems(bundle: Bundle, counts: dict[str, int]) -> Iterator[Problem]:
    """The rows of a transaction stand together: each sums to zero in each currency."""
    text = io.TextIOWrapper(bundle.open(LEDGER), "utf-8-sig", newline="")
    with text:
        now, sums = "", dict[str, int]()
        for row in csv.DictReader(text):
            if row["transaction"] != now:
                yield from _unbalanced(now, sums)
                now, sums = row["transaction"], {}
                counts["transactions"] += 1
            sums[row["currency"]] = sums.get(row["currency"], 0) + int(row["minor_units"])
        yield from _unbalanced(now, sums)


def _unbalanced(transaction: str, sums: Mapping[str, int]) -> Iterator[Problem]:
    for currency, over in sums.items():
        if over:
            sentence = _(
                "Ledger transaction %(transaction)s does not sum to zero in %(currency)s: %(sum)s are over."
            )
            yield _off("unbalanced", sentence, transaction=transaction, currency=currency, sum=over)


def _scorecard_problems(
    bundle: Bundle, keys: Sequence[PublicKey] | None, at: dt.datetime, counts: dict[str, int]
) -> Iterator[Problem]:
    from palabre.record.verify_file import subject_problems

    for name in bundle.names:
        if not name.startswith("scorecards/"):
            continue
        try:
            signed = verify(bundle.read(name), at=at, trusted=keys)
        except CredentialError as error:
            yield _off(error.code, _("%(path)s: %(why)s"), path=name, why=error)
            continue
        wrong = [problem for subject in signed.subjects for problem in subject_problems(subject)]
        counts["scorecards"] += not wrong
        yield from (_off(one.code, _("%(path)s: %(why)s"), path=name, why=one) for one in wrong)


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _off(code: str, sentence: object, **fields: object) -> Problem:
    return Problem(code if "." in code else f"record.{code}", str(sentence), fields)
