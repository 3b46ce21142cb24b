"""The workbench when things go wrong: no link, no session, no room, two windows, a browser that is killed."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect
from pytest_django.live_server_helper import LiveServer

from palabre.web import workbench
from palabre.work.models import Annotation, LabelSchema, Lease
from palabre.work.verify import problems
from tests.browser.workplace import Screen, Workplace, stored, until
from tests.cast import Cast
from tests.soak.workbench import Worker, failures, finish, forget, kill, lives, stored_answers
from tests.work.stage import TEXTS, set_stage

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = 3_600_000
FULL = """
(full) => {
  const saved = window.saved ??= { put: IDBObjectStore.prototype.put, add: IDBObjectStore.prototype.add };
  for (const name of ["put", "add"]) {
    IDBObjectStore.prototype[name] = full
      ? () => { throw new DOMException("full", "QuotaExceededError") }
      : saved[name];
  }
}
"""
CONTROLLED = "navigator.serviceWorker.ready.then(() => true)"


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()
    assert list(problems()) == []


def test_an_hour_without_a_link(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    context = place.phone(cast.member)
    page = context.new_page()
    page.clock.install()
    page.goto(place.address(project))
    screen = Screen(page).begin()
    context.set_offline(True)
    for _ in range(3):
        screen.answer()
        page.clock.run_for(20 * 60_000)
    assert stored(project) == 0
    expect(page.locator(".kept")).to_contain_text("3 kept here")
    context.set_offline(False)
    page.clock.run_for(16 * 60_000)
    until(lambda: stored(project) == 3, page)


def test_it_opens_without_a_link_until_the_server_says_that_she_is_signed_out(
    place: Workplace, cast: Cast
) -> None:
    project = place.pictures()
    context = place.phone(cast.member)
    screen = place.bench(context, project).begin()
    page = screen.page
    page.wait_for_function("() => document.querySelector('.frame img')")
    page.evaluate(CONTROLLED)
    screen.answer()
    until(lambda: all(one["state"] != "leased" for one in screen.rows(cast.member, "tasks")), page)
    context.clear_cookies(name="sessionid")
    context.set_offline(True)
    page.reload()
    screen.at_task()
    expect(page.locator(".frame img")).to_be_visible()
    screen.answer()
    context.set_offline(False)
    page.reload()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.locator(".frame")).to_have_count(0)
    # What she gave before goes on its way.
    until(lambda: stored(project) == 2, page)


def test_the_browser_is_killed_in_the_middle(place: Workplace, cast: Cast, tmp_path: Path) -> None:
    project = place.texts()
    phone = place.kept_phone(tmp_path / "phone", cast.member)
    screen = place.bench(phone, project).begin()
    phone.set_offline(True)
    screen.answer("sad")
    screen.answer("happy")
    begun = screen.position
    screen.page.get_by_text("sad", exact=True).click()
    until(lambda: len(screen.rows(cast.member, "journal")) == 3, screen.page)
    kill(tmp_path / "phone")
    forget(phone)
    phone = place.kept_phone(tmp_path / "phone", cast.member)
    screen = place.bench(phone, project).at_task()
    assert screen.position == begun
    expect(screen.page.locator("input:checked")).to_have_value("sad")
    until(lambda: stored(project) == 2, screen.page)
    phone.close()
    assert {one.result[0]["value"]["choices"][0] for one in Annotation.objects.all()} == {"sad", "happy"}


def test_the_mark_of_forms_is_renewed(place: Workplace, cast: Cast) -> None:
    """The page comes from the phone's memory, so nobody but itself can ask for a new mark."""
    project = place.texts(30)
    context = place.phone(cast.member)
    screen = place.bench(context, project).begin()
    screen.page.evaluate(CONTROLLED)
    context.clear_cookies(name="csrftoken")
    screen.page.reload()
    screen.at_task()
    for _ in range(22):
        screen.answer()
    assert len(screen.rows(cast.member, "tasks")) == 30


def test_killed_at_random_instants(place: Workplace, cast: Cast, tmp_path: Path) -> None:
    """A short run of `./run soak workbench`."""
    project, folder = place.texts(100), tmp_path / "phone"
    worker = Worker(Random(20_261_125), ("happy", "sad"))

    def start() -> BrowserContext:
        return place.kept_phone(folder, cast.member)

    lives(worker, start, place.address(project), folder, kills=2, longest=3)
    left = finish(start, place.address(project))
    assert (failures(worker, stored_answers(project.id)), left) == ([], 0)


@pytest.mark.parametrize("how", ["reply lost", "request lost", "server error", "signed out in between"])
def test_whatever_happens_on_the_way_it_counts_once(place: Workplace, cast: Cast, how: str) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    tries: list[str] = []

    def meddle(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if len(tries) > 1:
            return route.continue_()
        if how == "reply lost":
            route.fetch()
        if how == "server error":
            return route.fulfill(status=503, headers={"Retry-After": "1"}, body="{}")
        if how == "signed out in between":
            return route.fulfill(status=401, body="{}")
        return route.abort()

    screen.page.route("**/api/v1/sync", meddle)
    screen.answer()
    screen.send()
    keys = [
        [one["key"] for one in json.loads(body)["items"] if one["type"] == "answer"] for body in tries[:2]
    ]
    assert keys[0] == keys[1]
    assert stored(project) == 1
    assert [one["status"] for one in screen.rows(cast.member, "receipts") if one["type"] == "answer"] == [
        "duplicate" if how == "reply lost" else "stored"
    ]


def test_two_windows(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    context = place.phone(cast.member)
    first = place.bench(context, project).begin()
    title = first.position
    first.page.get_by_text("sad", exact=True).click()
    second = place.bench(context, project)
    expect(second.page.get_by_text("Your work is open in another window")).to_be_visible()
    second.page.get_by_role("button", name="Go on here").click()
    second.at_task()
    assert second.position == title
    expect(second.page.locator("input:checked")).to_have_value("sad")
    expect(first.page.get_by_text("Your work is open in another window")).to_be_visible()
    second.answer("happy")
    second.send()
    until(lambda: stored(project) == 1, second.page)
    assert Annotation.objects.get().result[0]["value"]["choices"] == ["happy"]


def test_a_phone_that_can_save_no_more(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    page = screen.page
    before, forward = screen.position, page.get_by_role("button", name="Next", exact=True)
    page.evaluate(FULL, True)
    page.get_by_text("happy", exact=True).click()
    forward.click()
    expect(page.get_by_role("alert")).to_contain_text("can't save any more")
    expect(page.locator("input:checked")).to_have_value("happy")
    page.evaluate(FULL, False)

    def gone_on() -> bool:
        # The Next of before may be at its end only now, or even succeed.
        forward.click()
        return screen.position != before

    until(gone_on, page)
    expect(page.get_by_role("alert")).to_be_empty()
    screen.send()
    until(lambda: stored(project) == 1, page)


def test_an_answer_that_the_server_cannot_take_is_put_right(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    page = screen.page
    other = {**TEXTS["asks"][0], "labels": [{"value": "sad"}, {"value": "other"}]}
    LabelSchema.objects.filter(project=project).update(body={**TEXTS, "asks": [other]})
    screen.answer("happy")
    screen.answer("sad")
    screen.send()
    until(lambda: stored(project) == 1, page)
    expect(page.locator("p.notice", has_text="1 answer needs you")).to_be_visible()
    page.get_by_role("button", name="Open it").click()
    expect(page.locator("dialog .hint").first).to_contain_text("is not a label of this question")
    expect(page.locator("dialog")).not_to_contain_text("$")
    page.locator("dialog").get_by_role("button", name="Open it").first.click()
    expect(page.locator(".why")).not_to_contain_text("$")
    expect(page.get_by_text("The server could not take this answer")).to_be_visible()
    screen.answer("sad")
    screen.send()
    until(lambda: stored(project) == 2, page)
    expect(page.get_by_text("1 answer needs you")).to_have_count(0)


def test_a_lease_that_is_over_still_counts(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    context = place.phone(cast.member)
    screen = place.bench(context, project).begin()
    context.set_offline(True)
    screen.answer()
    leased = Lease.objects.order_by("id").first()
    assert leased is not None
    Lease.objects.filter(id=leased.id).update(state="expired")
    leased.task.free |= 1 << leased.place
    leased.task.save()
    context.set_offline(False)
    screen.send()
    until(lambda: stored(project) == 1, screen.page)
    assert Annotation.objects.get().late
    assert [one["status"] for one in screen.rows(cast.member, "receipts") if one["type"] == "answer"] == [
        "late"
    ]


def test_a_shared_phone(place: Workplace, cast: Cast) -> None:
    """She signs out without a link; the next person sees that something waits, not what; it still gets through."""
    project = place.texts()
    context = place.phone(cast.member)
    screen = place.bench(context, project).begin()
    page = screen.page
    page.evaluate(CONTROLLED)
    context.set_offline(True)
    screen.answer()
    screen.menu("Sign out")
    expect(page.get_by_text("1 answer is not sent yet")).to_be_visible()
    page.get_by_role("button", name="Keep on this phone and sign out").click()
    expect(page.get_by_text("your session ends as soon as there is one")).to_be_visible()
    # The link to /sync is still cut for the next person's first look.
    context.route("**/api/v1/sync", lambda route: route.abort())
    context.set_offline(False)
    # Any page that gets through ends her session.
    page.goto(f"{place.url}/pay/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    context.clear_cookies()
    context.add_cookies(place.cookies(cast.reviewer))
    other = place.bench(context, project)
    expect(other.page.get_by_text("1 answer of somebody else waits for a connection")).to_be_visible()
    assert other.page.evaluate("document.body.innerText").count("happy") == 0
    assert stored(project) == 0
    context.unroute("**/api/v1/sync")
    other.page.reload()
    until(lambda: stored(project) == 1, other.page)
    assert Annotation.objects.get().member_id == cast.member.account


def test_answers_in_a_file_go_by_another_phone(place: Workplace, cast: Cast, tmp_path: Path) -> None:
    project = place.texts()
    context = place.phone(cast.member)
    screen = place.bench(context, project).begin()
    context.set_offline(True)
    screen.answer()
    screen.answer()
    screen.page.get_by_role("button", name="Menu", exact=True).click()
    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name="Save unsent answers to a file").click()
    file = tmp_path / "answers.palabre"
    download.value.save_as(file)
    other = place.bench(place.phone(cast.reviewer), project).begin()
    for _ in range(3):
        other.page.get_by_role("button", name="Menu", exact=True).click()
        other.page.locator("input[type=file]").set_input_files(file)
        until(lambda: stored(project) == 2, other.page)
    # Then her own phone has its link again.
    context.set_offline(False)
    screen.sent()
    assert stored(project) == 2
    assert set(Annotation.objects.values_list("member_id", flat=True)) == {cast.member.account}


def test_a_new_version_is_offered_and_never_forced(
    place: Workplace, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    page = screen.page
    page.evaluate(CONTROLLED)
    page.reload()
    screen.at_task()
    page.get_by_text("sad", exact=True).click()
    found = workbench._file
    newer = tmp_path / "sw.js"
    newer.write_bytes(found("sw.js").read_bytes() + b"\n// newer")
    monkeypatch.setattr(workbench, "_file", lambda name: newer if name == "sw.js" else found(name))
    page.evaluate("navigator.serviceWorker.getRegistration('/bench/').then(one => one.update())")
    expect(page.get_by_text("A new version is ready.")).to_be_visible()
    expect(page.locator("input:checked")).to_have_value("sad")
    page.evaluate("window.old = true")
    page.get_by_role("button", name="Use it now").click()
    page.wait_for_function("() => window.old === undefined")
    screen.at_task()
    expect(page.locator("input:checked")).to_have_value("sad")
