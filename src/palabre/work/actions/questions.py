"""Questions of members, and the answers, once for all concerned."""

import datetime as dt
import uuid

from django.db import transaction

from palabre.errors import NotFound
from palabre.ids import new_id
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import of_organisation, project_for
from palabre.work.actions.notes import note
from palabre.work.checks import check_text
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

    Raises: NotAllowed, NotFound (unknown or another organisation's), TextWrong.
    """
    by.require(Permission.ANSWER_QUESTIONS)
    question = (
        Question.objects.select_for_update().filter(id=question_id, project__in=of_organisation(by)).first()
    )
    if question is None:
        raise NotFound()
    check_text("answer", answer, LONGEST)
    question.answer, question.answered_by, question.answered_at = answer.strip(), by.account, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    note("work.question.answered", question.project, {"question": str(question.id)}, by=by, at=at)
    return question
