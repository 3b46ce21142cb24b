"""The workbench for everybody: read by axe in both themes, at 320 px with letters twice as large, nothing from
elsewhere, targets that a thumb hits, still for who wants no motion."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from palabre.people.models import Account
from palabre.work.models import LabelSchema, Task
from tests.browser.test_every_page import serious
from tests.browser.workplace import DESK, PHONE, Screen, Workplace
from tests.cast import Cast
from tests.work.stage import TEXTS, set_stage

pytestmark = pytest.mark.django_db(transaction=True)
PANELS = ("Skip", "Mark", "Ask", "Guideline", "Menu")
SMALL = """
() => [...document.querySelectorAll('button, a, select, textarea, label.choice, .switch, .file-button')]
  .filter(one => one.checkVisibility())
  .map(one => [one.textContent || one.ariaLabel, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)
"""
# What the focus is on lies under the bar or the top.
HIDDEN = """
() => {
  const one = document.activeElement.getBoundingClientRect();
  const at = document.elementFromPoint(one.left + one.width / 2, Math.min(one.top + 8, one.bottom - 1));
  return !at || !(document.activeElement.contains(at) || at.contains(document.activeElement)
    || at.closest('label')?.contains(document.activeElement));
}
"""


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()


def checked(page: Page, *, wide: int, where: str) -> None:
    page.wait_for_timeout(250)
    assert serious(page) == [], where
    assert page.evaluate("document.documentElement.scrollWidth") <= wide, where
    assert page.evaluate(SMALL) == [], where


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("shape", ["phone", "desk"])
def test_every_view_is_for_everybody(place: Workplace, cast: Cast, theme: str, shape: str) -> None:
    options = {**DESK, "has_touch": False, "is_mobile": False} if shape == "desk" else PHONE
    wide = options["viewport"]["width"]
    context = place.phone(cast.member, color_scheme=theme, reduced_motion="reduce", **options)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.goto(place.address(place.pictures()))
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
    checked(page, wide=wide, where="guideline")
    screen = Screen(page).begin()
    page.get_by_text("happy", exact=True).click()
    checked(page, wide=wide, where="task")
    for name in PANELS:
        page.get_by_role("button", name=name, exact=True).click()
        checked(page, wide=wide, where=name)
        page.keyboard.press("Escape")
    page.locator(".clock").click()
    checked(page, wide=wide, where="clock")
    page.keyboard.press("Escape")
    screen.menu("Your last answers")
    checked(page, wide=wide, where="answers")
    page.goto(f"{place.url}/bench/?choose")
    expect(page.get_by_role("heading", name="What do you want to work on?")).to_be_visible()
    checked(page, wide=wide, where="choose")
    assert complaints == []
    assert [one for one in asked if not one.startswith((place.url, "blob:"))] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_letters_twice_as_large_on_the_smallest_phone(place: Workplace, cast: Cast, language: str) -> None:
    Account.objects.filter(id=cast.member.account).update(language=language)
    context = place.phone(cast.member, viewport={"width": 320, "height": 568}, locale=language)
    context.add_init_script(
        "addEventListener('DOMContentLoaded', () => {document.documentElement.style.fontSize = '200%'})"
    )
    page = context.new_page()
    page.goto(place.address(place.texts()))
    page.locator(".primary").click()
    expect(page.locator(".task")).to_be_visible()
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for _ in range(14):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # the browser's own buttons come next
        focused = page.evaluate("document.activeElement.outerHTML")[:200]
        assert not page.evaluate(HIDDEN), focused
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.tools span, .choice span, legend span')]"
        ".filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')"
        ".map(one => one.textContent)"
    )
    assert cut == []


def test_the_bar_is_always_there_on_the_smallest_phone(place: Workplace, cast: Cast) -> None:
    """320 × 568: the tools stand in one row, so that what is looked at scrolls and Next does not."""
    phone = place.phone(cast.member, viewport={"width": 320, "height": 568})
    page = place.bench(phone, place.texts()).begin().page
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_in_viewport(ratio=1)
    tops = {round(one.bounding_box()["y"]) for one in page.locator(".tools button:not(.next)").all()}  # type: ignore[index]
    assert len(tops) == 1


def test_messages_are_said_in_one_place(place: Workplace, cast: Cast) -> None:
    screen = place.bench(place.phone(cast.member), place.texts()).begin()
    page = screen.page
    said: list[str] = []

    def heard(text: str) -> None:
        said.append(text)

    page.expose_function("heard", heard)
    page.evaluate(
        "() => new MutationObserver(() => heard(document.querySelector('[role=status]').textContent))"
        ".observe(document.querySelector('[role=status]'), {childList: true, characterData: true, subtree: true})"
    )
    for _ in range(4):
        screen.answer()
    page.wait_for_timeout(2_200)
    expect(page.get_by_role("status")).to_have_count(1)
    expect(page.locator("[role=alert]")).to_have_count(1)
    words = [one for one in said if one]
    assert words, json.dumps(said)
    assert len(words) <= 3


LONG = (
    "Le marché était plein ce matin, les prix ont encore monté, mais les vendeuses riaient "
    "et le poisson était bien frais"
)
THREE = {
    **TEXTS,
    "asks": [
        {
            **TEXTS["asks"][0],
            "title": {"en": "How does the writer feel?", "fr": "Que ressent la personne qui écrit ?"},
            "labels": [{"value": "happy"}, {"value": "sad"}, {"value": "neither"}],
        }
    ],
}
# The middle of each of them is on the screen, and nothing lies over it.
FREE = """
(all) => [...document.querySelectorAll(all)].map((one) => {
  const box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !!at && (one === at || one.contains(at));
})
"""
# Where the last letter of the text ends, and where what is seen of its box does.
LAST = """
() => {
  const text = document.querySelector('.text').firstChild;
  const range = document.createRange();
  range.setStart(text, text.length - 1);
  range.setEnd(text, text.length);
  return [range.getBoundingClientRect().bottom, document.querySelector('.content').getBoundingClientRect().bottom];
}
"""
FADES = "() => getComputedStyle(document.querySelector('.content'), '::after').content !== 'none'"


def at_long_task(
    place: Workplace, cast: Cast, language: str, wide: int, high: int, *, large: bool = False
) -> Page:
    project = place.texts()
    LabelSchema.objects.filter(project=project).update(body=THREE)
    Task.objects.filter(project=project).update(payload={"text": LONG})
    Account.objects.filter(id=cast.member.account).update(language=language)
    context = place.phone(cast.member, viewport={"width": wide, "height": high}, locale=language)
    if large:
        context.add_init_script(
            "addEventListener('DOMContentLoaded', () => {document.documentElement.style.fontSize = '200%'})"
        )
    page = context.new_page()
    page.goto(place.address(project))
    page.locator(".primary.wide").click()
    expect(page.locator(".task")).to_be_visible()
    page.wait_for_timeout(200)
    return page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("wide", "high"), [(320, 480), (360, 560), (360, 740)])
def test_a_text_and_three_labels_are_seen_together(
    place: Workplace, cast: Cast, language: str, wide: int, high: int
) -> None:
    page = at_long_task(place, cast, language, wide, high)
    assert page.evaluate(FREE, "label.choice") == [True, True, True]
    expect(page.locator(".next")).to_be_in_viewport(ratio=1)
    last, end = page.evaluate(LAST)
    # Either all of the text is seen, or it says that it goes on; at its end nothing lies over it.
    assert page.evaluate(FADES) == (last > end)
    page.locator(".content").evaluate("one => one.scrollTo(0, one.scrollHeight)")
    page.wait_for_timeout(200)
    last, end = page.evaluate(LAST)
    assert last <= end
    assert not page.evaluate(FADES)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("wide", "high"), [(320, 480), (360, 560), (360, 740)])
def test_with_letters_twice_as_large_the_task_comes_first_and_leads_to_its_answers(
    place: Workplace, cast: Cast, language: str, wide: int, high: int
) -> None:
    page = at_long_task(place, cast, language, wide, high, large=True)
    box = page.locator(".text").bounding_box()
    assert box is not None
    assert box["y"] < high / 3
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    page.locator("button.below").click()
    expect(page.locator("label.choice").first).to_be_in_viewport()
    expect(page.locator("button.below")).to_have_count(0)
    for label in page.locator("label.choice").all():
        label.scroll_into_view_if_needed()
        expect(label).to_be_in_viewport(ratio=1)
    page.locator("label.choice").last.click()
    page.locator(".next").click()
    page.wait_for_function("() => document.querySelector('#task-title')?.textContent.match(/2/)")
    box = page.locator(".text").bounding_box()
    assert box is not None
    assert 0 < box["y"] < high / 3
