"""The coordinator's pages: each shows what waits, to whom it belongs, and does it once."""

import datetime as dt
import re
import uuid
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.decisions.actions import appeal
from palabre.decisions.models import Decision
from palabre.people.models import Role
from palabre.timesheet.actions import ask_correction
from palabre.timesheet.models import Correction, Kind, TimeEntry
from palabre.work.actions.handouts import hand_pack
from palabre.work.actions.leases import assign_tasks, lease_tasks
from palabre.work.actions.questions import ask_question
from palabre.work.models import Lease, Project, Question, Task
from palabre.work.queries.people import people_at_work, silent_count
from palabre.work.queries.waiting import corrections_due, running_out, team_decisions
from tests.cast import enter
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, Stage

Now = dt.datetime
LONG_AGO = dt.timedelta(days=10)


@pytest.fixture
def project(stage: Stage) -> Project:
    return stage.live()


@pytest.fixture
def browser(stage: Stage) -> Client:
    return browser_of(stage.coordinator)


def page(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def two_questions(stage: Stage, project: Project) -> list[Question]:
    texts = (
        (stage.cast.member, "Is a minibus transport?"),
        (stage.cast.reviewer, "A minibus: is it transport?"),
    )
    return [ask_question(project.id, text, by=who.actor, at=AT) for who, text in texts]


def correction(stage: Stage, project: Project) -> Correction:
    hand_pack(project.id, by=stage.cast.member.actor, at=AT)
    return ask_correction(
        AT.date(),
        Kind.OUTAGE,
        project.escrow_id or 0,
        40 * 60_000,
        "A power cut",
        by=stage.cast.member.actor,
        at=AT,
    )


# -- questions


def test_one_answer_for_two_members(
    stage: Stage, project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = two_questions(stage, project)
    with django_assert_max_num_queries(6):
        listed = page(browser, "/questions/")
    assert "One more asks nearly the same" in listed
    address = re.search(r'href="(/questions/answer/\?[^"]+)"', listed)
    assert address
    answer = address[1].replace("&amp;", "&")
    form = page(browser, answer)
    assert form.count("checked") == 2
    sent = browser.post(answer, {"questions": [str(one.id) for one in asked], "answer": "Yes, it is."})
    assert sent["Location"] == f"/projects/{project.id}/questions/"
    assert set(Question.objects.values_list("answer", flat=True)) == {"Yes, it is."}
    shown = page(browser, f"/projects/{project.id}/questions/")
    assert "2 questions answered at once" in shown
    assert "Word it better" in shown
    assert "No question is open" in shown


def test_an_answer_goes_into_the_guideline(stage: Stage, project: Project, browser: Client) -> None:
    """Its editor opens with question and answer at the end; nothing is published by that."""
    (asked, _) = two_questions(stage, project)
    said = {"questions": [str(asked.id)], "answer": "Yes, it is.", "guideline": "on"}
    sent = browser.post(f"/questions/answer/?q={asked.id}", said)
    assert sent["Location"].startswith(f"/projects/{project.id}/setup/guideline/?add=")
    editor = page(browser, sent["Location"])
    assert "Choose one.\n\n&gt; Is a minibus transport?\n\nYes, it is.</textarea>" in editor
    assert project.guidelines.count() == 1


def test_an_answer_without_words_keeps_what_was_ticked(
    stage: Stage, project: Project, browser: Client
) -> None:
    first, second = two_questions(stage, project)
    response = browser.post(f"/questions/answer/?q={first.id}", {"questions": [str(second.id)], "answer": ""})
    assert response.status_code == 422
    assert response.content.decode().count("checked") == 1
    assert Question.objects.filter(answered_at=None).count() == 2


def test_questions_of_elsewhere_are_not_there(stage: Stage, project: Project) -> None:
    (asked, _) = two_questions(stage, project)
    foreign = browser_of(stage.cast.stranger)
    for address in (
        f"/questions/answer/?q={asked.id}",
        f"/questions/answer/?q={uuid.uuid4()}",
        "/questions/answer/?q=x",
    ):
        assert foreign.get(address).status_code == 404
    assert "minibus" not in page(foreign, "/questions/")


def test_a_client_answers_for_everybody(stage: Stage, project: Project) -> None:
    asked, _ = two_questions(stage, project)
    client = browser_of(enter(stage.cast.client, "maren", Role.CLIENT))
    listed = page(client, f"/projects/{project.id}/questions/")
    assert "minibus" in listed
    assert "/questions/answer/" in listed
    answer = f"/questions/answer/?q={asked.id}"
    assert "Members read that the client answered, without your name" in page(client, answer)
    said = {"questions": [str(asked.id)], "answer": "Yes, it is."}
    assert client.post(answer, said)["Location"] == f"/projects/{project.id}/questions/"
    seen = (
        (stage.coordinator, f"/projects/{project.id}/questions/", "answered by the client"),
        (stage.cast.member, f"/work/{project.id}/", "The client answered on"),
        (stage.cast.member, "/", "the client answered your question"),
    )
    for who, address, words in seen:
        shown = page(browser_of(who), address)
        assert words in shown
        assert "Maren" not in shown
    assert browser_of(stage.cast.foreign_client).get(answer).status_code == 404


# -- leases


def test_late_tasks_get_more_time_or_go_back(
    stage: Stage, project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    member = stage.cast.member
    lease_tasks(project.id, count=3, by=member.actor, at=AT)
    with django_assert_max_num_queries(6):
        listed = page(browser, "/leases/")
    assert "Member" in listed
    assert "3 over" in listed
    address = f"/projects/{project.id}/members/{member.account}/leases/"
    assert address in listed
    assert "Give her more time" in page(browser, address)
    assert browser.post(address, {"hours": "72"})["Location"] == "/leases/"
    assert "Nothing is late" in page(browser, "/leases/")
    assert "3" in page(browser, "/leases/?show=all")
    assert browser.post(address, {"do": "return"})["Location"] == "/leases/"
    assert not Lease.objects.filter(state="open").exists()
    assert "holds no task" in page(browser, address)
    assert browser.get("/leases/?after=x").status_code == 404


def test_named_tasks(stage: Stage, project: Project, browser: Client) -> None:
    member = stage.cast.member.account
    address = f"/projects/{project.id}/members/{member}/assign/"
    first, second = Task.objects.filter(project=project).order_by("id")[:2]
    for wrong in ("", "one", "1e3", "9" * 25, " ".join(["1"] * 51)):
        assert browser.post(address, {"tasks": wrong}).status_code == 422
    sent = browser.post(address, {"tasks": f"#{first.id}, {second.id}\n{2**40}"})
    assert sent["Location"] == f"/projects/{project.id}/members/{member}/leases/"
    assert f"2 tasks are in her hands. Not handed to her: {2**40}: no task of this project." in page(
        browser, sent["Location"]
    )
    again = browser.post(address, {"tasks": str(first.id)})
    assert again.status_code == 422
    assert "None of these" in again.content.decode()
    assert "she holds it already" in again.content.decode()


def left_out(stage: Stage, project: Project) -> dict[int, str]:
    """Of ten tasks and one of a batch that isn't open: those that she can't get, with why; four to nine she can."""
    member = stage.cast.member
    held, done, out, full, *_others, poor = Task.objects.filter(project=project).order_by("position")
    lease_tasks(project.id, count=1, by=member.actor, at=AT)
    stage.answer(
        assign_tasks(project.id, member.account, [done.id], by=stage.coordinator.actor, at=AT), member
    )
    Task.objects.filter(id=out.id).update(taken_out_at=AT)
    Task.objects.filter(id=full.id).update(free=0)
    other = stage.add_tasks(project, 1)
    project.batches.filter(id=other.id).update(state="importing")
    project.batches.filter(id=held.batch_id).update(funded_upto=9)
    return {
        held.id: "she holds it already",
        done.id: "she has answered it",
        out.id: "taken out: nobody gets it any more",
        poor.id: "the money does not cover it",
        full.id: "it is full",
        Task.objects.get(batch=other).id: "its batch is not open",
    }


def test_tasks_are_ticked_in_a_list_and_each_that_is_left_out_says_why(
    stage: Stage, project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reasons = left_out(stage, project)
    address = f"/projects/{project.id}/members/{stage.cast.member.account}/assign/"
    with django_assert_max_num_queries(12):
        listed = page(browser, address)
    ticks = [int(one) for one in re.findall(r'name="pick" id="pick-(\d+)"', listed)]
    assert (
        ticks == list(Task.objects.filter(project=project).order_by("id").values_list("id", flat=True))[4:9]
    )
    everything = page(browser, address + "?show=all")
    assert [why for why in reasons.values() if why not in everything] == []
    wanted = [str(one) for one in reasons]
    refused = browser.post(address, {"pick": wanted})
    assert refused.status_code == 422
    said = refused.content.decode()
    assert [task for task, why in reasons.items() if f"Task {task}: {why}" not in said] == []
    sent = browser.post(address, {"pick": [*wanted, str(ticks[0])], "tasks": str(ticks[1])})
    shown = page(browser, sent["Location"])
    assert "2 tasks are in her hands. Not handed to her: " in shown
    assert "taken out: nobody gets it any more" in shown


def test_a_list_to_hand_out_goes_on_where_it_ended(stage: Stage, project: Project, browser: Client) -> None:
    address = f"/projects/{project.id}/members/{stage.cast.member.account}/assign/"
    third, fourth = Task.objects.filter(project=project).order_by("position")[2:4]
    further = page(browser, f"{address}?after={third.batch.number}-{third.position}")
    assert f"pick-{fourth.id}" in further
    assert f"pick-{third.id}" not in further
    for wrong in ("x", "1_0", "٣", "9" * 25):
        assert browser.post(address, {"pick": [wrong]}).status_code == 422
    for wrong in ("x", "1", "-1-2", "٣-1", "9" * 20 + "-1"):
        assert browser.get(address, {"after": wrong}).status_code == 404


def test_why_nothing_can_be_handed_to_her(stage: Stage, project: Project, browser: Client) -> None:
    """Said about her, not to her."""
    task = Task.objects.filter(project=project).earliest("id").id
    abroad = f"/projects/{project.id}/members/{stage.cast.colleague.account}/assign/"
    assert "where she lives" in browser.post(abroad, {"tasks": str(task)}).content.decode()
    member = f"/projects/{project.id}/members/{stage.cast.member.account}"
    said = {"rule": "Look first.", "guideline_version": "1", "seen": "All the same.", "sure": "on"}
    browser.post(f"{member}/decide/", said)
    refused = browser.post(f"{member}/assign/", {"tasks": str(task)})
    assert refused.status_code == 422
    assert "By a decision about her" in refused.content.decode()


def test_a_member_of_elsewhere(stage: Stage, project: Project, browser: Client) -> None:
    for what in ("leases", "assign", "decide"):
        stranger = stage.cast.stranger_member.account
        assert browser.get(f"/projects/{project.id}/members/{stranger}/{what}/").status_code == 404


# -- people


def names_in(shown: str) -> list[str]:
    """The names of the list of people, each the way to her page."""
    return re.findall(r'<th scope="row"><a [^>]*>(\w+)', shown)


def test_people_by_name_and_who_is_silent(
    stage: Stage, project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """She worked long ago and nothing was heard since; her colleague never worked and isn't silent."""
    work(stage, project)
    with django_assert_max_num_queries(6):
        shown = page(browser, "/people-at-work/")
    names = names_in(shown)
    assert names == sorted(names, key=str.casefold)
    assert {"Member", "Colleague", "Reviewer"} <= set(names)
    silent = names_in(page(browser, "/people-at-work/?show=silent"))
    assert silent == ["Member"]
    assert '<th scope="row">' not in page(browser, "/people-at-work/?show=working")
    at = AT + LONG_AGO
    assert silent_count(stage.coordinator.actor, at) == 1
    assert silent_count(stage.coordinator.actor, AT + dt.timedelta(days=6)) == 0
    assert silent_count(stage.cast.stranger.actor, at) == 0
    assert browser.get("/people-at-work/?after=x").status_code == 404


def work(stage: Stage, project: Project) -> None:
    """An hour of hers at AT."""
    span = {"started_at": AT - dt.timedelta(hours=1), "ended_at": AT, "measured_ms": 3_600_000}
    TimeEntry.objects.create(
        member_id=stage.cast.member.account,
        kind=Kind.TASK,
        source="device",
        charge=project.escrow_id or 0,
        counted_ms=3_600_000,
        day=AT.date(),
        received_at=AT,
        **span,
    )


def test_who_needs_somebody(stage: Stage, project: Project) -> None:
    by, monday = stage.coordinator.actor, AT.date()
    work(stage, project)
    assert people_at_work(by, AT, monday, show="needs") == []
    assert [one.name for one in people_at_work(by, AT, monday, show="working")] == ["Member"]
    correction(stage, project)
    lease_tasks(project.id, count=2, by=stage.cast.reviewer.actor, at=AT)
    found = {one.name: one for one in people_at_work(by, AT + dt.timedelta(hours=50), monday, show="needs")}
    assert set(found) == {"Member", "Reviewer"}
    assert (found["Member"].corrections, found["Member"].counted_ms) == (1, 3_600_000)
    assert (found["Reviewer"].late, found["Reviewer"].held) == (2, 2)
    names = [one.name for one in people_at_work(by, AT, monday)]
    one = people_at_work(by, AT, monday)[0]
    assert [other.name for other in people_at_work(by, AT, monday, after=(one.name, one.id))] == names[1:]


def test_one_is_found_by_a_part_of_her_name(stage: Stage, project: Project, browser: Client) -> None:
    """Among hundreds; what she typed stays in the box, and a percent sign is only a sign."""
    shown = page(browser, "/people-at-work/?find=COLL")
    assert names_in(shown) == ["Colleague"]
    assert 'value="COLL"' in shown
    for nobody in ("%", "Stranger"):
        assert '<th scope="row">' not in page(browser, f"/people-at-work/?find={quote(nobody)}")


# -- corrections


def test_a_correction_is_answered(
    stage: Stage, project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = correction(stage, project)
    with django_assert_max_num_queries(6):
        listed = page(browser, "/team/corrections/")
    assert "A power cut" in listed
    assert "was due" in listed
    address = f"/team/corrections/{asked.id}/"
    shown = page(browser, address)
    assert "Member asks for 40 min more" in shown
    # 40 minutes, at 10 seconds for an answer.
    assert re.findall(r"A yes is paid[^<]*", shown) == [
        "A yes is paid from the deposit of this project: about what 240 answers cost. It covers 25 more answers now."
    ]
    refused = browser.post(address, {"accept": "no", "answer": ""})
    assert refused.status_code == 422
    assert browser.post(address, {"accept": "yes", "answer": ""})["Location"] == "/team/corrections/"
    assert Correction.objects.get().state == "accepted"
    assert "No correction waits" in page(browser, "/team/corrections/")
    assert "The time is counted" in page(browser, address)
    assert corrections_due(stage.coordinator.actor) == (0, None)


def test_a_refusal_is_a_decision(stage: Stage, project: Project, browser: Client) -> None:
    asked = correction(stage, project)
    said = {"accept": "no", "answer": "The server was up."}
    assert browser.post(f"/team/corrections/{asked.id}/", said).status_code == 302
    assert "refused" in page(browser, "/team/decisions/")


# -- decisions


def test_a_decision_with_its_why_and_its_appeal(
    stage: Stage, project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    member = stage.cast.member
    address = f"/projects/{project.id}/members/{member.account}/decide/"
    assert "What she has earned stays hers" in page(browser, address)
    said = {"rule": "Look first.", "guideline_version": "1", "seen": "All the same.", "sure": "on"}
    assert browser.post(address, said | {"sure": ""}).status_code == 422
    sent = browser.post(address, said)
    decision = Decision.objects.get()
    assert sent["Location"] == f"/team/decisions/{decision.id}/"
    shown = page(browser, sent["Location"])
    for words in ("Look first.", "All the same.", "version 1", "stays hers", "not contested it"):
        assert words in shown
    appeal(decision.id, "I did look.", by=member.actor, at=decision.decided_at)
    with django_assert_max_num_queries(7):
        listed = page(browser, "/team/decisions/")
    assert "due" in listed
    assert "Somebody else answers" in page(browser, sent["Location"])
    delegate = browser_of(stage.cast.delegate)
    assert "What becomes of the decision?" in page(delegate, sent["Location"])
    answered = delegate.post(sent["Location"], {"reverse": "yes", "answer": "She did."})
    assert answered["Location"] == sent["Location"]
    decision.refresh_from_db()
    assert decision.state == Decision.State.REVERSED
    assert "She did." in page(browser, sent["Location"])
    assert team_decisions(stage.coordinator.actor, open_appeals=True) == []


def test_twice_is_refused_beside_the_form(stage: Stage, project: Project, browser: Client) -> None:
    address = f"/projects/{project.id}/members/{stage.cast.member.account}/decide/"
    said = {"rule": "Look first.", "guideline_version": "1", "seen": "All the same.", "sure": "on"}
    browser.post(address, said)
    again = browser.post(address, said | {"seen": "Still."})
    assert again.status_code == 422
    assert "decided already" in again.content.decode()
    assert browser.post(address, said | {"tasks": "77"}).status_code == 422


def test_foreign_decisions_are_not_listed(stage: Stage, project: Project, browser: Client) -> None:
    address = f"/projects/{project.id}/members/{stage.cast.member.account}/decide/"
    browser.post(address, {"rule": "Look.", "guideline_version": "1", "seen": "Same.", "sure": "on"})
    assert "gives you no more" not in page(browser_of(stage.cast.stranger), "/team/decisions/")
    assert browser.get("/team/decisions/?before=x").status_code == 404


# -- what runs out


def test_projects_that_run_out(stage: Stage) -> None:
    rich = stage.live()
    poor = stage.live(tasks=10)
    stage.add_tasks(poor, 100)
    done = stage.live(tasks=1)
    Task.objects.filter(project=done).update(free=0)
    found = {one.project: one for one in running_out(stage.coordinator.actor)}
    assert rich.id not in found
    assert found[poor.id].uncovered > 0
    assert not found[done.id].has_tasks
    assert running_out(stage.cast.stranger.actor) == []
