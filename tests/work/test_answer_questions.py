"""Several questions answered at once, and which are shown together."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from palabre.errors import NotAllowed, NotFound
from palabre.work.actions.questions import answer_question, answer_questions, ask_question
from palabre.work.errors import NothingChosen, TextWrong
from palabre.work.models import Project, Question, Task
from palabre.work.queries.questions import (
    MOST,
    answered_questions,
    is_full,
    oldest_question,
    open_questions,
    questions_to_answer,
)
from tests.cast import Persona
from tests.work.stage import AT, Stage, events


def ask(stage: Stage, project: Project, *texts: str, who: Persona | None = None) -> list[uuid.UUID]:
    by = (who or stage.cast.member).actor
    return [
        ask_question(project.id, text, by=by, at=AT + dt.timedelta(minutes=place)).id
        for place, text in enumerate(texts)
    ]


def test_all_get_the_same_answer(stage: Stage) -> None:
    project = stage.live()
    asked = ask(stage, project, "Both moods?", "And irony?")
    answered = answer_questions(asked, " The stronger. ", by=stage.coordinator.actor, at=AT)
    assert {(one.answer, one.answered_by) for one in answered} == {
        ("The stronger.", stage.coordinator.account)
    }
    assert Question.objects.filter(answered_at=None).count() == 0
    assert [one.data["question"] for one in events(project.id, "work.question.answered")] == [
        str(one) for one in sorted(asked)
    ]


def test_all_or_none(stage: Stage) -> None:
    (asked,) = ask(stage, stage.live(), "Both?")
    by = stage.coordinator.actor
    with pytest.raises(NotFound):
        answer_questions([asked, uuid.uuid4()], "Yes.", by=by, at=AT)
    with pytest.raises(NothingChosen):
        answer_questions([], "Yes.", by=by, at=AT)
    with pytest.raises(TextWrong):
        answer_questions([asked], "  ", by=by, at=AT)
    assert Question.objects.get().answered_at is None


def test_who_may_not(stage: Stage) -> None:
    asked = ask(stage, stage.live(), "Both?")
    for who in (stage.cast.member, stage.cast.reviewer, stage.cast.finance):
        with pytest.raises(NotAllowed):
            answer_questions(asked, "Yes.", by=who.actor, at=AT)
    for foreign in (stage.cast.stranger, stage.cast.foreign_client):
        with pytest.raises(NotFound):
            answer_questions(asked, "Yes.", by=foreign.actor, at=AT)
    assert Question.objects.get().answered_at is None


def test_the_client_answers_too(stage: Stage) -> None:
    """She knows her data best. Which side answered is kept beside who did; the last words stand."""
    project = stage.live()
    (asked,) = ask(stage, project, "Both?")
    client, coordinator = stage.cast.client_person, stage.coordinator
    assert [one.first.id for one in open_questions(client.actor)] == [asked]
    (answered,) = answer_questions([asked], "The stronger.", by=client.actor, at=AT)
    assert (answered.answered_by, answered.answered_by_client) == (client.account, True)
    assert open_questions(coordinator.actor) == []
    (again,) = answer_questions([asked], "The stronger one.", by=coordinator.actor, at=AT)
    assert (again.answered_by, again.answered_by_client) == (coordinator.account, False)


def test_again_words_it_better(stage: Stage) -> None:
    asked = ask(stage, stage.live(), "Both?")
    for text in ("No.", "No, the stronger."):
        answer_questions(asked, text, by=stage.coordinator.actor, at=AT)
    assert Question.objects.get().answer == "No, the stronger."


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_in_other_orders(stage: Stage) -> None:
    asked = ask(stage, stage.live(), *(f"Question {number}?" for number in range(6)))

    def answer(number: int) -> None:
        try:
            chosen = asked if number % 2 else asked[::-1]
            by = stage.coordinator if number % 3 else stage.cast.client_person
            answer_questions(chosen, f"Answer {number}", by=by.actor, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(answer, range(8)))
    assert Question.objects.values_list("answer", "answered_by_client").distinct().count() == 1


def test_similar_ones_stand_together(stage: Stage) -> None:
    project = stage.live()
    first, tax, again = ask(
        stage, project, "Is a minibus transport?", "Tax: price?", "a minibus: is it transport?"
    )
    groups = open_questions(stage.coordinator.actor)
    assert [[one.id for one in group.questions] for group in groups] == [[first, again], [tax]]
    assert groups[0].first.id == first


def test_one_task_stands_together_and_projects_apart(stage: Stage) -> None:
    project, other = stage.live(), stage.live()
    one, two = ask(stage, project, "What is meant here?", "Broken?")
    ask(stage, other, "What is meant here?")
    task = Task.objects.filter(project=project).earliest("id")
    Question.objects.filter(project=project).update(task=task)
    groups = open_questions(stage.coordinator.actor)
    assert sorted(len(group.questions) for group in groups) == [1, 2]
    assert [len(group.questions) for group in open_questions(stage.coordinator.actor, project.id)] == [2]
    answer_question(one, "This.", by=stage.coordinator.actor, at=AT)
    assert oldest_question(stage.coordinator.actor) == (2, AT)
    assert [row.id for row in answered_questions(stage.coordinator.actor)] == [one]
    assert [row.id for row in questions_to_answer(stage.coordinator.actor, [two])] == [two]


def test_a_hundred_at_once(stage: Stage) -> None:
    """The oldest; and the page says that there are more."""
    project = stage.live()
    Question.objects.bulk_create(
        Question(project=project, member_id=stage.cast.member.account, text=uuid.uuid4().hex, asked_at=AT)
        for _ in range(MOST + 1)
    )
    groups = open_questions(stage.coordinator.actor)
    assert len(groups) == MOST
    assert is_full(groups)
    assert not is_full(groups[1:])


def test_walls_of_the_reads(stage: Stage) -> None:
    asked = ask(stage, stage.live(), "Both?")
    assert open_questions(stage.cast.stranger.actor) == []
    with pytest.raises(NotAllowed):
        open_questions(stage.cast.member.actor)
    with pytest.raises(NotFound):
        questions_to_answer(stage.cast.stranger.actor, asked)
