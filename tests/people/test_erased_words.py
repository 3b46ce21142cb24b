"""Words of hers and about her: what docs/decisions/017-erasure.md says of each column, and that it is so."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.db.models import functions

from palabre.decisions.actions import answer_appeal, appeal
from palabre.ids import new_id
from palabre.impact.scorecard.reading import read_facts
from palabre.installation.verification import all_problems
from palabre.messages.actions import give_way_in, write
from palabre.messages.models import Message, ToldAtOnce
from palabre.pay.actions import carry_payouts, close_payout, name_destination, request_payout, settle_day
from palabre.pay.destinations import Wanted
from palabre.people.actions import PersonalFields, Why, correct_person, create_token, erase_person
from palabre.people.erasure import GONE
from palabre.people.models import Link, PersonalData, Session
from palabre.record.models import Event, Request
from palabre.record.seals import seal_all
from palabre.timesheet.actions import answer_correction, ask_correction
from palabre.timesheet.models import Kind
from palabre.work.actions.ended import end_work
from palabre.work.actions.flags import settle_flags
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.sync import sync
from palabre.work.actions.unread import settle_unread
from palabre.work.models import Flag, Project, RawSubmission
from palabre.work.models.projects import Confirmation
from tests.cast import Cast
from tests.messages.channels import carry_everything
from tests.people.door import browser_of
from tests.web.answers import call, said
from tests.work.stage import AT, set_stage

DOCUMENT = Path(__file__).parents[2] / "docs/decisions/017-erasure.md"
# In every word that she says or that is said about her.
MARK = "Zuwaira"
LATER = AT + dt.timedelta(days=2)
# Rows that are deleted as a whole: what opens something holds nobody's words.
DELETED = (
    "people.PersonalData",
    "people.Session",
    "people.Link",
    "palabre_messages.Message",
    "palabre_messages.ToldAtOnce",
)


def _listed(title: str) -> set[tuple[str, str]]:
    """The columns in the table under a heading."""
    section = DOCUMENT.read_text(encoding="utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([\w.]+)` \| ([`\w ]+) \|", section, re.MULTILINE)
    return {(table, column) for table, columns in rows for column in re.findall(r"`(\w+)`", columns)}


GOES, STAYS = _listed("What goes"), _listed("What stays")


def _columns() -> Iterator[tuple[str, str]]:
    """Everything of ours that can hold somebody's words: text that is no choice among a few."""
    wordy = (models.CharField, models.TextField, models.JSONField, ArrayField)
    for model in apps.get_models():
        if model.__module__.startswith("palabre."):
            for field in model._meta.concrete_fields:
                if isinstance(field, wordy) and not field.choices:
                    yield model._meta.label, field.name


def test_every_column_of_words_is_said_to_go_or_to_stay() -> None:
    columns = set(_columns())
    assert columns - GOES - STAYS == set(), "say in docs/decisions/017-erasure.md whether it goes"
    assert (GOES | STAYS) - columns == set(), "docs/decisions/017-erasure.md names what is not there"
    assert GOES.isdisjoint(STAYS)


def _where(mark: str) -> set[tuple[str, str]]:
    """The columns of any table of ours that hold the mark."""
    found = set()
    for label, column in _columns():
        rows = apps.get_model(label)._default_manager.annotate(
            _words=functions.Cast(column, models.TextField())
        )
        if rows.filter(_words__icontains=mark).exists():
            found.add((label, column))
    return found


def _words(place: str) -> str:
    return f"{MARK} said: {place}"


def _answer(lease: int, revision: int = 1) -> dict[str, object]:
    item = {"id": "r", "from_name": "mood", "to_name": "text", "type": "choices"}
    return {
        "type": "answer",
        "key": str(new_id()),
        "lease": lease,
        "revision": revision,
        "note": _words(f"note {revision}"),
        "result": [{**item, "value": {"choices": ["happy"]}}],
        "schema_version": 1,
        "guideline_version": 1,
        "answered_at": AT.isoformat(),
        "slices": [{"key": str(new_id()), "kind": "task", "started_at": AT.isoformat(), "ms": 60_000}],
    }


def _her_work(cast: Cast) -> Project:
    """Answers with notes, one of them changed, a skip, a flag, a question, and what can't be read."""
    project, at = set_stage(cast).live(4), AT + dt.timedelta(hours=1)
    one, two = (t.lease for t in lease_tasks(project.id, count=2, by=cast.member.actor, at=AT).tasks)
    items: list[dict[str, object]] = [
        _answer(one),
        _answer(one, 2),
        {**_answer(one, 2), "note": _words("from another phone")},
        {"type": "flag", "key": str(new_id()), "lease": two, "reason": "hard", "comment": _words("flag")},
        {"type": "skip", "key": str(new_id()), "lease": two, "reason": "other", "comment": _words("skip")},
        {"type": "question", "key": str(new_id()), "project": str(project.id), "text": _words("question")},
        # Why it could not be read names the place, which is a word of hers.
        {"type": "flag", "key": str(new_id()), "lease": two, "reason": "hard", MARK: _words("dance")},
    ]
    for item in items:
        sync([item], device_now=at, by=cast.member.actor, at=at)
    raw = RawSubmission.objects.get(member=cast.member.account)
    settle_unread(raw.id, True, _words("looked at"), by=cast.coordinator.actor, at=at)
    flag = Flag.objects.filter(member=cast.member.account, skipped=False).get()
    settle_flags(flag.task_id, Flag.Outcome.ANSWERED, _words("as it is"), by=cast.coordinator.actor, at=at)
    Confirmation.objects.create(
        project=project, member_id=cast.member.account, guideline_version=1, clear=False,
        remark=_words("remark"), at=AT,
    )  # fmt: skip
    return project


def _what_was_decided(cast: Cast, project: Project) -> None:
    """A correction that was refused, an end of her work; she contests both."""
    charge = project.escrow_id or 0
    asked = ask_correction(
        AT.date(), Kind.TASK, charge, 90 * 60_000, _words("time"), by=cast.member.actor, at=LATER
    )
    answer_correction(asked.id, False, _words("no"), by=cast.coordinator.actor, at=LATER)
    ended = end_work(
        project.id, cast.member.account, rule=_words("rule"), seen=_words("seen"), guideline_version=1,
        by=cast.coordinator.actor, at=LATER,
    )  # fmt: skip
    appeal(ended.id, _words("appeal"), by=cast.member.actor, at=LATER)
    answer_appeal(ended.id, _words("upheld"), reverse=False, by=cast.delegate.actor, at=LATER)


def _by_programs(cast: Cast, project: Project) -> None:
    """She asks, the coordinator answers: each answer of the API is kept with the question in it."""
    path, words = f"/projects/{project.id}/questions", {"text": _words("by a program")}
    asked = said(call("POST", path, cast.member, words))["id"]
    call("POST", f"/questions/{asked}/answer", cast.coordinator, {"answer": "Both."})


def _her_pay(cast: Cast) -> None:
    settle_day(cast.member.account, AT.date(), at=LATER)
    for where in (
        Wanted("mobile_money", "SN", service="wave", number="+221771234567", holder=_words("holder")),
        Wanted("bank", "KE", number=f"{MARK}01", bank=_words("bank"), holder=_words("holder")),
        Wanted("cash", "SN", place=_words("place")),
    ):
        name_destination(where, proved_at=LATER, by=cast.member.actor, at=LATER)
    payout = request_payout(uuid.uuid4(), 1, "XOF", by=cast.member.actor, at=LATER)
    carry_payouts(uuid.uuid4(), [payout.id], by=cast.finance.actor, at=LATER)
    close_payout(payout.id, True, _words("to her brother"), by=cast.finance.actor, at=LATER)


def _her_account(cast: Cast) -> None:
    """Who she is, a token, a link, a message, a browser."""
    who = PersonalFields(MARK, f"{MARK}@example.org", "+221771234567")
    correct_person(cast.member.account, who, by=cast.administrator.actor, at=LATER)
    create_token(
        cast.member.account, cast.operator.id, name=MARK, scopes=["work.do"], by=cast.member.actor, at=LATER
    )
    why = Why(Link.Reason.OTHER, _words("fire"))
    give_way_in(cast.member.account, why, by=cast.coordinator.actor, at=LATER)
    write(PersonalData.objects.get(account=cast.member.account), MARK, MARK, language="fr", at=LATER)
    ToldAtOnce.objects.create(person_id=cast.member.account, matter=f"decision:{new_id()}", at=LATER)
    browser_of(cast.member)


@pytest.fixture
def project(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A member with words in every column of the first list."""
    carry_everything(monkeypatch)
    project = _her_work(cast)
    _what_was_decided(cast, project)
    _by_programs(cast, project)
    _her_pay(cast)
    _her_account(cast)
    seal_all(at=LATER + dt.timedelta(days=1))
    return project


def _rows_deleted(account: uuid.UUID) -> dict[str, int]:
    return {
        "people.PersonalData": PersonalData.objects.filter(account=account).count(),
        "people.Session": Session.objects.filter(account=account).count(),
        "people.Link": Link.objects.filter(account=account).count(),
        "palabre_messages.Message": Message.objects.filter(person=account).count(),
        "palabre_messages.ToldAtOnce": ToldAtOnce.objects.filter(person=account).count(),
    }


def test_words_stand_in_every_column_of_the_list_and_are_gone_afterwards(
    cast: Cast, project: Project
) -> None:
    whole = {(table, column) for table, column in GOES if table in DELETED}
    decision = {("decisions.Decision", "rule"), ("decisions.Decision", "evidence")}
    before = _where(MARK)
    assert before - whole == (GOES | decision) - whole
    assert all(_rows_deleted(cast.member.account).values())
    erase_person(cast.member.account, by=cast.administrator.actor, at=LATER, owing=True)
    assert _where(MARK) == set()
    assert not any(_rows_deleted(cast.member.account).values())


def _numbers() -> list[tuple[str, object]]:
    """Every row of time, money and the record, but for the event of the erasure itself."""
    tables = ("record_event", "record_seal", "pay_ledgertransaction", "pay_posting", "pay_balance", "pay_accrual",
              "pay_settlement", "timesheet_timeentry")  # fmt: skip
    found: list[tuple[str, object]] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(t)::text AS row FROM {table} t ORDER BY row")  # noqa: S608
            found.append((table, [row for (row,) in cursor.fetchall() if "people.person.erased" not in row]))
    return found


def test_seals_counts_time_money_and_the_scorecard_stay(cast: Cast, project: Project) -> None:
    at = LATER + dt.timedelta(days=2)
    assert list(all_problems(at=at)) == []
    numbers, facts = _numbers(), read_facts(project.id, 1, as_of=LATER)
    erase_person(cast.member.account, by=cast.administrator.actor, at=LATER, owing=True)
    assert _numbers() == numbers
    assert read_facts(project.id, 1, as_of=LATER) == facts
    seal_all(at=at)
    assert list(all_problems(at=at)) == []


def test_an_answer_whose_note_was_erased_is_still_checked(cast: Cast, project: Project) -> None:
    erase_person(cast.member.account, by=cast.administrator.actor, at=LATER, owing=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE work_annotation SET result = replace(result::text, 'happy', 'sad')::jsonb")
    assert [problem for problem in all_problems(at=LATER) if "is not the one that the record says" in problem]


def test_a_note_that_was_not_erased_needs_no_digest_beside_it(cast: Cast, project: Project) -> None:
    """Somebody who changes a note can't make it look right by leaving the digest of the old one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE work_annotation SET note_digest = encode(sha256(convert_to(note, 'UTF8')), 'hex'), note = 'x'"
        )
    assert [problem for problem in all_problems(at=LATER) if "is not the one that the record says" in problem]


def test_another_persons_words_stay(cast: Cast, project: Project) -> None:
    before = _where(MARK)
    erase_person(cast.colleague.account, by=cast.administrator.actor, at=LATER)
    assert _where(MARK) == before


def test_what_she_said_for_others_in_a_role_stays(cast: Cast, project: Project) -> None:
    """The reason that a coordinator gave to a member is the member's to read."""
    erase_person(cast.coordinator.account, by=cast.administrator.actor, at=LATER)
    assert ("decisions.Decision", "rule") in _where(MARK)
    assert ("timesheet.Correction", "answer") in _where(MARK)


def test_two_answers_of_the_api_were_kept_and_are_emptied(cast: Cast, project: Project) -> None:
    kept = Request.objects.filter(answer__icontains=MARK)
    assert {request.account for request in kept} == {cast.member.account, cast.coordinator.account}
    keys = [request.key for request in kept]
    erase_person(cast.member.account, by=cast.administrator.actor, at=LATER, owing=True)
    assert [request.answer for request in Request.objects.filter(key__in=keys)] == ["null", "null"]


def test_where_a_form_led_to_is_kept(cast: Cast) -> None:
    """A double click on a form about her goes on to the same page."""
    where = f"/people/{cast.member.account}/"
    Request.objects.create(
        organisation=cast.operator.id, key="page 1", body_hash=b"", status=302, answer=where, at=AT
    )
    erase_person(cast.member.account, by=cast.administrator.actor, at=LATER, owing=True)
    assert Request.objects.get(key="page 1").answer == where


def test_that_something_was_said_is_still_seen(cast: Cast, project: Project) -> None:
    erase_person(cast.member.account, by=cast.administrator.actor, at=LATER, owing=True)
    remark = Confirmation.objects.get()
    assert (remark.clear, remark.remark) == (False, GONE)


def test_the_record_holds_no_words_of_a_decision(cast: Cast, project: Project) -> None:
    taken = [event.data for event in Event.objects.filter(code="decisions.taken").order_by("seq")]
    assert [data.get("rule") for data in taken] == ["timesheet.corrections", None]
    assert re.fullmatch("[0-9a-f]{64}", taken[1]["rule_sha256"])
    assert MARK not in json.dumps(taken)


@pytest.mark.parametrize(
    "change", ["result = '[]', note = '–'", "note = 'other words'", "note = ''", "revision = 7"]
)
def test_of_an_earlier_answer_only_the_note_can_go(cast: Cast, project: Project, change: str) -> None:
    refused = pytest.raises(IntegrityError, match="never changed")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE work_annotationrevision SET {change}")  # noqa: S608 - words of our own
