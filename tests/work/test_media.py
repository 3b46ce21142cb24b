"""Pictures are shown by links that end; a wrong one, whatever is wrong with it, is not found."""

import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from palabre.errors import NotFound
from palabre.people.models import Account
from palabre.times import system_clock
from palabre.work.actions.leases import lease_tasks
from palabre.work.media import LINK_LASTS, media_link, open_link, store_picture
from palabre.work.models import Media, Project, Task
from tests.cast import Persona
from tests.work.stage import AT, Stage

CONTENT = b"RIFF....WEBP"


@dataclass(frozen=True)
class Picture:
    content: bytes = CONTENT
    width: int = 2
    height: int = 1
    original_width: int = 4
    original_height: int = 2


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def project(stage: Stage) -> Project:
    return stage.live()


@pytest.fixture
def media(project: Project) -> Media:
    kept = store_picture(project, Picture(), "beach.png")
    Task.objects.filter(project=project).update(media=kept)
    return kept


def show(token: str) -> HttpResponse:
    response = Client().get(f"/media/{token}")
    assert isinstance(response, HttpResponse) or response.streaming
    return response  # type: ignore[return-value]


def link(media: Media, who: Persona, at: dt.datetime = AT) -> str:
    return media_link(media.id, by=who.actor, at=at)[1].token


def test_the_same_picture_twice_is_one(project: Project, media: Media) -> None:
    again = store_picture(project, Picture(), "other.png")
    assert again == media
    assert (media.name, media.size, media.original_width) == ("beach.png", len(CONTENT), 4)


def test_it_is_shown_and_nothing_more(stage: Stage, media: Media) -> None:
    response = show(link(media, stage.coordinator, system_clock.now()))
    assert b"".join(response.streaming_content) == CONTENT  # type: ignore[attr-defined]
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=900, immutable"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_member_sees_what_she_has_in_her_hands(stage: Stage, project: Project, media: Media) -> None:
    member = stage.cast.member
    with pytest.raises(NotFound):
        link(media, member)
    lease_tasks(project.id, count=1, by=member.actor, at=AT)
    assert open_link(link(media, member), at=AT) == media


def test_strangers_get_no_link(stage: Stage, media: Media) -> None:
    for who in (stage.cast.stranger, stage.cast.stranger_member, stage.cast.foreign_client):
        with pytest.raises(NotFound):
            link(media, who)
    with pytest.raises(NotFound):
        media_link(uuid.uuid4(), by=stage.coordinator.actor, at=AT)


def test_a_link_ends(stage: Stage, media: Media) -> None:
    token = link(media, stage.coordinator)
    last = AT + LINK_LASTS - dt.timedelta(seconds=1)
    assert open_link(token, at=last) == media
    with pytest.raises(NotFound):
        open_link(token, at=AT + LINK_LASTS)


def test_a_link_ends_with_its_account(stage: Stage, media: Media) -> None:
    token = link(media, stage.coordinator)
    Account.objects.filter(id=stage.coordinator.account).update(is_active=False)
    with pytest.raises(NotFound):
        open_link(token, at=AT)


def test_whatever_is_wrong_looks_the_same(stage: Stage, media: Media) -> None:
    now = system_clock.now()
    good = link(media, stage.coordinator, now)
    over = link(media, stage.coordinator, now - dt.timedelta(hours=1))
    forged = good[:-1] + ("A" if good[-1] != "A" else "B")
    other = good.replace(media.id.hex, uuid.uuid4().hex)
    answers = [show(token) for token in (over, forged, other, "x", "a.b.c.d")]
    Task.objects.update(media=None)
    Media.objects.all().delete()
    answers.append(show(good))
    assert {response.status_code for response in answers} == {404}
    bodies = {response.content.replace(response["X-Request-ID"].encode(), b"") for response in answers}
    assert len(bodies) == 1


def test_a_file_that_is_gone_is_not_found(stage: Stage, media: Media, settings: Settings) -> None:
    token = link(media, stage.coordinator, system_clock.now())
    for file in Path(settings.MEDIA_ROOT).rglob("*.webp"):
        file.unlink()
    assert show(token).status_code == 404
