"""The workbench in Chromium, at the width of a cheap phone: by taps, by keys, and what belongs to one task."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from palabre.times import system_clock
from palabre.timesheet.models import TimeEntry
from palabre.work.actions.questions import answer_question
from palabre.work.models import Annotation, AnnotationRevision, Flag, Lease, Question, Task
from tests.browser.workplace import DESK, Screen, Workplace, stored, until
from tests.cast import Cast
from tests.work.stage import set_stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()


def test_five_texts_by_taps(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    for _ in range(5):
        screen.answer()
        screen.says("Kept on this phone")
    screen.send()
    until(lambda: stored(project) == 5, screen.page)
    until(lambda: len(screen.rows(cast.member, "receipts")) >= 5, screen.page)
    assert all(one.result[0]["value"] == {"choices": ["happy"]} for one in Annotation.objects.all())
    assert all(one.active_ms > 0 for one in Annotation.objects.all())
    until(lambda: TimeEntry.objects.filter(kind="reading").exists(), screen.page)


def test_five_pictures_by_keys_alone(place: Workplace, cast: Cast) -> None:
    project = place.pictures()
    screen = place.bench(place.phone(cast.member, **DESK, has_touch=False, is_mobile=False), project)
    page = screen.page
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Begin":
            break
    page.keyboard.press("Enter")
    screen.at_task()
    expect(page.locator("img[alt='Picture of this task']")).to_be_visible()
    for _ in range(5):
        before = screen.position
        page.keyboard.press("1")
        page.keyboard.press("3")
        expect(page.locator("input:checked")).to_have_count(2)
        page.keyboard.press("Enter")
        screen.left(before)
    page.wait_for_timeout(100)
    screen.send()
    until(lambda: stored(project) == 5, page)
    assert {tuple(one.result[0]["value"]["choices"]) for one in Annotation.objects.all()} == {
        ("happy", "house")
    }


def test_keys_are_off_when_she_says_so(place: Workplace, cast: Cast) -> None:
    screen = place.bench(place.phone(cast.member, **DESK, has_touch=False, is_mobile=False), place.texts())
    screen.begin()
    screen.page.get_by_role("button", name="Menu", exact=True).click()
    screen.page.get_by_label("Keyboard keys").uncheck()
    screen.close()
    screen.page.keyboard.press("1")
    screen.page.keyboard.press("Shift+S")
    expect(screen.page.locator("input:checked")).to_have_count(0)
    expect(screen.page.locator("dialog")).to_have_count(0)


def test_next_waits_for_an_answer_and_says_for_which(place: Workplace, cast: Cast) -> None:
    screen = place.bench(place.phone(cast.member), place.texts()).begin()
    screen.page.get_by_role("button", name="Next", exact=True).click()
    expect(screen.page.locator("fieldset.wanting")).to_contain_text("must be answered")
    expect(screen.page.locator("#q-mood")).to_be_focused()
    screen.page.get_by_role("button", name="Menu", exact=True).focus()
    screen.page.get_by_role("button", name="Next", exact=True).click()
    expect(screen.page.locator("#q-mood")).to_be_focused()


def test_that_an_answer_is_needed_is_not_said_of_the_next_task(place: Workplace, cast: Cast) -> None:
    screen = place.bench(place.phone(cast.member), place.texts()).begin()
    page, first = screen.page, screen.position
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator("fieldset.wanting")).to_be_visible()
    page.get_by_role("button", name="Skip", exact=True).click()
    page.get_by_text("I do not understand what is asked").click()
    page.locator("dialog").get_by_role("button", name="Skip", exact=True).click()
    screen.left(first)
    expect(page.locator("fieldset.wanting")).to_have_count(0)
    expect(page.get_by_text("must be answered")).to_have_count(0)


def test_undo_before_and_after_next(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    page, first = screen.page, screen.position
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    page.get_by_text("happy", exact=True).click()
    undo.click()
    expect(page.locator("input:checked")).to_have_count(0)
    screen.answer("sad")
    undo.click()
    expect(page.locator("#task-title")).to_have_text(first)
    expect(page.locator("input:checked")).to_have_value("sad")
    until(lambda: screen.rows(cast.member, "outbox") == [], page)
    screen.answer("happy")
    screen.send()
    until(lambda: stored(project) == 1, page)
    assert Annotation.objects.get().result[0]["value"]["choices"] == ["happy"]


def test_the_button_says_what_it_takes_back(place: Workplace, cast: Cast) -> None:  # noqa: PLR0915 (one walk)
    """A change, without limit; then Next, for eight seconds; then the answer that has left is corrected."""
    project = place.texts()
    context = place.phone(cast.member)
    page = context.new_page()
    page.clock.install()
    page.goto(place.address(project))
    screen = Screen(page).begin()
    first, button = screen.position, page.locator(".tools button").first
    for label in ("happy", "sad") * 40:
        page.get_by_text(label, exact=True).click()
    for _ in range(80):
        expect(button).to_have_text("Undo")
        button.click()
    expect(page.locator("input:checked")).to_have_count(0)
    expect(button).to_be_disabled()
    screen.answer("sad")
    expect(button).to_have_text("8 sUndo")
    page.clock.run_for(9_000)
    expect(button).to_have_text("Correct")
    until(lambda: stored(project) == 1, page)
    button.click()
    expect(page.locator("#task-title")).to_have_text(first)
    expect(page.get_by_text("You are correcting an answer")).to_be_visible()
    # By mistake: it stays as it was, and no revision comes of it.
    page.get_by_text("happy", exact=True).click()
    page.get_by_role("button", name="Leave it as it was").click()
    screen.left(first)
    assert [one["state"] for one in screen.rows(cast.member, "tasks") if one["revision"] > 1] == []
    expect(button).to_have_text("Correct")
    button.click()
    expect(page.locator("#task-title")).to_have_text(first)
    expect(page.locator("input:checked")).to_have_value("sad")
    screen.answer("happy")
    page.clock.run_for(9_000)
    until(lambda: AnnotationRevision.objects.count() == 1, page)
    assert Annotation.objects.get().revision == 2


def test_a_correction_after_it_was_received(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    Task.objects.filter(project=project).update(payload={"id": "row-1", "text": "So so."})
    screen = place.bench(place.phone(cast.member), project).begin()
    page = screen.page
    screen.answer("sad")
    screen.send()
    until(lambda: stored(project) == 1, page)
    screen.menu("Your last answers")
    # The text that she read and what she said of it, not the file's own name for it.
    expect(page.locator(".given")).to_contain_text("So so.")
    expect(page.locator(".given")).to_contain_text("sad")
    expect(page.locator(".given")).not_to_contain_text("row-1")
    page.get_by_role("button", name="Correct it").click()
    expect(page.get_by_text("You are correcting an answer")).to_be_visible()
    screen.answer("happy")
    screen.send()
    until(lambda: AnnotationRevision.objects.count() == 1, page)
    assert Annotation.objects.get().result[0]["value"]["choices"] == ["happy"]
    until(lambda: TimeEntry.objects.filter(kind="redo").exists(), page)


def test_skip_mark_and_ask(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    page, first = screen.page, screen.position
    page.get_by_role("button", name="Mark", exact=True).click()
    page.get_by_text("Something in it is wrong").click()
    page.locator("dialog").get_by_role("button", name="Mark", exact=True).click()
    expect(page.locator("#task-title")).to_have_text(first)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_label("Your question").fill("Does irony count?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Skip", exact=True).click()
    page.get_by_text("I do not understand what is asked").click()
    page.locator("dialog").get_by_role("button", name="Skip", exact=True).click()
    screen.left(first)
    screen.send()
    until(lambda: Lease.objects.filter(state="skipped", reason="unclear").count() == 1, page)
    # The skip stands beside it, for who looks at what was marked or left.
    assert [(one.reason, one.skipped) for one in Flag.objects.order_by("skipped")] == [
        ("wrong", False),
        ("unclear", True),
    ]
    question = Question.objects.get()
    assert question.text == "Does irony count?"
    answer_question(question.id, "Yes, it does.", by=cast.coordinator.actor, at=system_clock.now())
    page.reload()
    screen.at_task()
    page.get_by_role("button", name="Guideline").click()
    expect(page.get_by_text("Yes, it does.")).to_be_visible()


def test_words_of_a_window_outlive_its_closing_and_a_reload(place: Workplace, cast: Cast) -> None:
    screen = place.bench(place.phone(cast.member), place.texts()).begin()
    page = screen.page
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_label("Your question").fill("Does irony count?")
    screen.close()
    until(lambda: any(one["name"] == "begun" for one in screen.rows(cast.member, "values")), page)
    page.reload()
    screen.at_task()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_label("Your question")).to_have_value("Does irony count?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_label("Your question")).to_have_value("")


def test_a_task_put_aside_comes_back_last(place: Workplace, cast: Cast) -> None:
    screen = place.bench(place.phone(cast.member), place.texts(3)).begin()
    page, first = screen.page, screen.position
    page.get_by_text("happy", exact=True).click()
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_label("Your question").fill("Both?")
    page.get_by_label("Put this task aside").check()
    page.get_by_role("button", name="Send", exact=True).click()
    screen.left(first)
    screen.answer()
    screen.answer()
    expect(page.locator("#task-title")).to_have_text(first)
    expect(page.locator("input:checked")).to_have_value("happy")


def test_a_note_goes_with_the_answer(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    screen.page.get_by_role("button", name="Add a note").click()
    expect(screen.page.get_by_label("Note for the coordinator")).to_be_focused()
    screen.page.get_by_label("Note for the coordinator").fill("Both would fit – dé\u0301jà vu 💩")
    screen.answer()
    screen.send()
    until(lambda: stored(project) == 1, screen.page)
    assert Annotation.objects.get().note == "Both would fit – dé\u0301jà vu 💩"


def test_a_new_guideline_is_shown_and_acknowledged(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    page = screen.page
    screen.answer()
    screen.send()
    until(lambda: stored(project) == 1, page)
    kept = len(screen.rows(cast.member, "journal"))
    page.get_by_text("happy", exact=True).click()
    until(lambda: len(screen.rows(cast.member, "journal")) > kept, page)
    place.new_guideline(project, "Look **again**.", "Irony counts.")
    page.reload()
    # What she is in the middle of is never interrupted.
    expect(page.get_by_text("There is a new guideline")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Irony counts.")).to_be_visible()
    page.get_by_role("button", name="I have read it").click()
    screen.at_task().answer()
    screen.send()
    until(lambda: stored(project) == 3, page)
    assert list(Annotation.objects.order_by("id").values_list("guideline_version", flat=True)) == [1, 1, 2]


def test_in_french_from_the_first_word(place: Workplace, cast: Cast) -> None:
    from palabre.people.models import Account

    Account.objects.filter(id=cast.member.account).update(language="fr")
    context = place.phone(cast.member, locale="fr")
    page = context.new_page()
    page.goto(place.address(place.texts()))
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("button", name="Suivant")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "fr"
    context.set_offline(True)
    page.get_by_role("button", name="Menu").click()
    page.get_by_label("Langue").select_option("en")
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_attached()
