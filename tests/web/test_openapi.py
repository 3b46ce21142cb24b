"""The API does what its document says. `./run soak api` asks much longer."""

import re
from collections import Counter

import pytest
from django.test import Client
from ninja import Schema

from palabre.api import api
from palabre.web import sign_in
from palabre.web.limits import RateLimiter
from tests.cast import Cast
from tests.soak.api import ask_everything
from tests.web.world import build


def test_every_answer_is_as_the_document_says(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = RateLimiter(rate=1e9, burst=1e9)
    monkeypatch.setattr(sign_in, "_limiter", lambda: limiter)
    outcome = ask_everything(build(cast), tries=12, chance=1)
    assert outcome.failures == []
    assert outcome.statuses[200] + outcome.statuses[201] > 20


def test_each_operation_is_described() -> None:
    document = api.get_openapi_schema(path_prefix="/api/v1")
    seen = set()
    for methods in document["paths"].values():
        for details in methods.values():
            assert details["operationId"] not in seen
            seen.add(details["operationId"])
            assert details["tags"], details["operationId"]
            assert len(details["description"].split("\n\n")[0]) > 10, details["operationId"]
            assert {"400", "422"} <= {str(status) for status in details["responses"]}


def test_no_two_forms_have_one_name() -> None:
    """In the document the second would stand for both."""
    waiting, names = [Schema], Counter[str]()
    while waiting:
        found = [one for one in waiting.pop().__subclasses__() if one.__module__.startswith("palabre.")]
        names.update(one.__name__ for one in found)
        waiting += found
    assert [name for name, often in names.items() if often > 1 and "[" not in name] == []


def test_the_document_is_served() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Palabre"
    assert "Problem" in document["components"]["schemas"]


def test_the_page_asks_no_other_host() -> None:
    page = Client().get("/api/v1/docs").content.decode()
    assert re.findall(r"""(?:src|href)=["'](?!/)([^"']*)""", page) == []
    assert '"validatorUrl": null' in page
    for address in re.findall(r"""(?:src|href)=["'](/static/[^"']*)""", page):
        assert Client().get(address).status_code == 200, address
