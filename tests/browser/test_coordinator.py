"""A coordinator and a reviewer do their day in the browser: wide in English, and on a phone in French."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.screens import found, sign_in


@pytest.fixture
def wide(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield made
    made.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    yield made
    made.close()


def nothing_sticks_out(tab: Page) -> None:
    """The page itself never scrolls sideways."""
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_one_answer_for_all_who_asked(wide: BrowserContext, chromium: Browser, demo: str) -> None:
    tab = sign_in(wide, demo, "coordinator", "en")
    tab.get_by_role("link", name="3 questions wait for an answer").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Questions")
    tab.get_by_role("button", name=re.compile("Answer them together")).click()
    boxes = tab.get_by_role("group", name="Questions that this answers").get_by_role("checkbox")
    assert [box.is_checked() for box in boxes.all()] == [True, True, False]
    said = "Parking is transport."
    tab.get_by_label("Your answer").fill(said)
    tab.get_by_role("button", name="Answer for everybody").click()
    expect(tab.get_by_role("status")).to_contain_text("2 questions answered at once")
    expect(tab.locator("main")).to_contain_text(said)
    address = re.sub(r"/projects/([^/]+)/questions/", r"/work/\1/", tab.url)
    for number in range(2):
        with_member(chromium, demo, number, address, said)


def test_signed_out_in_the_middle_of_a_form(wide: BrowserContext, demo: str) -> None:
    """In the demo too, whoever takes her seat again finds herself at the form, with what she had typed in it."""
    tab = sign_in(wide, demo, "member", "en")
    tab.goto(f"{demo}/pay/payouts/")
    tab.get_by_label("How much?").fill("12")
    wide.clear_cookies(name="sessionid")
    tab.get_by_role("button", name="Ask for this payout").click()
    expect(tab.get_by_role("status")).to_contain_text("what you wrote is still there")
    tab.get_by_role("link", name="Change role").click()
    tab.get_by_role("button", name="Be Awa").click()
    expect(tab.get_by_label("How much?")).to_have_value("12")


def with_member(chromium: Browser, demo: str, number: int, address: str, said: str) -> None:
    """Each of the two members of the welcome page reads the answer beside the guideline."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    tab = context.new_page()
    tab.goto(f"{demo}/welcome/")
    card = tab.locator("li.sheet", has=tab.locator("p.kicker", has_text=re.compile(r"^\s*Member\s*$")))
    card.get_by_role("button").nth(number).click()
    tab.wait_for_url(f"{demo}/")
    tab.goto(address)
    expect(tab.locator("main")).to_contain_text(said)
    context.close()


def test_a_correction_on_the_phone(phone: BrowserContext, demo: str) -> None:
    tab = sign_in(phone, demo, "coordinator", "fr")
    tab.goto(demo + "/")
    nothing_sticks_out(tab)
    tab.get_by_role("link", name="1 correction de temps attend").tap()
    tab.get_by_role("button", name=re.compile("Regarder et répondre")).tap()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("demande 40 min de plus")
    nothing_sticks_out(tab)
    tab.get_by_label("Non", exact=True).check()
    tab.get_by_role("button", name="Répondre").tap()
    expect(tab.get_by_role("alert")).to_be_visible()
    expect(tab.get_by_label("Non", exact=True)).to_be_checked()
    tab.get_by_label("Oui, le temps est compté").check()
    tab.get_by_role("button", name="Répondre").tap()
    expect(tab.get_by_role("status")).to_contain_text("Le temps est compté")
    expect(tab.locator("main")).to_contain_text("Aucune correction n’attend")


def test_a_review_with_the_keyboard_alone(wide: BrowserContext, demo: str) -> None:
    """Where the reviewer has a task in her hands already. An answer that no member gave is asked about once."""
    tab = sign_in(wide, demo, "reviewer", "en")
    tab.goto(demo + found(tab, demo, "/reviews/{review}/"))
    field = tab.get_by_role("checkbox").first
    tab.keyboard.press("1")
    expect(field).to_be_checked()
    tab.keyboard.press("1")
    expect(field).not_to_be_checked()
    tab.keyboard.press("1")
    tab.get_by_label("Why?").focus()
    tab.keyboard.type("It is 1 of all that is asked.")
    expect(field).to_be_checked()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Send and stop")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status").or_(tab.get_by_role("alert")).first).to_be_visible()
    if tab.get_by_text("No member gave this answer").is_visible():
        tab.get_by_role("button", name="Send and stop").focus()
        tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("Your decision stands")
    expect(tab.locator("main")).to_contain_text("It is 1 of all that is asked.")


def test_a_review_on_the_phone(phone: BrowserContext, demo: str) -> None:
    """Taken, given back with a reason, and counted."""
    tab = sign_in(phone, demo, "reviewer", "fr")
    tab.goto(f"{demo}/reviews/")
    nothing_sticks_out(tab)
    tab.locator("main .cards").get_by_role("button").or_(
        tab.locator("main .cards a[role=button]")
    ).first.tap()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Que voyez-vous")
    nothing_sticks_out(tab)
    tab.get_by_text("Je ne peux pas trancher celle-ci").tap()
    tab.get_by_label("Qu’est-ce qui vous empêche de trancher ?").fill("Je connais la personne.")
    tab.get_by_role("button", name="La rendre").tap()
    expect(tab.get_by_role("status")).to_contain_text("Votre temps compte quand même")


def test_labels_that_are_not_published_are_not_lost_without_a_word(wide: BrowserContext, demo: str) -> None:
    """Loading the page again asks first, once something is typed or a label added; sending asks nothing."""
    leaving = """() => {
        const event = new Event("beforeunload", { cancelable: true });
        window.dispatchEvent(event);
        return event.defaultPrevented;
    }"""
    tab = sign_in(wide, demo, "client", "en")
    tab.goto(demo + found(tab, demo, "/projects/{draft}/setup/asked/?begin=sentiment"))
    assert not tab.evaluate(leaving)
    tab.get_by_role("button", name="Add a label").first.click()
    expect(tab.locator("#builder [autofocus]")).to_be_focused()
    assert tab.evaluate(leaving)
    tab.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    tab.get_by_role("button", name="Publish and go on").click()
    assert not tab.evaluate(leaving)
    tab.locator("#field").fill("words")
    assert tab.evaluate(leaving)
