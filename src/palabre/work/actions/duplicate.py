"""The set-up of a project once more, as a new draft."""

import datetime as dt
import uuid
from dataclasses import replace

from django.db import transaction

from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import project_for
from palabre.work.actions.projects import create_project, terms_of
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Project


@transaction.atomic
def duplicate_project(project_id: uuid.UUID, name: str, *, by: Actor, at: dt.datetime) -> Project:
    """A draft of the same parties with the newest questions and guideline; no tasks, quotes or money.

    The new name is in the main language; the other texts stay in all of theirs. A time that a pilot measured is taken over
    as the guess.

    Raises: NotAllowed, NotFound, TextWrong (the name).
    """
    source = project_for(by, project_id, Permission.MANAGE_PROJECTS)
    others = {
        language: {field: text for field, text in texts.items() if field != "name"}
        for language, texts in source.translations.items()
    }
    terms = replace(terms_of(source), name=name, translations=others, declared_times=False)
    made = create_project(terms, client=source.client_id, operator=source.operator_id, by=by, at=at)
    schema = source.schemas.order_by("-version").first()
    if schema is not None:
        publish_schema(made.id, schema.body, by=by, at=at)
    guideline = source.guidelines.order_by("-version").first()
    if guideline is not None:
        others = {language: {"body": body} for language, body in guideline.texts("body").items()}
        main = others.pop(made.main_language, {"body": guideline.body})
        publish_guideline(made.id, main["body"], translations=others, by=by, at=at)
    return made
