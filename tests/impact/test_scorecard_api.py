"""Quality and ScoreCards over the API."""

import uuid

import pytest
from django.test import Client

from palabre.people.models import Role
from palabre.quality.actions import recompute
from palabre.work.models import Project
from palabre.work.pseudonyms import pseudonym
from tests.cast import Persona, enter
from tests.impact.test_issue_scorecard import AT
from tests.impact.tiny import Tiny


@pytest.fixture
def coordinator(tiny: Tiny) -> Persona:
    return enter(tiny.project.operator, "coordinator", Role.COORDINATOR)


def at(tiny: Tiny, what: str) -> str:
    return f"/api/v1/projects/{tiny.project.id}/{what}"


def test_agreement(tiny: Tiny, coordinator: Persona, client: Client) -> None:
    assert client.get(at(tiny, "agreement"), headers=coordinator.headers).status_code == 404
    recompute(tiny.project.id, at=AT)
    answer = client.get(at(tiny, "agreement"), headers=coordinator.headers)
    assert (answer.status_code, answer.json()["alpha"]) == (200, 0.5)


def test_a_client_reads_no_members_id(tiny: Tiny, coordinator: Persona, client: Client) -> None:
    """Nor which share is whose: pseudonyms, in an order that says nothing, for the client and the auditor."""
    recompute(tiny.project.id, at=AT)
    ids = {str(member) for member in tiny.members}
    hers = client.get(at(tiny, "agreement"), headers=coordinator.headers).json()["reliability"]
    assert {row["member"] for row in hers} == ids
    for who in (
        enter(tiny.project.client, "client_person", Role.CLIENT),
        enter(tiny.project.operator, "auditor", Role.AUDITOR),
    ):
        answer = client.get(at(tiny, "agreement"), headers=who.headers)
        assert not any(member in answer.content.decode() for member in ids)
        said = answer.json()["reliability"]
        assert len(said) == 6
        assert {row["member"] for row in said} == {pseudonym(tiny.project.id, one) for one in tiny.members}


def test_a_client_reads_nobodys_share_of_fewer_than_five(trio: Tiny, client: Client) -> None:
    recompute(trio.project.id, at=AT)
    who = enter(trio.project.client, "client_person", Role.CLIENT)
    assert client.get(at(trio, "agreement"), headers=who.headers).json()["reliability"] == []


def test_consensus_page_by_page(tiny: Tiny, coordinator: Persona, client: Client) -> None:
    recompute(tiny.project.id, at=AT)
    first = client.get(at(tiny, "consensus?limit=2"), headers=coordinator.headers).json()
    assert [row["labels"] for row in first["items"]] == [{"mood": ["happy"]}, {"mood": ["sad"]}]
    second = client.get(
        at(tiny, f"consensus?limit=2&cursor={first['next']}"), headers=coordinator.headers
    ).json()
    assert (len(second["items"]), second["next"]) == (1, None)


def test_issue_once_for_each_key(tiny: Tiny, coordinator: Persona, client: Client) -> None:
    headers = {**coordinator.headers, "Idempotency-Key": str(uuid.uuid4())}
    made = client.post(at(tiny, "scorecards"), headers=headers)
    assert made.status_code == 201, made.content
    assert client.post(at(tiny, "scorecards"), headers=headers).json() == made.json()
    listed = client.get(at(tiny, "scorecards"), headers=coordinator.headers).json()
    assert [card["version"] for card in listed["items"]] == [1]
    assert listed["items"][0]["credential"]["type"] == ["VerifiableCredential", "ScoreCardCredential"]


def test_an_open_project_is_refused_in_words(tiny: Tiny, coordinator: Persona, client: Client) -> None:
    Project.objects.filter(id=tiny.project.id).update(state=Project.State.LIVE)
    headers = {**coordinator.headers, "Idempotency-Key": str(uuid.uuid4())}
    refused = client.post(at(tiny, "scorecards"), headers=headers)
    assert refused.status_code == 409
    assert refused.json()["code"] == "impact.project_not_closed"
