"""Text is compressed for who takes it; what is compressed already is left alone."""

import gzip

import pytest
from django.test import Client

from tests.cast import Cast
from tests.web.test_walls_pages import browser_of

GZIP = {"Accept-Encoding": "gzip"}


def test_a_page_is_a_fraction_of_its_size(cast: Cast) -> None:
    browser = browser_of(cast.member)
    plain, packed = browser.get("/rules/"), browser.get("/rules/", headers=GZIP)
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) * 2 < len(plain.content)
    assert gzip.decompress(packed.content).startswith(b"<!doctype html>")


@pytest.mark.django_db
def test_style_and_the_api_too() -> None:
    client = Client(headers=GZIP)
    for address in ("/static/web/theme.css", "/api/v1/schemas/label-schema.json"):
        assert client.get(address)["Content-Encoding"] == "gzip", address


def test_who_does_not_take_it_gets_it_plain(cast: Cast) -> None:
    assert "Content-Encoding" not in browser_of(cast.member).get("/rules/")
