import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.work.actions.launch import pause_project
from palabre.work.actions.questions import answer_question, ask_question
from palabre.work.errors import TextWrong
from palabre.work.models import Question
from palabre.work.queries.questions import questions
from tests.cast import Persona
from tests.work.stage import AT, Stage, events


def seen_by(who: Persona, question: Question) -> bool:
    return question.id in {one.id for one in questions(who.actor, question.project_id)}


def test_a_member_asks_and_all_get_the_answer(stage: Stage) -> None:
    project, cast = stage.live(), stage.cast
    asked = ask_question(project.id, " Both moods? ", by=cast.member.actor, at=AT)
    assert (asked.text, asked.answer) == ("Both moods?", "")
    assert seen_by(cast.member, asked)
    assert seen_by(cast.client_person, asked)
    assert not seen_by(cast.reviewer, asked)
    answered = answer_question(asked.id, "Choose the stronger.", by=cast.coordinator.actor, at=AT)
    assert (answered.answer, answered.answered_by) == ("Choose the stronger.", cast.coordinator.account)
    assert seen_by(cast.reviewer, asked)
    for code in ("work.question.asked", "work.question.answered"):
        assert events(project.id, code)[0].data == {"question": str(asked.id)}


def test_an_answer_can_be_worded_better(stage: Stage) -> None:
    asked = ask_question(stage.live().id, "Both?", by=stage.cast.member.actor, at=AT)
    for text in ("No.", "No, the stronger."):
        answer_question(asked.id, text, by=stage.coordinator.actor, at=AT)
    assert Question.objects.get().answer == "No, the stronger."


def test_a_paused_project_still_answers(stage: Stage) -> None:
    project = pause_project(stage.live().id, by=stage.coordinator.actor, at=AT)
    ask_question(project.id, "Both?", by=stage.cast.member.actor, at=AT)
    assert Question.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "a\0b", "x" * 10_001])
def test_nothing_is_no_question(stage: Stage, text: str) -> None:
    project = stage.live()
    with pytest.raises(TextWrong):
        ask_question(project.id, text, by=stage.cast.member.actor, at=AT)
    asked = ask_question(project.id, "Both?", by=stage.cast.member.actor, at=AT)
    with pytest.raises(TextWrong):
        answer_question(asked.id, text, by=stage.coordinator.actor, at=AT)


def test_who_may_not_ask(stage: Stage) -> None:
    project, draft = stage.live(), stage.draft()
    with pytest.raises(NotAllowed):
        ask_question(project.id, "Both?", by=stage.cast.client_person.actor, at=AT)
    with pytest.raises(NotFound):
        ask_question(project.id, "Both?", by=stage.cast.stranger_member.actor, at=AT)
    with pytest.raises(NotFound):
        ask_question(draft.id, "Both?", by=stage.cast.member.actor, at=AT)


def test_a_member_where_there_is_no_price_finds_nothing(stage: Stage) -> None:
    with pytest.raises(NotFound):
        ask_question(stage.live().id, "Both?", by=stage.cast.colleague.actor, at=AT)


def test_who_may_not_answer(stage: Stage) -> None:
    asked = ask_question(stage.live().id, "Both?", by=stage.cast.member.actor, at=AT)
    with pytest.raises(NotAllowed):
        answer_question(asked.id, "No.", by=stage.cast.member.actor, at=AT)
    for who in (stage.cast.stranger, stage.cast.foreign_client):
        with pytest.raises(NotFound):
            answer_question(asked.id, "No.", by=who.actor, at=AT)
