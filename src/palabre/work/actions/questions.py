"""Questions of members, and the answers, once for all concerned."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from palabre.decisions.errors import NotAboutOneself
from palabre.errors import NotFound
from palabre.ids import new_id
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import of_organisation, project_for
from palabre.work.actions.notes import note
from palabre.work.checks import check_text
from palabre.work.errors import NothingChosen
from palabre.work.models import Question

LONGEST = 10_000


@transaction.atomic
def ask_question(project_id: uuid.UUID, text: str, *, by: Actor, at: dt.datetime) -> Question:
    """A member asks about a project. From a device, questions come with the outbox.

    Raises: NotAllowed, NotFound, TextWrong.
    """
    project = project_for(by, project_id, Permission.WORK)
    if by.account is None:
        raise NotFound()
    check_text("text", text, LONGEST)
    question = Question.objects.create(
        id=new_id(), project=project, member_id=by.account, text=text.strip(), asked_at=at
    )
    note("work.question.asked", project, {"question": str(question.id)}, by=by, at=at)
    return question


@transaction.atomic
def answer_question(question_id: uuid.UUID, answer: str, *, by: Actor, at: dt.datetime) -> Question:
    """Answer a question, or word the answer better; members see it beside the guideline.

    Raises: NotAllowed, NotFound (unknown or another organisation's), NotAboutOneself, TextWrong.
    """
    return answer_questions([question_id], answer, by=by, at=at)[0]


@transaction.atomic
def answer_questions(
    question_ids: Sequence[uuid.UUID], answer: str, *, by: Actor, at: dt.datetime
) -> list[Question]:
    """Answer several questions at once with the same words: all of them, or none.

    The operator's people answer, and the client's, who know the data best. An answer that is there already is
    worded anew. Everybody who works on a project sees its answers, and which side gave them; no name. Who asked lets
    somebody else answer.

    Raises: NotAllowed, NotFound (one is unknown or another organisation's), NotAboutOneself, TextWrong, NothingChosen.
    """
    by.require(Permission.ANSWER_QUESTIONS)
    wanted = set(question_ids)
    if not wanted:
        raise NothingChosen(path="questions")
    # In the order of their ids, so that two who answer overlapping ones don't wait for each other in a circle.
    held = Question.objects.select_for_update(of=("self",)).select_related("project").order_by("id")
    questions = list(held.filter(id__in=wanted, project__in=of_organisation(by)))
    if len(questions) != len(wanted):
        raise NotFound()
    if by.account is not None and any(question.member_id == by.account for question in questions):
        raise NotAboutOneself
    check_text("answer", answer, LONGEST)
    for question in questions:
        question.answer, question.answered_by, question.answered_at = answer.strip(), by.account, at
        question.answered_by_client = (
            question.project.operator_id != by.organisation and by.account is not None
        )
        note("work.question.answered", question.project, {"question": str(question.id)}, by=by, at=at)
    Question.objects.bulk_update(questions, ["answer", "answered_by", "answered_by_client", "answered_at"])
    return questions
