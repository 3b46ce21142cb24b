"""The consensus of a question with several labels: sets that nobody gave are never clear."""

import uuid
from collections.abc import Sequence

import numpy as np
import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.quality.actions import lease_review, recompute
from palabre.quality.consensus import NOBODY_GAVE, Method, consensus_of
from palabre.quality.models import CLEAR, Consensus
from palabre.quality.queries import Answers
from palabre.quality.queries.disputed import disputed_tasks
from palabre.quality.questions import Asked
from palabre.quality.statistics import binary_questions, dawid_skene, majority_vote
from palabre.work.models import Annotation, LabelSchema, Project, Task
from tests.quality.disputed import LATER
from tests.quality.test_quality_pages import answer
from tests.web.test_walls_pages import browser_of
from tests.work.stage import Stage

LABELS = ("food", "room", "staff")
ABOUT = Asked("mood", LABELS, several=True)
# Of 21 tasks 12 have no label, 9 one that all three members see.
USUAL: Sequence[Sequence[set[str]]] = [[{label}] * 3 for label in LABELS] * 3 + [[set()] * 3] * 12
# Now and then somebody sees a label that others don't: the model learns not to rely on one voice.
STRAYS = [[{label} if who == n else set() for who in range(3)] for label in LABELS for n in range(3)]
EACH_ANOTHER: list[set[str]] = [{"food"}, {"room"}, {"staff"}]

tasks_with_sets = st.lists(
    st.lists(st.sets(st.sampled_from(LABELS)), min_size=1, max_size=5), min_size=1, max_size=8
)


def answers_of(tasks: Sequence[Sequence[set[str]]]) -> Answers:
    """One row a label, as the database gives them."""
    rows = [
        (task, who, LABELS.index(label) if label else -1)
        for task, given in enumerate(tasks)
        for who, chosen in enumerate(given)
        for label in sorted(chosen) or [""]
    ]
    columns = np.array(rows)
    people = tuple(uuid.UUID(int=n) for n in range(int(columns[:, 1].max()) + 1))
    return Answers(columns[:, 0], columns[:, 1], columns[:, 2], people)


@settings(deadline=None, max_examples=40)
@given(tasks_with_sets, st.sampled_from(Method))
def test_sets_that_nobody_gave_are_no_surer_than_even(tasks: list[list[set[str]]], method: Method) -> None:
    """All others are as sure as the labels, taken one by one, are together."""
    found, _ = consensus_of(answers_of(tasks), ABOUT, method)
    rows = [(task, who, chosen) for task, given in enumerate(tasks) for who, chosen in enumerate(given)]
    count = majority_vote if method == Method.MAJORITY else lambda asked: dawid_skene(asked).consensus()
    together = np.prod([count(asked).confidence for asked in binary_questions(rows, LABELS).values()], axis=0)
    assert found.judged.tolist() == [len(given) for given in tasks]
    for task, given_sets in enumerate(tasks):
        chosen = set(found.answers[found.answer[task]][ABOUT.name])
        most = 1.0 if chosen in given_sets else NOBODY_GAVE
        assert found.confidence[task] == pytest.approx(min(together[task], most), abs=1e-6)


def test_three_who_each_name_another_are_in_dispute() -> None:
    """Label by label the model is sure that none applies; that nobody said so is what counts."""
    answers = answers_of([*USUAL, *STRAYS, EACH_ANOTHER])
    found, method = consensus_of(answers, ABOUT)
    assert method == Method.DAWID_SKENE
    assert found.answers[found.answer[-1]] == {"mood": []}
    assert found.confidence[-1] == NOBODY_GAVE
    # What one says and two don't is clear, since two gave the set that is found.
    assert found.confidence[-2] >= CLEAR


def test_one_who_gave_the_set_is_enough() -> None:
    """As with one label, the model may believe one against two."""
    one_says_none: list[set[str]] = [{"food"}, {"room"}, set()]
    found, _ = consensus_of(answers_of([*USUAL, *STRAYS, one_says_none]), ABOUT)
    assert found.answers[found.answer[-1]] == {"mood": []}
    assert found.confidence[-1] > NOBODY_GAVE


def test_a_reviewer_and_the_client_find_it_first(stage: Stage) -> None:
    tasks = [*USUAL, *STRAYS, EACH_ANOTHER]
    project = stage.live(tasks=len(tasks))
    allow_several(project)
    given_to = dict(zip(project.batches.get().tasks.order_by("position"), tasks, strict=True))
    people = (stage.cast.member, stage.cast.colleague, stage.cast.coordinator)
    for task, sets in given_to.items():
        for place, (who, chosen) in enumerate(zip(people, sets, strict=True)):
            answer(project, task.id, who, "happy", place if place < 2 else None)
            Annotation.objects.filter(task=task, member=who.account).update(result=items(chosen))
    Task.objects.filter(batch__project=project).update(free=0)
    recompute(project.id, at=LATER)
    (last,) = Consensus.objects.filter(project=project, confidence__lt=CLEAR)
    assert (last.task, last.labels) == (list(given_to)[-1], {"mood": []})
    (shown,) = disputed_tasks(stage.cast.client_person.actor, project.id).items
    assert [given["mood"] for given in shown.answers] == [["food"], ["room"], ["staff"]]
    page = browser_of(stage.cast.client_person).get(
        reverse("quality-task", kwargs={"project": project.id, "task": last.task_id})
    )
    assert "nobody gave exactly this answer" in page.content.decode()
    assert lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER).task == last.task


def allow_several(project: Project) -> None:
    schema = LabelSchema.objects.get(project=project)
    (asked,) = schema.body["asks"]
    asked |= {"choice": "multiple", "labels": [{"value": label} for label in LABELS]}
    LabelSchema.objects.filter(pk=schema.pk).update(body=schema.body)


def items(chosen: set[str]) -> list[dict[str, object]]:
    if not chosen:
        return []
    value = {"choices": sorted(chosen)}
    return [{"id": "r", "from_name": "mood", "to_name": "text", "type": "choices", "value": value}]
