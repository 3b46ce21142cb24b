"""Every file that is made when somebody asks is whole, for a person who did everything; else it is an error."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from django.test import Client

from palabre.impact.actions.audit import ask_evidence
from palabre.people.models import Token
from palabre.times import system_clock
from palabre.timesheet.models import TimeEntry
from palabre.web.built import built
from palabre.work.models import Annotation, Project
from tests.cast import Cast, Persona
from tests.people.door import browser_of
from tests.people.test_erased_words import project as project  # noqa: PLC0414 - she did everything

pytestmark = pytest.mark.django_db


def taken(browser: Client, address: str) -> bytes:
    answer = browser.get(address)
    assert answer.status_code == 200
    content: bytes = answer.getvalue()
    assert len(content) == int(answer.get("Content-Length") or len(content))
    return content


def test_her_own_data_after_everything(cast: Cast, project: Project) -> None:
    read = json.loads(taken(browser_of(cast.member), "/account/my-data/"))
    stored = Annotation.objects.filter(member=cast.member.account)
    assert {row["body_hash"] for row in read["work_annotation.member"]} == {
        bytes(one.body_hash).hex() for one in stored
    }
    for table in (
        "work_annotationrevision.member",
        "work_otheranswer.member",
        "work_rawsubmission.member",
        "work_flag.member",
        "work_question.member",
        "timesheet_timeentry.member",
        "timesheet_correction.member",
        "pay_payout.member",
        "decisions_decision.member",
    ):
        assert read[table], table
    assert "dance" in json.dumps(read["work_rawsubmission.member"])
    assert "digest" not in read["people_token.account"][0]
    assert Token.objects.filter(account=cast.member.account).exists()


@pytest.mark.parametrize(
    "who", ["member", "colleague", "coordinator", "client_person", "finance", "auditor", "delegate"]
)
def test_everybody_gets_her_own_data(cast: Cast, project: Project, who: str) -> None:
    persona: Persona = getattr(cast, who)
    assert json.loads(taken(browser_of(persona), "/account/my-data/"))["account"][0]["id"] == str(
        persona.account
    )


def test_tables_of_money_after_everything(cast: Cast, project: Project) -> None:
    day = TimeEntry.objects.filter(member=cast.member.account).earliest("day").day
    browser = browser_of(cast.finance)
    addresses = (
        "trial-balance.csv",
        f"settlements.csv?day={day}",
        f"accounts/{project.escrow_id}/postings.csv",
    )
    for address in (f"/money/{name}" for name in addresses):
        rows = list(csv.reader(io.StringIO(taken(browser, address).decode("utf-8-sig"))))
        assert len(rows) > 1, address


def test_a_bundle_of_evidence_after_everything(cast: Cast, project: Project) -> None:
    asked = ask_evidence(since=None, until=None, project=None, by=cast.auditor.actor, at=system_clock.now())
    content = taken(browser_of(cast.auditor), f"/record/evidence/{asked.id}.zip")
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert bundle.testzip() is None
        assert len(bundle.namelist()) > 3


def test_what_cannot_be_made_is_an_error_and_no_empty_file() -> None:
    def failing() -> Iterator[str]:
        yield "begun"
        raise TypeError("in the middle")

    with pytest.raises(TypeError, match="in the middle"):
        built(failing(), "a.json", "application/json")
