"""The pilot over HTTP: begun by the client, answered from a member's device."""

import uuid

import pytest

from palabre.work.models import Project
from tests.cast import Persona
from tests.work.stage import Stage
from tests.work.test_pilot import work
from tests.work.test_projects_api import get, made, post

pytestmark = pytest.mark.django_db


def at(project: Project, what: str = "") -> str:
    return f"/projects/{project.id}/pilot{what}"


def test_from_its_beginning_to_the_new_quote(stage: Stage) -> None:
    project, client = stage.ready(), stage.cast.client_person
    pair: tuple[Persona, ...] = (stage.cast.member, stage.cast.reviewer)
    assert made(post(client, at(project, "/start"), {"tasks": 3}), 200)["state"] == "pilot"
    part = made(get(pair[0], at(project)), 200)
    assert (part["running"], part["ask"], part["confirmation"]) == (True, False, None)
    for who in pair:
        work(project, who)
        assert made(get(who, at(project)), 200)["ask"]
        assert made(post(who, at(project), {"clear": True}), 200)["guideline_version"] == 1
    part = made(get(pair[0], at(project)), 200)
    assert (part["answers"], part["ask"], part["confirmation"]["clear"]) == (3, False, True)
    quote = made(post(client, at(project, "/conclusion")))
    shown = made(get(client, f"/projects/{project.id}"), 200)
    assert (shown["seconds_per_task"], shown["pilot_judgements"]) == ("20.00", 6)
    made(post(client, f"/quotes/{quote['id']}/acceptance"), 200)
    assert made(post(client, f"/projects/{project.id}/launch", {}), 200)["state"] == "live"


def test_refusals_have_their_names(stage: Stage) -> None:
    project, client = stage.ready(), stage.cast.client_person
    assert post(client, f"/projects/{project.id}/launch", {})[1]["code"] == "work.pilot_missing"
    assert post(client, at(project, "/conclusion"))[1]["code"] == "work.project_is"
    made(post(client, at(project, "/start"), {"tasks": 3}), 200)
    assert post(client, at(project, "/conclusion"))[1]["code"] == "work.pilot_open"
    assert post(stage.cast.member, at(project), {"clear": True})[1]["code"] == "work.took_no_part"
    work(project, stage.cast.member)
    assert post(stage.cast.member, at(project), {"clear": False})[1]["code"] == "work.text"
    assert get(stage.cast.stranger_member, at(project))[0] == 404
    assert post(stage.cast.member, f"/projects/{uuid.uuid4()}/pilot", {"clear": True})[0] == 404
