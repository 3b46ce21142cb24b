"""What auditors see: the record, its seals and proofs, rows behind figures, a verification by a button, evidence."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.http import HttpResponseBase
from pytest_django import DjangoAssertNumQueries

from palabre.impact.actions import issue_scorecard
from palabre.impact.actions.audit import ask_evidence, ask_verification
from palabre.impact.audit.evidence import stream_evidence
from palabre.impact.audit.rows import KINDS, rows_of_kind, sums_of_kind
from palabre.impact.models import ScoreCard
from palabre.impact.scorecard import checks as scorecard_checks
from palabre.installation import verification
from palabre.installation.verification import run_verifications, steps
from palabre.pay.jobs import run_settlements
from palabre.people.actor import SYSTEM
from palabre.record import queries, verifications
from palabre.record.actions import record
from palabre.record.errors import VerificationRunning
from palabre.record.evidence_file import evidence_problems
from palabre.record.keys import key_list
from palabre.record.models import Event, Seal, Verification
from palabre.record.seals import keys, seal_all
from palabre.record.verify_file import run, verify_file
from palabre.times import ManualClock
from palabre.work.actions.launch import close_project
from palabre.work.models import Project
from tests.cast import Persona
from tests.waiting import until
from tests.web.filling import fill, mark_in, page_of, plain
from tests.web.test_walls_pages import browser_of, content_of
from tests.work.stage import AT, Stage, set_stage

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=3)


@pytest.fixture
def stage(cast: Any) -> Stage:
    return set_stage(cast)


@pytest.fixture
def closed(stage: Stage) -> Project:
    """Worked on by two, settled, closed, its ScoreCard issued."""
    project = stage.live(tasks=12)
    for who in (stage.cast.member, stage.cast.reviewer):
        stage.work(project, who, most=8)
    run_settlements(ManualClock(LATER))
    close_project(project.id, by=SYSTEM, at=LATER)
    issue_scorecard(project.id, by=SYSTEM, at=LATER)
    return Project.objects.get(id=project.id)


def damage(sql: str, *values: int) -> None:
    """What only a superuser can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = origin")


# -- events, seals, proofs ----------------------------------------------------------------------------


def test_events_are_found_by_kind_subject_project_and_day(stage: Stage, closed: Project) -> None:
    auditor = stage.cast.auditor
    page = page_of(auditor, "/record/events/?code=work.project.closed")
    assert page.count('<th scope="row"') == 1
    about = f"member:{stage.cast.member.account}"
    assert "work.synced" in page_of(auditor, f"/record/events/?subject={about}")
    assert "work.project.launched" in page_of(auditor, f"/record/events/?project=project:{closed.id}")
    assert "There is no such event" in page_of(auditor, "/record/events/?since=2031-01-01")
    day = AT.date()
    assert "work.synced" in page_of(auditor, f"/record/events/?since={day}&until={day}")


@pytest.mark.parametrize(
    "query", ["since=x", "until=9999-12-31", "code=%27", "subject=a:b:c", "project=x", "since=2026-13-01"]
)
def test_a_filter_that_means_nothing(stage: Stage, query: str) -> None:
    page_of(stage.cast.auditor, f"/record/events/?{query}")


def test_no_name_stands_in_the_record(stage: Stage, closed: Project) -> None:
    page = page_of(stage.cast.auditor, f"/record/events/?subject=member:{stage.cast.member.account}")
    main = page[page.index("<main") : page.index("</main>")]
    assert "member@example.org" not in main
    assert ">Member<" not in main


def test_an_event_shows_the_path_to_its_seal(stage: Stage, closed: Project, tmp_path: Path) -> None:
    seal_all(at=LATER)
    event = Event.objects.filter(code="work.project.closed").get()
    page = page_of(stage.cast.auditor, f"/record/events/{event.seq}/")
    proof = queries.proof_of(event.seq)
    assert proof is not None
    assert proof.leaf in page
    assert all(one in page for one in proof.path)
    file = tmp_path / "proof.json"
    answer = browser_of(stage.cast.auditor).get(f"/record/events/{event.seq}/proof.json")
    file.write_bytes(content_of(answer))
    trusted = tmp_path / "keys.json"
    trusted.write_text(json.dumps(key_list(keys(LATER).public)))
    assert verify_file(file, trusted, at=LATER).holds


@pytest.mark.parametrize("change", ["event", "leaf", "path", "index", "size"])
def test_a_proof_of_something_else_does_not_hold(
    stage: Stage, closed: Project, tmp_path: Path, change: str
) -> None:
    seal_all(at=LATER)
    event = Event.objects.filter(code="work.project.closed").get()
    proof = queries.proof_of(event.seq)
    assert proof is not None
    said: dict[str, Any] = proof.document()
    said["event"] = said["event"].replace("closed", "opened") if change == "event" else said["event"]
    said["path"] = said["path"][1:] if change == "path" else said["path"]
    said["index"] += change == "index"
    said["size"] += change == "size"
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(said))
    assert verify_file(file, None, at=LATER).holds is (change == "leaf"), "the leaf is computed, not believed"


def test_an_event_waits_for_its_seal(stage: Stage) -> None:
    seal_all(at=LATER)
    seq = record(
        "test.happened", by=None, at=LATER, subject="test:1", organisation=stage.cast.operator.id, data={}
    )
    assert "It waits for its seal" in page_of(stage.cast.auditor, f"/record/events/{seq}/")
    assert browser_of(stage.cast.auditor).get(f"/record/events/{seq}/proof.json").status_code == 404


def test_an_event_that_came_late_is_under_the_seal_that_took_it_in(stage: Stage) -> None:
    seq = record(
        "test.happened", by=None, at=AT, subject="test:1", organisation=stage.cast.operator.id, data={}
    )
    seal_all(at=LATER)
    damage("UPDATE record_seal SET missing = missing || %s::bigint WHERE %s BETWEEN first AND last", seq, seq)
    Seal.objects.filter(missing__contains=[seq]).get()
    assert queries.seal_over(seq) is None
    assert seal_all(at=LATER + dt.timedelta(seconds=1)).late == [seq]
    late = queries.seal_over(seq)
    assert late is not None
    assert late.late == [seq]


def test_another_operators_events_are_not_there(stage: Stage, closed: Project) -> None:
    for event in Event.objects.filter(organisation=stage.cast.operator.id)[:5]:
        assert browser_of(stage.cast.stranger).get(f"/record/events/{event.seq}/").status_code == 404
    page = page_of(stage.cast.stranger, "/record/events/")
    assert str(closed.id) not in page
    assert str(stage.cast.member.account) not in page
    settled = Event.objects.filter(code="pay.day.settled").latest("seq")
    assert settled.organisation is None
    assert f"/record/events/{settled.seq}/" in page_of(
        stage.cast.auditor, "/record/events/?code=pay.day.settled"
    )
    assert browser_of(stage.cast.stranger).get(f"/record/events/{settled.seq}/").status_code == 404


def test_seals_are_listed_with_root_and_root_before(stage: Stage, tmp_path: Path) -> None:
    first = seal_all(at=AT)
    record("test.happened", by=None, at=LATER, subject="test:1", data={})
    second = seal_all(at=LATER)
    page = page_of(stage.cast.auditor, "/record/seals/")
    assert second.previous_root == first.root
    assert first.root in page
    assert second.root in page_of(stage.cast.auditor, f"/record/seals/{second.number}/")
    file = tmp_path / "seal.json"
    file.write_bytes(content_of(browser_of(stage.cast.auditor).get(f"/record/seals/{second.number}.json")))
    assert verify_file(file, None, at=LATER).holds


# -- from figures to rows -----------------------------------------------------------------------------


def test_each_figure_leads_to_rows_that_come_to_it(stage: Stage, closed: Project) -> None:
    said = ScoreCard.objects.get(project=closed).credential["credentialSubject"]
    page = page_of(stage.cast.auditor, f"/record/projects/{closed.id}/")
    for kind in KINDS:
        assert f"/record/projects/{closed.id}/{kind}/" in page
    assert sums_of_kind(KINDS["judgements"], closed)["rows"] == said["work"]["judgements"]["total"]
    held_back = said["time"]
    assert held_back == {"suppressed": "small_group"}
    assert "held back" in page


def test_every_kind_of_row_can_be_seen_and_taken(stage: Stage, closed: Project) -> None:
    for kind in KINDS.values():
        page = page_of(stage.cast.auditor, f"/record/projects/{closed.id}/{kind.name}/")
        answer = browser_of(stage.cast.auditor).get(f"/record/projects/{closed.id}/{kind.name}.csv")
        lines = content_of(answer).decode("utf-8-sig").splitlines()
        found = rows_of_kind(kind, closed, after=None, limit=1000)
        assert len(lines) == 1 + len(found)
        assert lines[0] == ",".join(kind.names)
        if found:
            assert "over all pages" in page


def test_rows_name_nobody(stage: Stage, closed: Project) -> None:
    page = page_of(stage.cast.auditor, f"/record/projects/{closed.id}/members/")
    assert str(stage.cast.member.account) in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "Member<" not in main.replace("Members<", "")[main.index("<tbody") :]


def test_rows_of_another_operator_are_not_there(stage: Stage, closed: Project) -> None:
    stranger = browser_of(stage.cast.stranger)
    assert stranger.get(f"/record/projects/{closed.id}/").status_code == 404
    assert stranger.get(f"/record/projects/{closed.id}/time/").status_code == 404
    assert stranger.get(f"/record/projects/{closed.id}/time.csv").status_code == 404
    assert browser_of(stage.cast.auditor).get(f"/record/projects/{closed.id}/secrets/").status_code == 404


def test_a_project_without_a_scorecard_says_so(stage: Stage) -> None:
    project = stage.live()
    assert "nothing is stated" in page_of(stage.cast.auditor, f"/record/projects/{project.id}/")
    assert "Of 1 project nothing is stated yet" in plain(page_of(stage.cast.auditor, "/"))


# -- verification by a button -------------------------------------------------------------------------


def verified(clock: ManualClock | None = None) -> Verification:
    """The background does all its steps."""
    ticking = clock or ManualClock(LATER)
    while run_verifications(ticking):
        pass
    return Verification.objects.latest("asked_at")


def test_everything_agrees(stage: Stage, closed: Project) -> None:
    auditor = stage.cast.auditor
    status, where = fill(browser_of(auditor), "/record/verifications/")
    assert status == 302
    assert "waits for its turn" in page_of(auditor, where)
    assert run_verifications(ManualClock(LATER)) == 1
    assert f"Step 1 of {len(steps())} is done" in page_of(auditor, where)
    done = verified()
    assert (done.done, done.problems, done.gave_up) == (len(steps()), [], False)
    page = page_of(auditor, where)
    assert "Everything agrees" in page
    assert "Everything agreed when it was last verified" in plain(page_of(auditor, "/"))
    assert Event.objects.filter(code__startswith="record.verification").count() == 2


@pytest.mark.parametrize(
    ("part", "sql", "names"),
    [
        ("Seals", "UPDATE record_event SET data = '{}' WHERE code = 'work.project.closed'", "was changed"),
        (
            "Ledger",
            "UPDATE pay_balance SET amount = amount + 7 WHERE amount > 0",
            "The balance of ledger account",
        ),
        ("Answers", "UPDATE work_annotation SET note = 'x'", "is not the one that the record says"),
    ],
)
def test_what_is_damaged_is_named(stage: Stage, closed: Project, part: str, sql: str, names: str) -> None:
    seal_all(at=LATER)
    damage(sql)
    made = ask_verification(by=stage.cast.auditor.actor, at=LATER)
    assert verified().problems
    said = plain(page_of(stage.cast.auditor, f"/record/verifications/{made.id}/"))
    assert names in said
    assert part in said
    browser = browser_of(stage.cast.auditor)
    browser.cookies["django_language"] = "fr"
    answer = browser.get(f"/record/verifications/{made.id}/").content.decode()
    assert names not in answer
    listed = plain(page_of(stage.cast.auditor, "/record/verifications/"))
    assert "thing is off" in listed or "things are off" in listed


def test_only_one_at_a_time(stage: Stage) -> None:
    browser = browser_of(stage.cast.auditor)
    mark = mark_in(browser, "/record/verifications/")
    first, again = (browser.post("/record/verifications/", {"_once": mark}) for _ in range(2))
    assert first["Location"] == again["Location"], "the same form sent twice"
    other = browser.post("/record/verifications/", {"_once": "another"})
    assert other.status_code == 409
    assert "A verification is under way already" in other.content.decode()
    with pytest.raises(VerificationRunning):
        ask_verification(by=stage.cast.delegate.actor, at=AT)
    verified()
    ask_verification(by=stage.cast.delegate.actor, at=LATER)


def test_a_step_whose_process_died_is_taken_up_again(stage: Stage) -> None:
    made = ask_verification(by=stage.cast.auditor.actor, at=AT)
    assert run_verifications(ManualClock(AT)) == 1
    made.refresh_from_db()
    verifications.begin_step(made, len(steps()), at=AT)  # and the process dies
    assert verified().problems == []
    made.refresh_from_db()
    assert (made.done, made.gave_up) == (len(steps()), False)


def test_two_processes_never_take_the_same_step(stage: Stage) -> None:
    ask_verification(by=stage.cast.auditor.actor, at=AT)
    place = connection.settings_dict
    with psycopg.connect(host=place["HOST"], dbname=place["NAME"], user=place["USER"]) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [verification.LOCK])
        assert run_verifications(ManualClock(AT)) == 0, "another process has it"
    # Its session ends, as it does when that process dies; the server notices a moment later.
    until(lambda: run_verifications(ManualClock(AT)) == 1)


def test_a_step_that_kills_every_process_is_given_up(stage: Stage) -> None:
    made = ask_verification(by=stage.cast.auditor.actor, at=AT)
    for _ in range(verifications.MOST_TRIES):
        assert verifications.begin_step(made, len(steps()), at=AT)
    assert run_verifications(ManualClock(LATER)) == 0
    made.refresh_from_db()
    assert made.gave_up
    assert "It was not finished" in page_of(stage.cast.auditor, f"/record/verifications/{made.id}/")
    ask_verification(by=stage.cast.auditor.actor, at=LATER)


def test_who_may_not_read_the_record_starts_none(stage: Stage) -> None:
    for who in (stage.cast.member, stage.cast.client_person, stage.cast.finance, stage.cast.coordinator):
        assert browser_of(who).post("/record/verifications/", {"_once": "x"}).status_code == 403
    assert not Verification.objects.exists()


# -- evidence -----------------------------------------------------------------------------------------


def bundle(tmp_path: Path, who: Persona, **bounds: Any) -> Path:
    made = ask_evidence(
        **{"since": None, "until": None, "project": None} | bounds,
        by=who.actor,
        at=LATER + dt.timedelta(hours=1),
    )
    file = tmp_path / "evidence.zip"
    file.write_bytes(b"".join(stream_evidence(made, LATER + dt.timedelta(hours=2))))
    return file


def problems_in(file: Path, trusted: bool = True) -> tuple[list[str], dict[str, int]]:
    assert scorecard_checks.TYPE == "ScoreCard", "registered"
    listed = keys(LATER).public if trusted else None
    _signed, counts, problems = evidence_problems(file, listed, at=LATER + dt.timedelta(days=1))
    return [str(one) for one in problems], counts


def test_a_bundle_holds_offline(stage: Stage, closed: Project, tmp_path: Path) -> None:
    file = bundle(tmp_path, stage.cast.auditor)
    found, counts = problems_in(file)
    assert found == []
    assert counts["seals"] == Seal.objects.count()
    assert counts["scorecards"] == 1
    assert counts["transactions"] >= 3
    assert 0 < counts["full"] <= counts["events"]
    with zipfile.ZipFile(file) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist()).decode()
    assert "example.org" not in everything
    assert "Bien 1" not in everything, "no text of a client"


def test_a_bundle_taken_apart_holds_too(stage: Stage, closed: Project, tmp_path: Path) -> None:
    file = bundle(tmp_path, stage.cast.auditor)
    with zipfile.ZipFile(file) as opened:
        opened.extractall(tmp_path / "apart")
    assert run(tmp_path / "apart", None, at=LATER + dt.timedelta(days=1)) == 0


def test_another_operators_events_are_hashes_only(stage: Stage, closed: Project, tmp_path: Path) -> None:
    file = bundle(tmp_path, stage.cast.stranger)
    found, counts = problems_in(file)
    assert found == []
    assert counts["full"] < counts["events"]
    with zipfile.ZipFile(file) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist()).decode()
    assert str(closed.id) not in everything
    assert str(stage.cast.member.account) not in everything
    assert str(stage.cast.operator.id) not in everything


def test_a_bundle_of_a_project_shows_its_events_alone(stage: Stage, closed: Project, tmp_path: Path) -> None:
    other = stage.live(tasks=3)
    file = bundle(tmp_path, stage.cast.auditor, project=closed.id)
    found, _counts = problems_in(file)
    assert found == []
    with zipfile.ZipFile(file) as opened:
        shown = [json.loads(line) for line in opened.read("events.jsonl").splitlines()]
        ledger = opened.read("ledger.csv").decode()
    codes = {event["code"] for event in shown if "code" in event}
    assert {"work.project.closed", "work.synced", "pay.posted"} <= codes
    assert "people.person.added" not in codes
    assert str(other.id) not in str(shown) + ledger


def test_a_bundle_of_a_period_begins_at_its_first_seal(stage: Stage, closed: Project, tmp_path: Path) -> None:
    seal_all(at=LATER)
    record(
        "test.later", by=None, at=LATER + dt.timedelta(minutes=5), subject="test:1",
        organisation=stage.cast.operator.id, data={},
    )  # fmt: skip
    since, until = LATER + dt.timedelta(minutes=1), LATER + dt.timedelta(minutes=10)
    file = bundle(tmp_path, stage.cast.auditor, since=since, until=until)
    found, counts = problems_in(file)
    assert found == []
    assert counts["seals"] == 1
    assert counts["full"] == 1


@pytest.mark.parametrize("name", ["events.jsonl", "seals.jsonl", "ledger.csv", "keys.json", "manifest.json"])
def test_a_bundle_that_was_changed_is_named(stage: Stage, closed: Project, tmp_path: Path, name: str) -> None:
    file, changed = bundle(tmp_path, stage.cast.auditor), tmp_path / "changed.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for one in old.namelist():
            content = old.read(one)
            new.writestr(one, content.replace(b"1", b"2", 1) if one == name else content)
    assert problems_in(changed)[0]


def test_events_that_were_changed_before_signing_do_not_lead_to_the_root(
    stage: Stage, closed: Project, tmp_path: Path
) -> None:
    seal_all(at=LATER)
    damage("UPDATE record_event SET data = '{\"lie\": true}' WHERE code = 'work.project.closed'")
    found, _counts = problems_in(bundle(tmp_path, stage.cast.auditor))
    assert any("was changed" in one for one in found)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18])
def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "evidence.zip"
    file.write_bytes(content)
    assert run(file, None, at=LATER) == 1


def test_a_bundle_of_another_issuer_is_not_trusted(stage: Stage, closed: Project, tmp_path: Path) -> None:
    file = bundle(tmp_path, stage.cast.auditor)
    _signed, _counts, problems = evidence_problems(file, [], at=LATER + dt.timedelta(days=1))
    assert problems


def test_asking_is_written_down_and_the_zip_is_streamed(stage: Stage, closed: Project) -> None:
    browser = browser_of(stage.cast.auditor)
    status, where = fill(browser, "/record/evidence/", since="2026-01-01", until="", project=str(closed.id))
    assert (status, where) == (302, "/record/evidence/")
    asked = Event.objects.get(code="impact.evidence.asked")
    assert asked.data["project"] == str(closed.id)
    page = page_of(stage.cast.auditor, "/record/evidence/")
    link = next(part for part in page.split('"') if part.endswith(".zip"))
    answer = browser.get(link)
    assert isinstance(answer, HttpResponseBase)
    assert answer.streaming
    assert zipfile.ZipFile(io.BytesIO(content_of(answer))).testzip() is None
    assert browser_of(stage.cast.stranger).get(link).status_code == 404


def test_a_period_that_ends_before_it_begins(stage: Stage) -> None:
    browser = browser_of(stage.cast.auditor)
    status, said = fill(browser, "/record/evidence/", since="2026-02-02", until="2026-02-01", project="")
    assert status == 422
    assert 'id="id_until_error"' in said
    assert 'value="2026-02-02"' in said


@pytest.mark.parametrize(
    ("address", "statements"),
    [("/", 14), ("/record/", 9), ("/record/seals/", 4), ("/record/events/", 6), ("/record/verifications/", 4),
     ("/record/evidence/", 6), ("/record/projects/", 6)],
)  # fmt: skip
def test_a_page_asks_so_much(
    stage: Stage,
    closed: Project,
    address: str,
    statements: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = browser_of(stage.cast.auditor)
    with django_assert_max_num_queries(statements):
        assert browser.get(address).status_code == 200
