"""The public address."""

import json
import uuid

from django.test import Client

from palabre.impact.actions import issue_scorecard
from palabre.people.actor import SYSTEM
from tests.impact.test_issue_scorecard import AT
from tests.impact.tiny import Tiny


def test_anybody_may_read_it(tiny: Tiny, client: Client) -> None:
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    answer = client.get(f"/scorecards/{card.id}/?lang=fr")
    assert answer.status_code == 200
    assert b'<html lang="fr">' in answer.content
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert len(answer.content) < 60_000


def test_the_signed_file_and_the_paper(tiny: Tiny, client: Client) -> None:
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    signed = client.get(f"/scorecards/{card.id}/?format=json")
    assert json.loads(signed.content) == card.credential
    paper = client.get(f"/scorecards/{card.id}/?format=pdf&lang=en")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")


def test_an_unknown_one(client: Client, db: None) -> None:
    assert client.get(f"/scorecards/{uuid.uuid4()}/").status_code == 404


def test_without_a_known_language_it_is_the_readers(tiny: Tiny, client: Client) -> None:
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    answer = client.get(f"/scorecards/{card.id}/?lang=xx", headers={"Accept-Language": "fr"})
    assert b'<html lang="fr">' in answer.content
