"""Consensus and agreement of a project, whole and in between."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection

from palabre.quality.actions import recompute, recount_touched
from palabre.quality.consensus import Method, consensus_of
from palabre.quality.jobs import PAUSE, QUIET, due_projects, run_consensus
from palabre.quality.judgements import one_label, whole_sets, yes_or_no
from palabre.quality.models import Agreement, Consensus
from palabre.quality.queries import answers_to, marks_of
from palabre.quality.questions import Asked, asked_by
from palabre.quality.statistics import binary_questions, judgements_from_rows
from palabre.record.models import Event
from palabre.times import ManualClock
from palabre.work.models import Annotation, AnnotationRevision, LabelSchema, Project, Task
from tests.impact.tiny import BEGAN, CLOSED, Tiny, judge, result, tiny_project

AT = CLOSED + dt.timedelta(hours=1)


@pytest.fixture
def tiny(db: None) -> Tiny:
    """Task 1: happy, happy, and happy once too often; task 2: sad, sad; task 3: happy, sad; task 4: nothing."""
    return tiny_project()


def labels(project: Project) -> dict[int, object]:
    rows = Consensus.objects.filter(project=project).select_related("task")
    return {row.task.position: row.labels for row in rows}


def publish(project: Project, asks: list[dict[str, object]], version: int = 2) -> None:
    body = {"shows": [{"name": "text", "type": "text", "field": "$text", "lang": "fr"}], "asks": asks}
    LabelSchema.objects.create(
        project=project, version=version, body=body, published_at=BEGAN, published_by=uuid.uuid4()
    )


def choices(name: str, *values: str, several: bool = False) -> dict[str, object]:
    return {
        "name": name,
        "type": "choices",
        "to": "text",
        "choice": "multiple" if several else "single",
        "labels": [{"value": value} for value in values],
    }


def test_every_judged_task_gets_its_labels(tiny: Tiny) -> None:
    """Also the judgement that the overlap didn't need counts: it was made in good faith."""
    done = recompute(tiny.project.id, at=AT)
    assert (done.tasks, done.changed, done.method) == (3, 3, Method.DAWID_SKENE)
    found = labels(tiny.project)
    assert found[1] == {"mood": ["happy"]}
    assert found[2] == {"mood": ["sad"]}
    assert Consensus.objects.get(task__position=1).judgements == 3


def test_agreement_confusion_and_reliability(tiny: Tiny) -> None:
    recompute(tiny.project.id, at=AT)
    agreement = Agreement.objects.get(project=tiny.project)
    assert (agreement.tasks, agreement.judgements, agreement.alpha) == (3, 7, 0.5)
    assert agreement.confusion["questions"][0]["confused"] == [
        {"first": "happy", "second": "sad", "pairs": 1, "share": 1.0}
    ]
    (disputed,) = agreement.disputed
    assert disputed["votes"] == {"happy": 1, "sad": 1}
    by_member = {one["member"]: one for one in agreement.reliability}
    first = by_member[str(tiny.members[0])]
    assert (first["judged"], first["compared"], first["agreed"], first["share"]) == (1, 1, 1, 1.0)
    # C: right with D on task 2, and with A and B on task 1.
    assert by_member[str(tiny.members[2])]["agreed"] == 2


def test_again_writes_nothing(tiny: Tiny) -> None:
    recompute(tiny.project.id, at=AT)
    before = Agreement.objects.values().get()
    assert recompute(tiny.project.id, at=AT).changed == 0
    assert Agreement.objects.values().get() == before


def test_the_record_keeps_a_digest(tiny: Tiny) -> None:
    recompute(tiny.project.id, at=AT)
    recompute(tiny.project.id, at=AT)
    first, second = Event.objects.filter(code="quality.consensus.computed").values_list("data", flat=True)
    assert first["tasks"] == 3
    assert len(first["digest"]) == 64
    assert first["digest"] == second["digest"]


def test_without_answers_there_is_nothing(tiny: Tiny) -> None:
    Annotation.objects.all().delete()
    assert recompute(tiny.project.id, at=AT).tasks == 0
    assert not Agreement.objects.exists()


def test_two_members_are_counted_by_majority(tiny: Tiny) -> None:
    Annotation.objects.exclude(member_id__in=tiny.members[:2]).delete()
    assert recompute(tiny.project.id, at=AT).method == Method.MAJORITY


def test_several_labels(tiny: Tiny) -> None:
    publish(tiny.project, [choices("mood", "happy", "sad", several=True)])
    Annotation.objects.filter(task__position=1).update(result=[result("happy", "sad")])
    Annotation.objects.filter(task__position=2).update(result=[])
    recompute(tiny.project.id, at=AT)
    found = labels(tiny.project)
    assert found[1] == {"mood": ["happy", "sad"]}
    assert found[2] == {"mood": []}
    question = Agreement.objects.get().confusion["questions"][0]
    assert [one["label"] for one in question["by_label"]] == ["happy", "sad"]


def test_several_questions_side_by_side(tiny: Tiny) -> None:
    publish(tiny.project, [choices("mood", "happy", "sad"), choices("tone", "kind", "rude")])
    tone = {"from_name": "tone", "to_name": "text", "type": "choices", "value": {"choices": ["rude"]}}
    Annotation.objects.filter(task__position=1).update(result=[result("happy"), tone])
    recompute(tiny.project.id, at=AT)
    found = labels(tiny.project)
    assert found[1] == {"mood": ["happy"], "tone": ["rude"]}
    assert found[2] == {"mood": ["sad"]}
    assert [one["name"] for one in Agreement.objects.get().confusion["questions"]] == ["mood", "tone"]


def test_labels_of_an_older_schema_are_kept(tiny: Tiny) -> None:
    publish(tiny.project, [choices("mood", "glad", "sad")])
    assert asked_by(tiny.project.id) == (Asked("mood", ("glad", "sad", "happy"), several=False),)
    recompute(tiny.project.id, at=AT)
    assert labels(tiny.project)[1] == {"mood": ["happy"]}


def test_only_touched_tasks_are_recounted(tiny: Tiny) -> None:
    recompute(tiny.project.id, at=AT)
    marks = marks_of(tiny.project.id)
    task = Task.objects.get(position=4)
    judge(tiny.project, task, tiny.members[0], "sad", place=0, at=AT)
    done = recount_touched(tiny.project.id, marks, at=AT)
    assert (done.tasks, done.changed) == (1, 1)
    assert Consensus.objects.get(task=task).method == "majority"
    assert labels(tiny.project)[1] == {"mood": ["happy"]}


def test_the_job_follows_the_answers(tiny: Tiny) -> None:
    clock = ManualClock(AT)
    assert run_consensus(clock) == 1
    clock.advance(PAUSE)
    assert run_consensus(clock) == 0
    judge(tiny.project, Task.objects.get(position=4), tiny.members[0], "sad", place=0, at=clock.now())
    assert run_consensus(clock) == 1
    assert labels(tiny.project)[4] == {"mood": ["sad"]}


def test_the_job_waits_between_bursts(tiny: Tiny) -> None:
    recompute(tiny.project.id, at=AT)
    judge(tiny.project, Task.objects.get(position=4), tiny.members[0], "sad", place=0, at=AT)
    assert due_projects(AT + PAUSE / 2) == []
    assert len(due_projects(AT + PAUSE)) == 1


def test_a_quiet_project_is_looked_at_once_more(tiny: Tiny) -> None:
    """An answer with a lower number may become visible after a higher one was read."""
    last = Annotation.objects.order_by("-id").first()
    assert last is not None
    recompute(tiny.project.id, at=last.received_at)
    assert due_projects(last.received_at + PAUSE) == []
    assert len(due_projects(last.received_at + QUIET)) == 1
    recompute(tiny.project.id, at=last.received_at + QUIET)
    assert due_projects(last.received_at + 3 * QUIET) == []


def test_a_replaced_answer_makes_a_project_due(tiny: Tiny) -> None:
    recompute(tiny.project.id, at=AT)
    annotation = Annotation.objects.filter(task__position=3).order_by("id").first()
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
    Annotation.objects.filter(id=annotation.id).update(revision=2, result=[result("sad")])
    assert run_consensus(ManualClock(AT + PAUSE)) == 1
    assert labels(tiny.project)[3] == {"mood": ["sad"]}
    earlier = answers_to(asked_by(tiny.project.id)[0], tiny.project.id, as_of=AT)
    assert sorted(earlier.label.tolist()).count(1) == 4


def test_arrays_are_what_rows_would_be(tiny: Tiny) -> None:
    """The fast way in, held against the plain one."""
    (question,) = asked_by(tiny.project.id)
    answers = answers_to(question, tiny.project.id)
    fast = one_label(answers, question)
    rows = Annotation.objects.values_list("task_id", "member_id", "result")
    plain = judgements_from_rows((t, str(m), r[0]["value"]["choices"][0]) for t, m, r in rows)
    assert [answers.members[int(m)] for m in fast.members] == [uuid.UUID(m) for m in plain.members]
    for name in ("task", "member", "label"):
        assert np.array_equal(getattr(fast, name), getattr(plain, name))
    assert (fast.tasks, fast.labels) == (plain.tasks, plain.labels)


def test_sets_and_yes_or_no_are_what_the_statistics_say(tiny: Tiny) -> None:
    question = Asked("mood", ("happy", "sad"), several=True)
    Annotation.objects.filter(task__position=1).update(result=[result("happy", "sad")])
    Annotation.objects.filter(task__position=2).update(result=[])
    answers = answers_to(question, tiny.project.id)
    rows = [
        (task, str(member), items[0]["value"]["choices"] if items else [])
        for task, member, items in Annotation.objects.values_list("task_id", "member_id", "result")
    ]
    plain = binary_questions(rows, question.labels)
    for label, asked in yes_or_no(answers, question).items():
        assert np.array_equal(asked.label, plain[label].label)
    assert whole_sets(answers, question).labels == ('["happy", "sad"]', '["happy"]', '["sad"]', "[]")
    # On task 3 each label has one yes and one no: no label.
    assert consensus_of(answers, question)[0].answers == ({"mood": []}, {"mood": ["happy", "sad"]})


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_turns() -> None:
    project = tiny_project().project

    def once(_: int) -> int:
        try:
            return recompute(project.id, at=AT).changed
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, range(2))) == [0, 3]
    assert Consensus.objects.count() == 3
