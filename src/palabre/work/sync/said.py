"""What the record says of an outbox, parted by the operators whose work is in it."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from palabre.timesheet.actions import Counted
from palabre.work.sync.facts import ProjectFact
from palabre.work.sync.judge import NewAnswer
from palabre.work.sync.write import Written, result_digest


class Said:
    """Gathers what was written, each row under the operator of its project or of the account that bears it.

    What is nobody's project belongs to `sender`, the operator that she sends for.
    """

    def __init__(
        self,
        projects: Mapping[uuid.UUID, ProjectFact],
        payers: Mapping[int, uuid.UUID],
        sender: uuid.UUID | None,
    ) -> None:
        self._projects, self._payers, self._sender = projects, payers, sender
        self._of: dict[uuid.UUID | None, dict[str, list[object]]] = defaultdict(dict)

    def of_projects(self, name: str, rows: Iterable[tuple[uuid.UUID | None, object]]) -> None:
        for project, row in rows:
            owner = self._projects[project].operator if project else self._sender
            self._of[owner].setdefault(name, []).append(row)

    def of_charges(self, name: str, rows: Iterable[tuple[int, object]]) -> None:
        for charge, row in rows:
            self._of[self._payers[charge]].setdefault(name, []).append(row)

    def parts(self) -> Iterator[tuple[uuid.UUID | None, Mapping[str, object]]]:
        """Each operator with what came in for it, the sender first; nobody of whom there is nothing to say."""
        for owner in sorted(self._of, key=lambda one: (one != self._sender, str(one))):
            yield owner, self._of[owner]


def described(one: Written) -> list[object]:
    """What the record says of one answer: row, task, revision, digest of what it says, place,
    versions of schema and guideline, pay."""
    answer = one.new.answer
    return [
        one.row,
        one.new.lease.task,
        answer.revision,
        result_digest(answer.result, answer.note),
        one.place,
        answer.schema_version,
        answer.guideline_version,
        format(one.pay, "f"),
    ]


def digested(new: NewAnswer) -> list[object]:
    """What it says of a revision: its number and the digest."""
    answer = new.answer
    return [answer.revision, result_digest(answer.result, answer.note)]


def timed(one: Counted) -> list[object]:
    """What it says of a stretch of time: entry, kind, milliseconds measured and counted, rule, what is explained."""
    return [one.entry, one.kind, one.measured_ms, one.counted_ms, one.rule, one.explained_ms]
