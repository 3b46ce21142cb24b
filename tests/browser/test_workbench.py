"""The workbench in Chromium, at the width of a cheap phone: by taps, by keys, without a link."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from palabre.work.models import Annotation, Flag, Lease, Question
from tests.browser.workplace import Workplace, stored, until
from tests.cast import Cast
from tests.work.stage import set_stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast) -> Iterator[Workplace]:
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
    expect(screen.page.locator(".ticks")).to_contain_text("5 received")
    assert Annotation.objects.filter(result__0__value__choices=["happy"]).count() == 5
    assert all(one.active_ms > 0 for one in Annotation.objects.all())
