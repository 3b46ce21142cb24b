"""Reads of label schemas and guidelines, and the forms that follow from a schema."""

import uuid
from functools import lru_cache

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.work.access import visible_project
from palabre.work.models import Guideline, LabelSchema, Project
from palabre.work.schemas import PayloadForm, ResultForm, payload_form, result_form


@lru_cache(maxsize=512)
def _form(project: uuid.UUID, version: int) -> ResultForm:
    return result_form(LabelSchema.objects.get(project=project, version=version).body)


def result_form_of(project: uuid.UUID, version: int) -> ResultForm | None:
    """The compiled form of one published version (which never changes); None when there is none."""
    try:
        return _form(project, version)
    except LabelSchema.DoesNotExist:
        return None


def payload_form_of(project: Project) -> PayloadForm | None:
    """What a task of the project must show, by its newest schema."""
    newest = project.schemas.order_by("-version").first()
    return payload_form(newest.body) if newest else None


def schema_of(by: Actor, project_id: uuid.UUID, version: int | None = None) -> LabelSchema:
    """One version of a project's label schema, the newest if none is named. Raises: NotFound."""
    found = visible_project(by, project_id).schemas.order_by("-version")
    schema = (found if version is None else found.filter(version=version)).first()
    if schema is None:
        raise NotFound()
    return schema


def guideline_of(by: Actor, project_id: uuid.UUID, version: int | None = None) -> Guideline:
    """One version of a project's guideline, the newest if none is named. Raises: NotFound."""
    found = visible_project(by, project_id).guidelines.order_by("-version")
    guideline = (found if version is None else found.filter(version=version)).first()
    if guideline is None:
        raise NotFound()
    return guideline
