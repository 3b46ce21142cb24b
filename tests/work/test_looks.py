"""What waits for a look: marked and skipped tasks, what nobody could read, two answers to one task."""

import datetime as dt
from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.utils import translation

from palabre.errors import NotAllowed, NotFound
from palabre.ids import new_id
from palabre.impact.queries.closing import still_open
from palabre.impact.queries.standing import projects_at_a_glance
from palabre.installation.doctor import _unread
from palabre.pay.models import LedgerTransaction
from palabre.record.models import Event
from palabre.work.actions.choices import choose_answer, undo_choice
from palabre.work.actions.flags import settle_flags, undo_flags
from palabre.work.actions.leases import lease_tasks, return_expired_leases
from palabre.work.actions.pilot import start_pilot
from palabre.work.actions.reverse import reverse_deposit
from palabre.work.actions.unread import settle_unread, undo_unread
from palabre.work.errors import LookedAt, TextWrong, UndoOver
from palabre.work.models import Annotation, Flag, Lease, OtherAnswer, Project, RawSubmission, Task
from palabre.work.pilot.state import pilot_of
from palabre.work.queries.escrows import escrows
from palabre.work.queries.projects import progress
from palabre.work.queries.waiting import running_out
from palabre.work.setup.readiness import readiness_of
from palabre.work.sync.reasons import all_said, reason
from palabre.work.undo import WITHIN
from palabre.work.verify import problems
from tests.cast import Persona
from tests.people.door import browser_of, visible
from tests.web.answers import call, said
from tests.web.reading import reader
from tests.work.stage import AT, Stage, events
from tests.work.test_sync import LATER, SOON, answer, lease_of, send, statuses
from tests.work.test_sync_kept import skip

pytestmark = pytest.mark.django_db
Outcome = Flag.Outcome


def marked(stage: Stage, tasks: int = 3) -> tuple[Project, Flag]:
    """A task that a member marked, another that she left."""
    project = stage.live(tasks)
    one, two = lease_of(stage, project, count=2)
    flag = {
        "type": "flag",
        "key": str(new_id()),
        "lease": one,
        "reason": "personal",
        "comment": "A <b>name</b>",
    }
    send([flag, skip(two, "harmful", comment="Blood")], stage.cast.member)
    return project, Flag.objects.get(skipped=False)


def test_what_members_marked_or_left_waits_on_the_homes_and_in_a_list(stage: Stage) -> None:
    project, _flag = marked(stage)
    coordinator, client = browser_of(stage.cast.coordinator), browser_of(stage.cast.client_person)
    assert "2 marked or skipped tasks wait" in visible(coordinator.get("/"))
    assert "2 tasks were marked or skipped" in visible(client.get("/"))
    for browser in (coordinator, client):
        page = browser.get(f"/flags/?project={project.id}")
        text = visible(page)
        assert "shows who somebody is" in text
        assert "and left" in text
        assert "Blood" in text
        assert b"<b>name" not in page.content
        assert str(stage.cast.member.account) not in page.content.decode()


def test_a_task_that_is_taken_out_is_handed_out_no_more_and_what_was_done_is_paid(stage: Stage) -> None:
    project, flag = marked(stage, tasks=2)
    (settled,) = settle_flags(flag.task_id, Outcome.TAKEN_OUT, "Thanks.", by=stage.coordinator.actor, at=SOON)
    assert (settled.outcome, settled.word, settled.settled_at) == ("taken_out", "Thanks.", SOON)
    others = lease_tasks(project.id, count=9, by=stage.cast.reviewer.actor, at=SOON).tasks
    assert flag.task_id not in {task.task for task in others}
    assert len(others) == 1
    # She held it: what she sends is kept, counted and paid.
    held = Task.objects.get(id=flag.task_id).lease_set.get().id
    assert statuses(send([answer(held)], stage.cast.member)) == ["stored"]
    assert Annotation.objects.get().place == 0
    # A place that comes back to such a task is handed to nobody.
    return_expired_leases(at=LATER)
    out = Task.objects.get(id=flag.task_id)
    assert (out.is_open, out.taken_out_at) == (False, SOON)
    assert events(project.id, "work.flags.settled")[0].data["outcome"] == "taken_out"
    assert list(problems()) == []


def taken_out(stage: Stage, project: Project, lease: int) -> None:
    send([skip(lease, "broken")], stage.cast.member)
    task = Lease.objects.get(id=lease).task_id
    settle_flags(task, Outcome.TAKEN_OUT, by=stage.cast.client_person.actor, at=SOON)


def test_a_task_that_is_taken_out_is_left_to_do_nowhere(stage: Stage) -> None:
    """Three tasks for two members each; one of them is taken out, where one had answered and one had skipped."""
    project, member, other = stage.live(3), stage.cast.member, stage.cast.reviewer
    stage.work(project, member)
    *answered, left = lease_of(stage, project, other, count=3)
    send([*map(answer, answered), skip(left, "broken")], other)
    task = Lease.objects.get(id=left).task_id
    settle_flags(task, Outcome.TAKEN_OUT, by=stage.cast.client_person.actor, at=SOON)
    (standing,) = projects_at_a_glance(stage.cast.client_person.actor, at=SOON)
    now, (cover,) = progress(project), escrows(stage.cast.finance.actor, after=None, limit=5)
    for one in (now, standing, cover):
        assert (one.tasks, one.funded) == (2, 2)
    assert (now.wanted, now.counted) == (standing.wanted, standing.done.counted) == (5, 5)
    assert (standing.missing, standing.share, standing.all_done, cover.lacks) == (0, 1.0, True, False)
    assert still_open(standing).missing == 0
    assert readiness_of(project).tasks == 2


def test_what_was_taken_out_is_not_short_of_money(stage: Stage) -> None:
    project = stage.live(4)
    one, two, *others = lease_of(stage, project, count=4)
    send([skip(one, "unclear"), skip(two, "unclear")], stage.cast.member)
    for lease in others:
        taken_out(stage, project, lease)
    paid = LedgerTransaction.objects.get(kind="deposit")
    reverse_deposit(project.id, paid.id, "It went to another project.", by=stage.cast.finance.actor, at=SOON)
    (waits,) = running_out(stage.coordinator.actor)
    assert (waits.uncovered, progress(project).tasks - progress(project).funded) == (2, 2)


def test_a_task_that_is_taken_out_holds_up_no_pilot(stage: Stage) -> None:
    project = stage.ready(5)
    start_pilot(project.id, 4, by=stage.coordinator.actor, at=AT)
    (lease,) = lease_of(stage, project)
    taken_out(stage, project, lease)
    assert pilot_of(Project.objects.get(id=project.id)).tasks == 3
    (cover,) = escrows(stage.cast.finance.actor, after=None, limit=5)
    assert (cover.funded, cover.lacks) == (3, False)


def test_the_money_of_a_task_that_is_taken_out_covers_others(stage: Stage) -> None:
    full = stage.quoted(10).total
    project = stage.live(10, deposit=full // 2)
    before = project.batches.get().funded_upto
    (lease,) = lease_of(stage, project)
    send([skip(lease, "broken")], stage.cast.member)
    task = Flag.objects.get().task_id
    settle_flags(task, Outcome.TAKEN_OUT, by=stage.cast.client_person.actor, at=SOON)
    assert project.batches.get().funded_upto > before


def test_it_stays_or_she_is_answered_and_reads_it(stage: Stage) -> None:
    _project, flag = marked(stage)
    left = Flag.objects.get(skipped=True)
    settle_flags(left.task_id, Outcome.STAYS, by=stage.coordinator.actor, at=SOON)
    with pytest.raises(TextWrong):
        settle_flags(flag.task_id, Outcome.ANSWERED, by=stage.coordinator.actor, at=SOON)
    settle_flags(flag.task_id, Outcome.ANSWERED, "It is a made-up name.", by=stage.coordinator.actor, at=SOON)
    with pytest.raises(LookedAt):
        settle_flags(flag.task_id, Outcome.STAYS, by=stage.coordinator.actor, at=SOON)
    assert not Task.objects.filter(taken_out_at__isnull=False).exists()
    assert Flag.objects.filter(outcome=Outcome.WAITING).count() == 0


def test_who_may_not_look(stage: Stage) -> None:
    _project, flag = marked(stage)
    for who in (stage.cast.member, stage.cast.finance, stage.cast.auditor):
        with pytest.raises(NotAllowed):
            settle_flags(flag.task_id, Outcome.STAYS, by=who.actor, at=SOON)
    with pytest.raises(NotFound):
        settle_flags(flag.task_id, Outcome.STAYS, by=stage.cast.stranger.actor, at=SOON)
    with pytest.raises(NotFound):
        settle_flags(10**12, Outcome.STAYS, by=stage.coordinator.actor, at=SOON)


def test_the_page_takes_a_task_out(stage: Stage) -> None:
    _project, flag = marked(stage)
    browser = browser_of(stage.cast.client_person)
    sent = {"task": flag.task_id, "outcome": "answered", "word": ""}
    assert browser.post("/flags/", sent).status_code == 422
    assert browser.post("/flags/", {**sent, "outcome": "taken_out"}).status_code == 302
    assert Task.objects.get(id=flag.task_id).taken_out_at is not None


def unread(stage: Stage) -> RawSubmission:
    (lease,) = lease_of(stage, stage.live(1))
    send([{**answer(lease), "type": "hologram", "what": "<script>\u202e"}], stage.cast.member)
    return RawSubmission.objects.get()


def test_why_it_could_not_be_read_is_said_in_the_language_of_who_reads_it(stage: Stage) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    newer = {**answer(lease), "schema_version": 99}
    skip = {"type": "skip", "key": str(new_id()), "lease": lease, "reason": "unclear"}
    secret = "Awa Diop"
    long = {**skip, "comment": "x" * 10_001, secret: 1}
    with translation.override("fr"):
        outcomes = send([newer, long], stage.cast.member)
    assert outcomes[0].why == ("schema_version: cette version des questions n’est pas connue ici",)
    assert outcomes[1].why[0] == "comment: c’est plus long que 10000 caractères"
    french = reader(stage.coordinator).read("/unread/", "fr").text
    assert "cette version des questions n’est pas connue ici" in french
    assert "comment: c’est plus long que 10000 caractères" in french
    english = reader(stage.coordinator).read("/unread/").text
    assert "schema_version: this version of the questions is not known here" in english
    assert "comment: this is longer than 10000 characters" in english
    in_french = said(call("GET", "/unread", stage.coordinator, accept_language="fr"))["items"]
    assert in_french[0]["why"] == ["schema_version: cette version des questions n’est pas connue ici"]


def test_a_reason_is_kept_without_what_was_sent() -> None:
    kept = reason("a\0\ud83d" * 200, "union_tag_invalid", {"tag": "Awa Diop", "max_length": 3})
    assert "Awa" not in kept
    assert "\n" not in kept
    assert all_said(kept)[0].endswith(": this kind of thing is not known here")
    all_said(kept)[0].encode()
    assert all_said(reason("", "a code of later", {})) == ["this can’t be read"]
    for old in (
        "lease: Field required",
        "[]",
        '"abc"',
        "[1, 2, 3]",
        '["a", "string_too_long", {}]',
        "(erased)",
    ):
        assert all_said(old)[0]


def test_what_nobody_could_read_waits_for_a_coordinator_and_is_counted(stage: Stage) -> None:
    raw = unread(stage)
    browser = browser_of(stage.cast.coordinator)
    assert "1 thing from a phone could not be read" in visible(browser.get("/"))
    page = browser.get("/unread/")
    assert b"<script>\\u202e" not in page.content
    assert "hologram" in visible(page)
    assert "One thing from your phone could not be read" in visible(browser_of(stage.cast.member).get("/"))
    assert [one.what[0] for one in _unread()] == ["1"]
    sent = {"row": raw.id, "outcome": "taken", "word": "An hour was added."}
    assert browser.post("/unread/", sent).status_code == 302
    raw.refresh_from_db()
    assert (raw.state, raw.word, raw.looked_by) == ("taken", "An hour was added.", stage.coordinator.account)
    assert list(_unread()) == []
    home = visible(browser_of(stage.cast.member).get("/"))
    assert "was taken into account" in home
    assert "An hour was added." in home
    assert Event.objects.get(code="work.unread.settled").data == {"raw": raw.id, "state": "taken"}


def test_who_may_not_settle_what_nobody_could_read(stage: Stage) -> None:
    raw = unread(stage)
    with pytest.raises(NotAllowed):
        settle_unread(raw.id, True, by=stage.cast.client_person.actor, at=SOON)
    with pytest.raises(NotFound):
        settle_unread(raw.id, True, by=stage.cast.stranger.actor, at=SOON)
    settle_unread(raw.id, False, by=stage.coordinator.actor, at=SOON)
    with pytest.raises(LookedAt):
        settle_unread(raw.id, True, by=stage.coordinator.actor, at=SOON)


def two(stage: Stage) -> OtherAnswer:
    (lease,) = lease_of(stage, stage.live(1))
    send([answer(lease, "happy")], stage.cast.member)
    later = SOON + dt.timedelta(minutes=1)
    send([answer(lease, "sad", at=later)], stage.cast.member, later)
    return OtherAnswer.objects.get()


def labels(row: Annotation | OtherAnswer) -> list[str]:
    row.refresh_from_db()
    chosen: list[str] = row.result[0]["value"]["choices"]
    return chosen


@pytest.mark.parametrize("who", ["member", "reviewer"])
def test_she_or_a_reviewer_chooses_and_both_answers_are_kept(stage: Stage, who: str) -> None:
    other, by = two(stage), getattr(stage.cast, who)
    browser = browser_of(by)
    assert "two answers" in visible(browser.get("/"))
    page = visible(browser.get("/work/two-answers/"))
    assert "happy" in page
    assert "sad" in page
    assert browser.post("/work/two-answers/", {"row": other.id, "take": "other"}).status_code == 302
    assert (labels(other.annotation), labels(other)) == (["sad"], ["happy"])
    assert (other.settled_by, other.annotation.revision) == (by.account, 1)
    assert list(problems()) == []
    with pytest.raises(LookedAt):
        choose_answer(other.id, False, by=by.actor, at=LATER)


def test_after_a_choice_the_next_revision_of_her_phone_still_follows(stage: Stage) -> None:
    other = two(stage)
    choose_answer(other.id, True, by=stage.cast.member.actor, at=LATER)
    lease = other.annotation.task.lease_set.get().id
    assert statuses(send([answer(lease, "happy", revision=2, at=LATER)], stage.cast.member, LATER)) == [
        "stored"
    ]
    assert (labels(other.annotation), labels(other)) == (["happy"], ["happy"])
    assert list(problems()) == []


def test_the_answer_that_stands_may_stay(stage: Stage) -> None:
    other = two(stage)
    choose_answer(other.id, False, by=stage.cast.member.actor, at=LATER)
    assert (labels(other.annotation), labels(other)) == (["happy"], ["sad"])
    assert "answer" in Event.objects.get(code="work.answer.chosen").data
    assert list(problems()) == []


def test_nobody_else_chooses(stage: Stage) -> None:
    other = two(stage)
    with pytest.raises(NotFound):
        choose_answer(other.id, True, by=stage.cast.colleague.actor, at=LATER)
    with pytest.raises(NotFound):
        choose_answer(other.id, True, by=stage.cast.stranger_member.actor, at=LATER)
    with pytest.raises(NotAllowed):
        choose_answer(other.id, True, by=stage.coordinator.actor, at=LATER)


# -- undone --------------------------------------------------------------------------------------

SHORTLY = SOON + dt.timedelta(minutes=5)
OVER = SOON + WITHIN + dt.timedelta(seconds=1)


def test_a_task_that_was_taken_out_by_mistake_is_back_with_its_flags(stage: Stage) -> None:
    project, flag = marked(stage)
    by, before = stage.coordinator.actor, list(Flag.objects.order_by("id").values())
    funded = project.batches.get().funded_upto
    settle_flags(flag.task_id, Outcome.TAKEN_OUT, "Thanks.", by=by, at=SOON)
    undo_flags(flag.task_id, by=by, at=SHORTLY)
    assert list(Flag.objects.order_by("id").values()) == before
    assert Task.objects.get(id=flag.task_id).taken_out_at is None
    assert project.batches.get().funded_upto == funded
    assert events(project.id, "work.flags.undone")[0].data["task"] == flag.task_id
    settle_flags(flag.task_id, Outcome.STAYS, by=by, at=SHORTLY)
    assert list(problems()) == []


def test_only_the_last_look_is_undone_by_who_looked_and_not_for_long(stage: Stage) -> None:
    _project, flag = marked(stage)
    by = stage.coordinator.actor
    with pytest.raises(UndoOver):
        undo_flags(flag.task_id, by=by, at=SOON)
    settle_flags(flag.task_id, Outcome.STAYS, by=by, at=SOON)
    with pytest.raises(UndoOver):
        undo_flags(flag.task_id, by=stage.cast.client_person.actor, at=SHORTLY)
    with pytest.raises(UndoOver):
        undo_flags(flag.task_id, by=by, at=OVER)
    with pytest.raises(NotFound):
        undo_flags(flag.task_id, by=stage.cast.stranger.actor, at=SHORTLY)
    with pytest.raises(NotAllowed):
        undo_flags(flag.task_id, by=stage.cast.member.actor, at=SHORTLY)


def test_what_nobody_could_read_waits_again(stage: Stage) -> None:
    raw, by = unread(stage), stage.coordinator.actor
    before = RawSubmission.objects.values().get()
    settle_unread(raw.id, True, "An hour was added.", by=by, at=SOON)
    with pytest.raises(UndoOver):
        undo_unread(raw.id, by=by, at=OVER)
    undo_unread(raw.id, by=by, at=SHORTLY)
    assert RawSubmission.objects.values().get() == before
    assert Event.objects.get(code="work.unread.undone").data == {"raw": raw.id, "state": "waiting"}
    with pytest.raises(UndoOver):
        undo_unread(raw.id, by=by, at=SHORTLY)


@pytest.mark.parametrize("take", [True, False])
def test_two_answers_wait_for_a_choice_again(stage: Stage, take: bool) -> None:
    other, by = two(stage), stage.cast.reviewer.actor
    choose_answer(other.id, take, by=by, at=SOON)
    with pytest.raises(UndoOver):
        undo_choice(other.id, by=stage.cast.member.actor, at=SHORTLY)
    with pytest.raises(UndoOver):
        undo_choice(other.id, by=by, at=OVER)
    undo_choice(other.id, by=by, at=SHORTLY)
    assert (labels(other.annotation), labels(other)) == (["happy"], ["sad"])
    assert (other.settled_at, other.settled_by, other.taken) == (None, None, None)
    assert list(problems()) == []
    choose_answer(other.id, True, by=by, at=SHORTLY)
    assert labels(other.annotation) == ["sad"]
    assert list(problems()) == []


def test_a_choice_that_she_has_corrected_since_stays(stage: Stage) -> None:
    other, by = two(stage), stage.cast.reviewer.actor
    choose_answer(other.id, True, by=by, at=SOON)
    lease = other.annotation.task.lease_set.get().id
    send([answer(lease, "happy", revision=2, at=SHORTLY)], stage.cast.member, SHORTLY)
    with pytest.raises(UndoOver):
        undo_choice(other.id, by=by, at=SHORTLY)


def test_the_pages_offer_to_undo_after_each_decision(stage: Stage) -> None:
    raw = unread(stage)
    (lease,) = lease_of(stage, stage.live(1))
    send([skip(lease, "broken")], stage.cast.member)
    task = Flag.objects.get().task_id
    browser = browser_of(stage.cast.coordinator)
    for address, sent, row in (
        ("/unread/", {"row": raw.id, "outcome": "taken"}, raw.id),
        ("/flags/", {"task": task, "outcome": "taken_out"}, task),
    ):
        assert "You can undo it until" not in visible(browser.get(address))
        assert browser.post(address, sent).status_code == 302
        page = browser.get(address)
        assert "You can undo it until" in visible(page)
        assert f'name="undo" value="{row}"'.encode() in page.content
        assert b'aria-keyshortcuts="z"' in page.content
        assert browser.post(address, {"undo": "x"}).status_code == 404
        assert browser.post(address, {"undo": row}).status_code == 302
        assert "It waits again" in visible(browser.get(address))
        assert "You can undo it until" not in visible(browser.get(address))
    assert (Task.objects.get(id=task).taken_out_at, Flag.objects.get().outcome) == (None, "waiting")
    assert RawSubmission.objects.get().state == "waiting"


def asked(who: Persona, path: str, body: dict[str, object]) -> HttpResponse:
    return call("POST", path, who, body)


def test_the_api_settles_marks_what_was_unread_and_two_answers(stage: Stage) -> None:
    _project, flag = marked(stage)
    coordinator, member = stage.cast.coordinator, stage.cast.member
    marks = f"/tasks/{flag.task_id}/flags"
    assert asked(coordinator, marks, {"outcome": "answered"}).status_code == 422
    assert (
        said(asked(coordinator, marks, {"outcome": "answered", "word": "It is made up."}))[0]["outcome"]
        == "answered"
    )
    assert asked(coordinator, marks, {"outcome": "stays"}).status_code == 409
    raw, other = unread(stage), two(stage)
    assert [one["id"] for one in said(call("GET", "/unread", coordinator))["items"]] == [raw.id]
    assert said(asked(coordinator, f"/unread/{raw.id}", {"taken": True}))["state"] == "taken"
    assert said(call("GET", "/unread", coordinator))["items"] == []
    assert [one["id"] for one in said(call("GET", "/two-answers", member))["items"]] == [other.id]
    assert (
        said(asked(member, f"/two-answers/{other.id}", {"take": True}))["annotation"] == other.annotation_id
    )
    assert said(call("GET", "/two-answers", member))["items"] == []
    assert list(problems()) == []


def test_a_choice_is_of_the_operator_that_the_work_was_for(stage: Stage) -> None:
    """Who belongs to two operators acts for one of them at a time."""
    other, elsewhere = two(stage), stage.cast.stranger_operator.id
    by = replace(stage.cast.member.actor, organisation=elsewhere)
    with pytest.raises(NotFound):
        choose_answer(other.id, True, by=by, at=LATER)
