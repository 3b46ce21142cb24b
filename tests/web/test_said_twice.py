"""A value that a request says twice is refused at every door: which one was meant is nobody's guess."""

import pytest

from tests.cast import Cast, Persona
from tests.web.answers import assert_problem, call
from tests.web.test_walls_pages import browser_of

pytestmark = pytest.mark.urls("tests.web.test_page")
ANA = '"roles": ["finance"], "language": "fr"'


@pytest.mark.parametrize(
    "raw",
    [
        f'{{"name": "Ana", {ANA}, "name": "Bea"}}',
        f'{{"name": "Ana", {ANA}, "home": {{"country": "SN", "country": "FR", "timezone": "Africa/Dakar"}}}}',
        f'{{"name": "Ana", {ANA}, "n\\u0061me": "Ana"}}',
        '{"items": [{"a": {"b": 1, "b": 1}}]}',
    ],
)
def test_a_name_in_json_at_any_depth(administrator: Persona, raw: str) -> None:
    assert_problem(call("POST", "/people", administrator, raw=raw.encode()), 400, "said_twice")


def test_a_list_that_is_read_one_by_one(cast: Cast) -> None:
    raw = b'{"device_now": "2026-01-05T08:00:00Z", "items": [], "items": [{"type": "answer"}]}'
    assert_problem(call("POST", "/sync", cast.member, raw=raw), 400, "said_twice")


def test_a_word_of_the_query(administrator: Persona) -> None:
    assert_problem(call("GET", "/people?limit=1&limit=2", administrator), 400, "said_twice")
    assert call("GET", "/people?limit=1", administrator).status_code == 200


def test_a_word_of_a_pages_query(cast: Cast) -> None:
    assert browser_of(cast.member).get("/fails/?why=state&why=missing").status_code == 400


def test_the_api_reads_names_in_the_same_way(administrator: Persona) -> None:
    refused = call(
        "POST", "/people", administrator, {"name": "a\x1bb", "roles": ["finance"], "language": "fr"}
    )
    assert assert_problem(refused, 422, "input_refused")["errors"][0]["path"] == "body.name"
    made = call("POST", "/people", administrator, {"name": "Ana\nB", "roles": ["finance"], "language": "fr"})
    assert made.status_code == 201
