"""Coming in, in Chromium: an invitation, a password, a passkey of a virtual device, an app with codes."""

import re
import time
import uuid
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.screens import sign_in

PASSWORD = "correct horse battery"


@pytest.fixture
def url(demo: str) -> str:
    """By a name: browsers make no passkeys for an address of numbers."""
    return demo.replace("127.0.0.1", "localhost")


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 360, "height": 780}, locale="en")
    yield made
    made.close()


@pytest.fixture
def address(chromium: Browser, url: str) -> str:
    """Somebody is invited by e-mail; her link, as the demo's outbox shows it, and her address."""
    office = chromium.new_context(locale="en")
    tab = sign_in(office, url, "administrator", "en")
    email = f"ama-{uuid.uuid4().hex[:8]}@example.org"
    tab.goto(f"{url}/people/invite/")
    tab.get_by_label("Name").fill("Ama")
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Language").select_option("en")
    tab.get_by_label("Finance").check()
    tab.get_by_role("button", name="Invite", exact=True).click()
    expect(tab.get_by_role("status")).to_contain_text("The invitation is on its way.")
    tab.goto(f"{url}/outbox/")
    message = tab.locator("article", has_text=email)
    message.locator("summary").click()
    link = message.get_by_role("link").get_attribute("href") or ""
    office.close()
    return re.sub(r"^http://[^/]+", url, link) + " " + email


def come_in(context: BrowserContext, address: str) -> Page:
    """By the link of her invitation."""
    tab = context.new_page()
    tab.goto(address.split(maxsplit=1)[0])
    tab.get_by_role("button", name="Come in").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Welcome, Ama")
    return tab


def set_password(tab: Page) -> None:
    field = tab.get_by_label("New password")
    field.fill(PASSWORD)
    expect(field).to_have_attribute("type", "password")
    tab.get_by_label("Show what I type").check()
    expect(field).to_have_attribute("type", "text")
    tab.get_by_role("button", name="Set password").click()
    expect(tab.get_by_role("status")).to_contain_text("Welcome!")


def sign_out(tab: Page, url: str) -> None:
    tab.goto(f"{url}/account/")
    tab.get_by_role("button", name="Sign out", exact=True).click()


def with_password(tab: Page, url: str, login: str) -> None:
    tab.goto(f"{url}/account/login/")
    tab.get_by_label("Phone or e-mail").fill(login)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()


def test_an_invitation_a_password_and_back_again(context: BrowserContext, url: str, address: str) -> None:
    tab = come_in(context, address)
    set_password(tab)
    sign_out(tab, url)
    with_password(tab, url, address.split()[1])
    expect(tab.get_by_role("link", name="Ama")).to_be_visible()
    tab.goto(address.split(maxsplit=1)[0])
    expect(tab.get_by_role("heading", level=1)).to_have_text("This link is over")
    expect(tab.get_by_text("you are signed in on this device")).to_be_visible()


def test_a_passkey_instead_of_a_password(context: BrowserContext, url: str, address: str) -> None:
    tab = come_in(context, address)
    devices = context.new_cdp_session(tab)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    complaints: list[str] = []
    tab.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    tab.get_by_role("button", name="Use a passkey").click()
    tab.get_by_label("Name of this device").fill("Ama's phone")
    tab.get_by_role("button", name="Make a passkey").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    tab.get_by_role("button", name="I have kept them").click()
    expect(tab.get_by_text("Ama's phone").first).to_be_visible()
    sign_out(tab, url)
    tab.goto(f"{url}/account/login/?next=/account/")
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("My account")
    assert complaints == []


def test_a_passkey_that_is_not_given_is_told(context: BrowserContext, url: str) -> None:
    tab = context.new_page()
    devices = context.new_cdp_session(tab)
    devices.send("WebAuthn.enable")
    tab.goto(f"{url}/account/login/")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": False}  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_text("The passkey wasn't used.")).to_be_visible()


def test_an_app_with_codes(context: BrowserContext, url: str, address: str) -> None:
    tab = come_in(context, address)
    set_password(tab)
    tab.goto(f"{url}/account/app/")
    tab.get_by_label("Your password").fill(PASSWORD)
    tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_role("img", name="Picture for your app")).to_be_visible()
    secret = tab.locator("code").first.inner_text()
    counter = int(time.time()) // 30
    tab.get_by_label("Six digits of the app").fill(format_hotp_value(hotp_value(secret, counter)))
    tab.get_by_role("button", name="Use this app").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    recovery = tab.locator("li code").first.inner_text()
    sign_out(tab, url)
    with_password(tab, url, address.split()[1])
    expect(tab.get_by_role("heading", level=1)).to_have_text("One more step")
    tab.get_by_label("Code").fill(recovery)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("link", name="Ama")).to_be_visible()


def test_what_was_typed_survives_the_door(chromium: Browser, url: str) -> None:
    """Signed out in the middle of a form: she signs in, and what she wrote is still there."""
    office = chromium.new_context(viewport={"width": 360, "height": 780}, locale="en")
    tab = sign_in(office, url, "administrator", "en")
    tab.goto(f"{url}/account/password/")
    tab.get_by_label("New password").fill(PASSWORD)
    tab.get_by_role("button", name="Set password").click()
    tab.goto(f"{url}/account/")
    email = tab.locator("dd", has_text="@").inner_text()
    tab.goto(f"{url}/organisations/new/")
    tab.get_by_label("Name of the organisation").fill("Museum of Dakar")
    tab.get_by_label("Country").select_option("SN")
    tab.get_by_label("Name of its first person").fill("Ben")
    office.clear_cookies(name="sessionid")
    tab.get_by_role("button", name="Invite", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in")
    tab.get_by_label("Phone or e-mail").fill(email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_label("Name of the organisation")).to_have_value("Museum of Dakar")
    office.close()
