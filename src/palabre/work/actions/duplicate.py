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

    A time that a pilot measured is taken over as the guess.

    Raises: NotAllowed, NotFound, TextWrong (the name).
    """
    source = project_for(by, project_id, Permission.MANAGE_PROJECTS)
    terms = replace(terms_of(source), name=name, declared_times=False)
    made = create_project(terms, client=source.client_id, operator=source.operator_id, by=by, at=at)
    schema = source.schemas.order_by("-version").first()
    if schema is not None:
        publish_schema(made.id, schema.body, by=by, at=at)
    guideline = source.guidelines.order_by("-version").first()
    if guideline is not None:
        publish_guideline(made.id, guideline.body, by=by, at=at)
    return made
