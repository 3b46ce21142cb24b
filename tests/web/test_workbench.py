"""The shell of the workbench, its worker, and sending without a session."""

import json
import re
import uuid

import pytest
from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.pay.models import Payout
from palabre.people.actions import erase_person, revoke_role
from palabre.people.models import Account, Role
from palabre.people.tokens import submit_token
from palabre.times import system_clock
from palabre.work.actions.leases import lease_tasks
from palabre.work.models import Annotation, Flag, Lease
from tests.cast import Persona
from tests.web.test_walls_pages import BACKEND, browser_of
from tests.web.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast: object) -> World:
    return build(cast)  # type: ignore[arg-type]


def outbox(lease: int) -> dict[str, object]:
    now = system_clock.now().isoformat()
    choice = {"id": "label", "from_name": "label", "to_name": "text", "type": "choices"}
    items = [
        {
            "type": "answer",
            "key": str(uuid.uuid4()),
            "lease": lease,
            "result": [{**choice, "value": {"choices": ["positive"]}}],
            "schema_version": 1,
            "guideline_version": 1,
            "answered_at": now,
        },
        {"type": "flag", "key": str(uuid.uuid4()), "lease": lease, "reason": "hard"},
    ]
    return {"device_now": now, "items": items}


def lease_of(world: World) -> int:
    member = world.cast.member
    return (
        lease_tasks(uuid.UUID(str(world.ids["project"])), count=1, by=member.actor, at=system_clock.now())
        .tasks[0]
        .lease
    )


def _task(lease: int) -> int:
    return Lease.objects.get(id=lease).task_id


def _answers(lease: int) -> QuerySet[Annotation]:
    return Annotation.objects.filter(task_id=_task(lease))


def send(client: Client, body: dict[str, object], **headers: str) -> tuple[int, list[str]]:
    response = client.post("/api/v1/sync", json.dumps(body), content_type="application/json", headers=headers)
    said = response.json()
    return response.status_code, [one["status"] for one in said.get("items", [])]


def token_of(who: Persona) -> str:
    return "Submit " + submit_token(who.account, who.organisation, at=system_clock.now())


def test_the_shell_is_the_same_for_everybody(world: World) -> None:
    pages = {browser_of(who).get("/bench/").content for who in (world.cast.member, world.cast.colleague)}
    (page,) = pages
    assert world.cast.member.name.encode() not in page.lower()
    for address in re.findall(rb'(?:src|href)="/static/([^"]+)"', page):
        assert finders.find(address.decode()), address


def test_the_shell_lets_forms_be_sent(world: World) -> None:
    response = browser_of(world.cast.member).get("/bench/")
    assert "csrftoken" in response.cookies
    assert response["Cache-Control"] == "no-cache"
    policy = response["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "img-src 'self' blob:" in policy
    assert "unsafe" not in policy


def test_the_worker_is_asked_for_each_time(client: Client) -> None:
    response = client.get("/bench/sw.js")
    assert response["Service-Worker-Allowed"] == "/"
    assert response["Content-Type"] == "text/javascript"
    assert response["Cache-Control"] == "no-cache"
    assert b"/static/workbench/" in response.content


@pytest.mark.parametrize("way", ["token", "session", "submit token"])
def test_however_she_comes_her_outbox_is_taken_alike(world: World, way: str) -> None:
    member, lease = world.cast.member, lease_of(world)
    body = outbox(lease)
    client, headers = Client(enforce_csrf_checks=True), dict(member.headers)
    if way == "session":
        client.force_login(Account.objects.get(id=member.account), backend=BACKEND)
        client.get("/bench/")
        headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    elif way == "submit token":
        headers = {"Authorization": token_of(member)}
    assert send(client, body, **headers) == (200, ["stored", "stored"])
    assert send(client, body, **headers) == (200, ["duplicate", "duplicate"])
    assert _answers(lease).get().member_id == member.account
    assert Flag.objects.get(task_id=_task(lease)).reason == "hard"


def test_a_session_without_its_pages_mark_sends_nothing(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(id=world.cast.member.account), backend=BACKEND)
    lease = lease_of(world)
    assert send(client, outbox(lease))[0] == 403
    assert not _answers(lease).exists()


def test_a_submit_token_opens_nothing_else(world: World, client: Client) -> None:
    headers = {"Authorization": token_of(world.cast.member)}
    for path in ("/offers", "/today", f"/projects/{world.ids['project']}/workbench", "/me"):
        assert client.get(f"/api/v1{path}", headers=headers).status_code in {401, 404}, path


def test_a_submit_token_sends_for_its_owner_only(world: World, client: Client) -> None:
    body = outbox(lease_of(world))
    headers = {"Authorization": token_of(world.cast.colleague)}
    assert send(client, body, **headers) == (200, ["not_yours", "not_yours"])


def test_after_erasure_a_submit_token_is_dead(world: World, client: Client) -> None:
    body, headers = outbox(lease_of(world)), {"Authorization": token_of(world.cast.member)}
    # A payout of hers on its way would have to end first.
    Payout.objects.filter(member_id=world.cast.member.account).update(state=Payout.State.PAID)
    by = world.cast.administrator.actor
    erase_person(world.cast.member.account, by=by, at=system_clock.now(), owing=True)
    assert send(client, body, **headers)[0] == 401


def test_the_end_of_her_role_keeps_no_work_back(world: World, client: Client) -> None:
    """What was handed to her before is taken and paid; she gets nothing new."""
    member, lease = world.cast.member, lease_of(world)
    body, headers = outbox(lease), {"Authorization": token_of(member)}
    revoke_role(
        member.account,
        member.organisation,
        Role.MEMBER,
        by=world.cast.administrator.actor,
        at=system_clock.now(),
    )
    assert send(client, body, **headers) == (200, ["stored", "stored"])
    assert _answers(lease).get().pay > 0


def test_a_pack_has_what_she_needs_without_a_network(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # Three for what her day brings with what is still to be added, two for noting that the guideline was handed out.
    with django_assert_max_num_queries(19):
        response = client.get(
            f"/api/v1/projects/{world.ids['project']}/workbench", headers=world.cast.member.headers
        )
    pack = response.json()
    assert pack["account"] == str(world.cast.member.account)
    assert pack["schema"]["body"]["asks"]
    assert pack["guideline"] == {
        "version": 1,
        "html": "<p>Choose.</p>\n",
        "changes": "",
        "langs": {"body": "en"},
    }
    assert pack["today"]["counted_ms"] == 0
    assert (pack["currency"], pack["project"]["client"]) == ("XOF", "Client")
    leased = client.post(
        f"/api/v1/projects/{world.ids['project']}/leases",
        json.dumps({"count": 1}),
        content_type="application/json",
        headers=world.cast.member.headers,
    ).json()
    status, outcomes = send(
        client, outbox(leased["tasks"][0]["lease"]), Authorization=f"Submit {leased['submit_token']}"
    )
    assert (status, outcomes) == (200, ["stored", "stored"])


def test_nobody_sends_the_outbox_of_another(world: World) -> None:
    """Two accounts on one phone never mix, whoever is signed in while it sends."""
    lease, member = lease_of(world), world.cast.member
    hers = {"account": str(member.account)} | outbox(lease)
    other = browser_of(world.cast.colleague)
    for status in (
        send(other, hers)[0],
        send(Client(), hers, Authorization=token_of(world.cast.colleague))[0],
    ):
        assert status == 403
    assert not _answers(lease).exists()
    assert send(Client(), hers, Authorization=token_of(member)) == (200, ["stored", "stored"])
