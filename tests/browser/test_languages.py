"""Texts in several languages, as a client writes them and as a member reads them on her phone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from palabre.people.models import Account
from palabre.work.actions.launch import launch_project
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Project, Task
from tests.browser.test_every_page import serious
from tests.browser.workplace import Workplace
from tests.cast import Cast
from tests.work.stage import AT, TERMS, TEXTS, set_stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()


def test_a_member_reads_hers_and_what_is_not_there_is_marked(place: Workplace, cast: Cast) -> None:
    """A French member of an English project whose data is Arabic: screens speak each text right, and nothing stops her."""
    french = {"fr": {"name": "Avis de clients"}}
    project = place.stage.ready(terms=replace(TERMS, main_language="en", translations=french, language="ar"))
    by = cast.coordinator.actor
    publish_schema(
        project.id, {**TEXTS, "shows": [{"name": "text", "type": "text", "field": "$text"}]}, by=by, at=AT
    )
    words = {"fr": {"body": "Choisissez **une** réponse."}}
    publish_guideline(project.id, "Choose one answer.", "Clearer.", translations=words, by=by, at=AT)
    Task.objects.filter(project=project).update(payload={"text": "Hotel جميل جدا"})
    launch_project(project.id, without_pilot="A test.", by=by, at=AT)
    Account.objects.filter(id=cast.member.account).update(language="fr")
    page = place.phone(cast.member, locale="fr").new_page()
    page.goto(place.address(project))
    expect(page.get_by_role("heading", level=1, name="Avis de clients")).to_be_visible()
    expect(page.locator(".prose[lang=fr] strong")).to_have_text("une")
    expect(page.locator(".purpose p[lang=en]")).to_have_text(TERMS.purpose)
    expect(page.get_by_text("Choose one answer.")).to_have_count(0)
    page.locator("footer .primary").click()
    shown = page.locator(".text[lang=ar]").first
    expect(shown).to_have_attribute("dir", "rtl")
    page.get_by_text("happy", exact=True).click()


def test_a_client_writes_both_without_losing_a_word(place: Workplace, cast: Cast) -> None:
    page = place.phone(cast.client_person, viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{place.url}/projects/new/")
    page.locator("[name=name_en]").fill("Guest reviews")
    page.locator("[name=purpose_en]").fill("To know what guests like.")
    expect(page.locator("[name=name_fr]")).to_be_hidden()
    page.get_by_role("button", name="Français still empty").click()
    expect(page.locator("[name=name_en]")).to_be_hidden()
    page.locator("[name=name_fr]").fill("Avis de clients")
    expect(page.locator("#preview h3[lang=fr]")).to_have_text("Avis de clients")
    expect(page.locator("#preview p[lang=en]")).to_have_text("To know what guests like.")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("select[name=language]").select_option("wo")
    page.get_by_role("button", name="Create the draft").click()
    expect(page.locator("main")).to_contain_text("The draft is there.")
    made = Project.objects.get()
    assert (made.name, made.translations, made.language) == (
        "Guest reviews", {"fr": {"name": "Avis de clients"}}, "wo",
    )  # fmt: skip
