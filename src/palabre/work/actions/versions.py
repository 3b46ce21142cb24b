"""Versions of what members are asked (label schemas) and of how to answer (guidelines)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import cast

from django.db import transaction

from palabre.people.actor import SYSTEM, Actor
from palabre.people.permissions import Permission
from palabre.record.canonical import Json, canonical
from palabre.work.access import locked_project
from palabre.work.actions.notes import note
from palabre.work.checks import check_text
from palabre.work.errors import ChangesMissing, ProjectIs, SchemaIncompatible, SchemaRefused
from palabre.work.models import Batch, Guideline, LabelSchema, Project
from palabre.work.schemas import Problem, incompatibilities, shows_more, validate_schema
from palabre.work.spoken import Translations, check_translations, kept

LONGEST_GUIDELINE = 50_000  # some twenty pages: it is read on a phone
LONGEST_CHANGES = 5_000
_LONGEST = {"body": LONGEST_GUIDELINE, "changes": LONGEST_CHANGES}
_NONE: Translations = {}


@transaction.atomic
def publish_schema(
    project_id: uuid.UUID, body: Mapping[str, object], *, by: Actor, at: dt.datetime
) -> LabelSchema:
    """The next version of the label schema. Publishing the newest again changes nothing.

    A draft takes any schema, as long as tasks that are there already have its fields. While
    members work, words may change and labels be added (`schemas.compatibility`).

    Raises: NotAllowed, NotFound, ProjectIs (closed), SchemaRefused, SchemaIncompatible.
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state == Project.State.CLOSED:
        raise ProjectIs(state=project.state)
    problems = validate_schema(body)
    if problems:
        raise SchemaRefused(path=problems[0].path, problems=_listed(problems))
    newest = project.schemas.order_by("-version").first()
    if newest is not None:
        if newest.body == body:
            return newest
        _check_change(project, newest, body)
    schema = LabelSchema.objects.create(
        project=project,
        version=newest.version + 1 if newest else 1,
        body=body,
        published_at=at,
        published_by=by.account,
    )
    data = {"version": schema.version, "sha256": sha256(canonical(cast("Json", body))).hexdigest()}
    note("work.schema.published", project, data, by=by, at=at)
    return schema


@transaction.atomic
def publish_guideline(
    project_id: uuid.UUID,
    body: str,
    changes: str = "",
    *,
    translations: Translations = _NONE,
    by: Actor,
    at: dt.datetime,
) -> Guideline:
    """The next version of the guideline, in Markdown; `changes` tells members what is new in it.

    Both are in the main language of the project; `translations` has the same in others. A version holds all its languages:
    each member reads hers, or the main one. Answers name the version that they were made under and are judged by that one.
    Publishing the newest again changes nothing.

    Raises: NotAllowed, NotFound, ProjectIs (closed), TextWrong, SpokenWrong, MainTextMissing, ChangesMissing (from version
    2 on).
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state == Project.State.CLOSED:
        raise ProjectIs(state=project.state)
    check_text("body", body, LONGEST_GUIDELINE)
    main = {"body": body, "changes": changes}
    check_translations(project.main_language, main, translations, _LONGEST)
    others = kept(translations, lines=[])
    newest = project.guidelines.order_by("-version").first()
    if newest is not None and newest.texts("body") == _bodies(project.main_language, body, others):
        return newest
    if newest is not None and not changes.strip():
        raise ChangesMissing(path="changes", version=newest.version)
    if changes:
        check_text("changes", changes, LONGEST_CHANGES)
    guideline = Guideline(
        project=project,
        version=newest.version + 1 if newest else 1,
        body=body,
        changes=changes.strip(),
        main_language=project.main_language,
        translations=others,
        published_at=at,
        published_by=by.account,
    )
    guideline.keep_html()
    guideline.save(force_insert=True)
    data: dict[str, object] = {
        "version": guideline.version,
        "language": guideline.main_language,
        "sha256": sha256(body.encode()).hexdigest(),
    }
    if others:
        data["translations"] = {
            language: sha256(texts["body"].encode()).hexdigest()
            for language, texts in others.items()
            if "body" in texts
        }
    note("work.guideline.published", project, data, by=by, at=at)
    return guideline


@transaction.atomic
def clean_again(guideline_id: uuid.UUID, *, at: dt.datetime) -> Guideline:
    """Keep the HTML of a version that this program's cleaner has not made yet. Raises: Guideline.DoesNotExist."""
    guideline = Guideline.objects.select_related("project").get(id=guideline_id)
    guideline.keep_html()
    guideline.save(update_fields=["cleaned", "cleaner"])
    data = {"version": guideline.version, "cleaner": guideline.cleaner}
    note("work.guideline.cleaned", guideline.project, data, by=SYSTEM, at=at)
    return guideline


def _bodies(main_language: str, body: str, others: Translations) -> dict[str, str]:
    return {
        main_language: body,
        **{language: texts["body"] for language, texts in others.items() if "body" in texts},
    }


def _check_change(project: Project, newest: LabelSchema, body: Mapping[str, object]) -> None:
    if project.state != Project.State.DRAFT:
        problems = incompatibilities(newest.body, body)
    elif project.batches.filter(state__in=[Batch.State.IMPORTING, Batch.State.OPEN]).exists():
        problems = shows_more(newest.body, body)
    else:
        return
    if problems:
        raise SchemaIncompatible(version=newest.version, problems=_listed(problems))


def _listed(problems: Sequence[Problem]) -> str:
    return "\n".join(f"  - {found}" for found in problems)
