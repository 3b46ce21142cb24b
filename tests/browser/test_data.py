"""A client's file in Chromium: dropped, cut at 80 %, gone on with after a reload and a new sign-in, put right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from palabre.exchange.actions import run_import
from palabre.exchange.models import Import, Upload
from palabre.exchange.parts import opened
from palabre.times import system_clock
from palabre.work.models import Project, Task
from tests.browser.workplace import DESK, PHONE, Workplace
from tests.cast import Cast
from tests.exchange.conftest import without_tasks
from tests.work.stage import set_stage

pytestmark = [
    pytest.mark.django_db(transaction=True),
]
# Parts begin with 256 kB and grow twofold on a fast link: the third one begins at 80 % of this file.
SIZE, EIGHTY = 960 * 1024, 768 * 1024
OFFLINE = "No connection. It goes on by itself as soon as there is one; what was sent stays here."
DROP = """
([text, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  document.querySelector("form.upload").dispatchEvent(
    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}
"""


def table(third: str) -> str:
    """Rows with a bad one in line 4, filled up with long rows to the exact size."""
    head = f'id,text\n1,"Très bien, merci"\n2,Mal\n3,{third}\n'
    lines, number, left = [head], 4, SIZE - len(head.encode())
    while left:
        start = f"{number},"
        length = min(left - len(start) - 1, 10_000)
        if left - len(start) - 1 - length < 40:
            length = left - len(start) - 1
        lines.append(f"{start}{'x' * length}\n")
        left -= len(start) + length + 1
        number += 1
    return "".join(lines)


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()


@dataclass
class Desk:
    """A client's browser before the data of one project."""

    place: Workplace
    project: Project
    language: str
    context: BrowserContext
    page: Page

    def t(self, sentence: str) -> str:
        with translation.override(self.language):
            return gettext(sentence)

    def open(self) -> None:
        self.page.goto(f"{self.place.url}/projects/{self.project.id}/data/")

    def choose(self, text: str) -> None:
        file: Any = {"name": "avis.csv", "mimeType": "text/csv", "buffer": text.encode()}
        self.page.locator("input[type=file]").set_input_files(file)
        self.page.get_by_role("button", name=self.t("Send the file")).click()

    def drop(self, text: str) -> None:
        self.page.evaluate(DROP, [text, "avis.csv"])

    def cut_at_eighty(self) -> None:
        """From there on no part comes through."""

        def pass_on(route: Route) -> None:
            found = re.search(rb'name="offset"\r\n\r\n(\d+)', route.request.post_data_buffer or b"")
            if found is not None and int(found[1]) >= EIGHTY:
                route.abort("internetdisconnected")
            else:
                route.continue_()

        self.page.route("**/parts", pass_on)

    def see(self, sentence: str) -> None:
        expect(self.page.get_by_text(sentence).first).to_be_visible(timeout=30_000)

    def import_it(self) -> Import:
        self.page.get_by_role("button", name=self.t("Import the file")).click()
        self.see(self.t("Waiting for its turn"))
        ended = run_import(Import.objects.latest("id").id, system_clock)
        # The page asks again by itself.
        expect(self.page.get_by_text(self.t("Waiting for its turn"))).to_have_count(0, timeout=30_000)
        return ended

    def inside(self) -> None:
        """Nothing stands out of the screen."""
        width = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1]


@pytest.fixture(params=[("en", DESK), ("fr", PHONE)], ids=["desk", "phone"])
def desk(request: pytest.FixtureRequest, place: Workplace, cast: Cast) -> Desk:
    language, device = request.param
    project = without_tasks(place.stage)
    context = place.browser.new_context(**device, locale=language)
    context.set_default_timeout(40_000)
    place.opened.append(context)
    context.add_cookies(place.cookies(cast.client_person))
    context.add_cookies([{"name": "django_language", "value": language, "url": place.url}])
    return Desk(place, project, language, context, context.new_page())


def cut_over_a_sign_out(desk: Desk, cast: Cast, content: str) -> None:
    """The link fails at 80 %; the browser is closed over it, and she is signed out meanwhile."""
    desk.open()
    desk.cut_at_eighty()
    desk.drop(content)
    desk.see(desk.t(OFFLINE))
    assert Upload.objects.get().received == EIGHTY
    desk.context.clear_cookies(name="sessionid")
    desk.page.unroute("**/parts")
    desk.open()
    assert "/account/login/" in desk.page.url
    desk.context.add_cookies(desk.place.cookies(cast.client_person))


def test_a_cut_file_goes_on_and_its_bad_row_is_put_right(desk: Desk, cast: Cast) -> None:
    content = table("")
    cut_over_a_sign_out(desk, cast, content)
    desk.open()
    desk.see("avis.csv")
    desk.inside()
    desk.choose(content)
    desk.page.wait_for_url("**/uploads/**")
    with opened(Upload.objects.get()) as file:
        assert file.read() == content.encode()

    desk.see("Très bien, merci")
    desk.see(desk.t("a table (CSV)"))
    desk.inside()
    first = desk.import_it()
    assert first.bad == 1
    desk.see(desk.t("This field, which members are shown, is empty."))
    desk.inside()

    desk.choose(table("Moyen"))
    desk.page.wait_for_url("**/uploads/**")
    second = desk.import_it()
    assert (second.corrects_id, second.bad, second.good, second.known) == (first.id, 0, 1, first.good)
    desk.see(desk.t("Every row was taken."))
    assert Task.objects.filter(project=desk.project).count() == first.good + 1


def test_pausing_and_going_on_by_keyboard(desk: Desk) -> None:
    desk.open()
    desk.cut_at_eighty()
    desk.choose(table(""))
    # The offline note, then a pause and going on with the link back: focus is on the button all the while.
    desk.see(desk.t(OFFLINE))
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("button", name=desk.t("Go on"))).to_be_focused()
    desk.page.unroute("**/parts")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/uploads/**")
    assert Upload.objects.get().whole


def test_another_file_of_the_same_name_is_sent_from_its_beginning(desk: Desk) -> None:
    desk.open()
    desk.cut_at_eighty()
    desk.choose(table(""))
    desk.see(desk.t(OFFLINE))
    desk.page.unroute("**/parts")
    desk.open()
    other = table("")[:-5] + "yyyy\n"
    changed = other.replace("x", "z")
    desk.choose(changed)
    desk.page.wait_for_url("**/uploads/**")
    upload = Upload.objects.order_by("id").last()
    assert upload is not None
    with opened(upload) as file:
        assert file.read() == changed.encode()
    assert Upload.objects.count() == 2


def test_without_script_the_same_form_does(desk: Desk, cast: Cast) -> None:
    context = desk.place.browser.new_context(java_script_enabled=False, locale=desk.language)
    desk.place.opened.append(context)
    context.add_cookies(desk.place.cookies(cast.client_person))
    context.add_cookies([{"name": "django_language", "value": desk.language, "url": desk.place.url}])
    desk.page = context.new_page()
    desk.open()
    desk.choose("id,text\n1,Bien\n2,\n")
    desk.page.get_by_role("button", name=desk.t("Import the file")).click()
    run_import(Import.objects.get().id, system_clock)
    desk.page.get_by_role("button", name=desk.t("Look again")).or_(
        desk.page.get_by_role("link", name=desk.t("Look again"))
    ).click()
    desk.see(desk.t("This field, which members are shown, is empty."))
