"""What a right is good for: reading changes nothing, and what was made from a right ends with it."""

import datetime as dt

import pytest
from django.test import Client

from palabre.errors import NotAllowed, NotFound
from palabre.exchange.actions import ask_export, run_export
from palabre.exchange.links import export_link, open_export
from palabre.impact.actions.audit import ask_evidence, ask_verification
from palabre.people.actions import create_token, grant_role, revoke_role
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Role
from palabre.people.permissions import ALLOWED, READING, Permission
from palabre.people.queries import actor_for_token
from palabre.record.models import Event
from palabre.times import ManualClock
from palabre.web.door import WRITES
from palabre.work.actions.ended import end_work
from palabre.work.actions.leases import lease_tasks
from palabre.work.errors import WorkEnded
from palabre.work.media import media_link, open_link
from palabre.work.models import Media, Project, Task
from palabre.work.packs import pack_of
from tests.cast import Persona
from tests.web.test_walls import ROUTES
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, Stage

pytestmark = pytest.mark.django_db
SOON = AT + dt.timedelta(seconds=60)


def only_reading(who: Persona) -> Actor:
    """By a token that carries every right to read and no other."""
    scopes = [str(right) for right in READING]
    _, secret = create_token(who.account, who.organisation, name="reads", scopes=scopes, by=SYSTEM, at=AT)
    actor = actor_for_token(secret, AT)
    assert actor is not None
    return actor


# -- reading writes nothing -----------------------------------------------------------------------


def test_no_route_that_writes_is_opened_by_a_right_to_read() -> None:
    for route in ROUTES:
        if route.method in WRITES:
            assert not route.access.who & READING, route


def test_who_only_reads_starts_no_work(stage: Stage) -> None:
    by, project = only_reading(stage.cast.administrator), stage.live(2)
    before = Event.objects.count()
    for act in (
        lambda: ask_export(project.id, "consensus", "csv", by=by, at=AT),
        lambda: ask_verification(by=by, at=AT),
        lambda: ask_evidence(since=None, until=None, project=None, by=by, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Event.objects.count() == before


def test_the_pages_offer_nothing_that_is_refused(stage: Stage) -> None:
    project = stage.live(2)
    results = browser_of(stage.cast.auditor).get(f"/projects/{project.id}/results/")
    assert b"Make the file" not in results.content
    assert b"Make the file" in browser_of(stage.coordinator).get(f"/projects/{project.id}/results/").content


def test_a_right_to_start_goes_with_the_right_to_read_it() -> None:
    for started, read in (
        (Permission.EXPORT_RESULTS, Permission.READ_RESULTS),
        (Permission.CHECK_RECORD, Permission.READ_RECORD),
    ):
        for role, rights in ALLOWED.items():
            assert started not in rights or read in rights, role


# -- a bearer ends with its right -----------------------------------------------------------------


@pytest.fixture
def project(stage: Stage) -> Project:
    return stage.live(4)


@pytest.fixture
def media(project: Project) -> Media:
    size = {"size": 10, "width": 1, "height": 1, "original_width": 1, "original_height": 1}
    made = Media.objects.create(project=project, sha256="0" * 64, content_type="image/webp", name="1", **size)
    Task.objects.filter(project=project).update(media=made)
    return made


def end(stage: Stage, project: Project, who: Persona) -> None:
    end_work(
        project.id, who.account, rule="Read the texts", seen="Answers in a second", guideline_version=1,
        by=stage.coordinator.actor, at=AT,
    )  # fmt: skip


def test_a_picture_ends_with_the_work_on_the_project(stage: Stage, project: Project, media: Media) -> None:
    member, other = stage.cast.member, stage.cast.reviewer
    tokens = {}
    for who in (member, other):
        lease_tasks(project.id, count=1, by=who.actor, at=AT)
        tokens[who.name] = media_link(media.id, by=who.actor, at=AT)[1].token
    end(stage, project, member)
    with pytest.raises(NotFound):
        open_link(tokens[member.name], at=SOON)
    with pytest.raises(NotFound):
        media_link(media.id, by=member.actor, at=SOON)
    assert open_link(tokens[other.name], at=SOON) == media
    headers = member.headers
    assert Client().get(f"/api/v1/media/{media.id}/link", headers=headers).status_code == 404


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "auditor"])
def test_a_picture_ends_with_the_role(stage: Stage, project: Project, media: Media, name: str) -> None:
    who: Persona = getattr(stage.cast, name)
    if name == "member":
        lease_tasks(project.id, count=1, by=who.actor, at=AT)
    token = media_link(media.id, by=who.actor, at=AT)[1].token
    assert open_link(token, at=SOON) == media
    (role,) = who.actor.roles
    revoke_role(who.account, who.organisation, role, by=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        open_link(token, at=SOON)


def test_a_role_elsewhere_opens_no_picture(stage: Stage, project: Project, media: Media) -> None:
    """A link names for whom its account acts."""
    token = media_link(media.id, by=stage.coordinator.actor, at=AT)[1].token
    revoke_role(stage.coordinator.account, stage.cast.operator.id, Role.COORDINATOR, by=SYSTEM, at=AT)
    grant_role(stage.coordinator.account, stage.cast.stranger_operator.id, Role.COORDINATOR, by=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        open_link(token, at=SOON)


def test_a_file_of_results_ends_with_the_role(stage: Stage, project: Project) -> None:
    who = stage.cast.client_person
    made = ask_export(project.id, "consensus", "csv", by=who.actor, at=AT)
    run_export(made.id, ManualClock(AT))
    token = export_link(made.id, by=who.actor, at=AT).token
    assert open_export(token, at=SOON).id == made.id
    revoke_role(who.account, who.organisation, Role.CLIENT, by=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        open_export(token, at=SOON)


def test_a_pack_ends_with_the_work_once_nothing_is_in_her_hands(stage: Stage, project: Project) -> None:
    """What was begun before the end she may finish."""
    held, idle = stage.cast.member, stage.cast.reviewer
    lease_tasks(project.id, count=1, by=held.actor, at=AT)
    for who in (held, idle):
        end(stage, project, who)
    assert pack_of(project.id, by=held.actor, at=SOON).account == held.account
    with pytest.raises(WorkEnded):
        pack_of(project.id, by=idle.actor, at=SOON)
