"""The same figures come from the record as of the seal."""

import copy
import datetime as dt

import pytest

from palabre.errors import NotFound
from palabre.impact.actions import issue_scorecard
from palabre.impact.errors import NotAScoreCard
from palabre.impact.recompute import differences, recompute
from palabre.impact.scorecard.reading import read_facts, snapshot
from palabre.pay.actions import import_floors
from palabre.pay.actions.imports import FLOOR_COLUMNS
from palabre.pay.models import Floor
from palabre.people.actions import Home, erase_person, move_residence
from palabre.people.actor import SYSTEM
from palabre.timesheet.models import Kind, Source, TimeEntry
from palabre.work.models import Annotation, AnnotationRevision, Task
from tests.impact.example import signed
from tests.impact.test_issue_scorecard import AT
from tests.impact.tiny import HOUR_MS, Tiny, judge, result, spend
from tests.pay.test_import_floors import GOOD, table

LATER = AT + dt.timedelta(days=2)


def test_the_same_figures(tiny: Tiny) -> None:
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    again, found = recompute(card.credential)
    assert found == []
    assert again == card.credential["credentialSubject"]


def test_what_came_later_changes_nothing(tiny: Tiny) -> None:
    """A late answer, an answer that was replaced, an hour of work: all after the seal."""
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    judge(tiny.project, Task.objects.get(position=4), tiny.members[0], "sad", place=None, at=LATER)
    _replace(Annotation.objects.filter(task__position=1).first(), "sad")
    spend(tiny.escrow, tiny.members[0], Kind.MEETING, Source.SERVER, HOUR_MS)
    TimeEntry.objects.filter(kind=Kind.MEETING).update(received_at=LATER, day=LATER.date())
    assert recompute(card.credential)[1] == []


def test_moves_corrections_and_erasure_change_nothing(tiny: Tiny) -> None:
    """A member moves, another corrects her time, a third is erased, a floor is imported: all after it was issued."""
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    moved, corrected, erased = tiny.members[:3]
    move_residence(moved, Home("FR", "Europe/Paris"), by=SYSTEM, at=LATER)
    spend(tiny.escrow, corrected, Kind.TASK, Source.CORRECTION, HOUR_MS // 10)
    TimeEntry.objects.filter(
        received_at__isnull=False, source=Source.CORRECTION, counted_ms=HOUR_MS // 10
    ).filter(id=TimeEntry.objects.latest("id").id).update(received_at=LATER)
    erase_person(erased, by=SYSTEM, at=LATER, owing=True)
    assert recompute(card.credential)[1] == []


def test_a_floor_that_was_imported_since_changes_nothing(tiny: Tiny) -> None:
    """One of before the work, and the same figure looked up again; from then on the ScoreCards rest on both."""
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    known = Floor.objects.get()
    same = {name: str(getattr(known, name) or "") for name in FLOOR_COLUMNS}
    import_floors(
        table(GOOD, same | {"checked_on": "2026-03-01", "hours_source": "the law"}), by=SYSTEM, at=LATER
    )
    assert recompute(card.credential)[1] == []
    with snapshot():
        facts = read_facts(tiny.project.id, card.seal, as_of=LATER)
    assert {kind: f"{one.amount} {one.checked_on}" for kind, one in facts.floors["SN", ""].items()} == {
        "legal_minimum": "370.526 2026-03-01",
        "living_tariff": "500.5 2026-02-01",
    }


def _replace(annotation: Annotation | None, label: str) -> None:
    assert annotation is not None
    AnnotationRevision.objects.create(
        annotation=annotation,
        revision=1,
        member_id=annotation.member_id,
        key=annotation.key,
        body_hash=b"",
        result=annotation.result,
        schema_version=1,
        guideline_version=1,
        submitted_at=annotation.submitted_at,
        received_at=annotation.received_at,
    )
    annotation.revision, annotation.result = 2, [result(label)]
    annotation.submitted_at = annotation.received_at = LATER
    annotation.save()


def test_a_row_that_was_changed_is_found(tiny: Tiny) -> None:
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    TimeEntry.objects.filter(kind=Kind.READING, member_id=tiny.members[0]).update(counted_ms=HOUR_MS)
    found = recompute(card.credential)[1]
    assert "time.totalMs: 31320000 -> 33120000" in found


def test_a_figure_that_was_changed_is_found(tiny: Tiny) -> None:
    credential = copy.deepcopy(issue_scorecard(tiny.project.id, by=SYSTEM, at=AT).credential)
    credential["credentialSubject"]["pay"]["share"] = "0.9000"
    assert recompute(credential)[1] == ["pay.share: 0.9000 -> 0.82"]


@pytest.mark.django_db
def test_a_project_of_elsewhere_is_not_found() -> None:
    with pytest.raises(NotFound):
        recompute(signed())


@pytest.mark.parametrize("document", [{}, {"credentialSubject": []}, {"credentialSubject": {"type": "Seal"}}])
def test_another_document_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(NotAScoreCard):
        recompute(document)


def test_differences_name_the_place() -> None:
    found = list(differences({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}], "c": None}))
    assert found == ["a[1].b: 2 -> 3"]
