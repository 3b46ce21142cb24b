"""Size, form and JSON are bounded before a room sees them; bad input never answers 5xx and never writes."""

import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.people.models import Account
from tests.cast import Cast, Persona
from tests.web.answers import assert_problem, call

MIB = 1_048_576
ANA = {"name": "Ana", "roles": ["finance"], "language": "fr"}


@pytest.mark.parametrize(
    "raw", [b"{", b"", b"nope", b"[1,]", b"{'a': 1}", b"\xef\xbb\xbf{}", b'{"name": "\xff"}']
)
def test_what_is_no_json(administrator: Persona, raw: bytes) -> None:
    code = "input_refused" if raw == b"" else "not_json"
    assert_problem(call("POST", "/people", administrator, raw=raw), 422 if raw == b"" else 400, code)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e", "01", "+1", "0x1", "1" * 5000])
def test_what_is_no_number(administrator: Persona, word: str) -> None:
    raw = f'{{"name": {word}}}'.encode()
    assert_problem(call("POST", "/people", administrator, raw=raw), 400, "not_json")


@pytest.mark.parametrize("word", ["1e400", "-1e999", "9223372036854775808", "1" * 400])
def test_numbers_that_no_column_holds(administrator: Persona, word: str) -> None:
    raw = f'{{"name": "A", "more": [{{"deep": {word}}}]}}'.encode()
    problem = assert_problem(call("POST", "/people", administrator, raw=raw), 422, "number_refused")
    assert problem["errors"][0]["path"] == "body.more.0.deep"


@pytest.mark.parametrize("text", [r"\u0000", r"a\u0000b"])
def test_nul_is_refused(administrator: Persona, text: str) -> None:
    raw = f'{{"name": "{text}"}}'.encode()
    assert_problem(call("POST", "/people", administrator, raw=raw), 422, "text_refused")
    raw = f'{{"{text}": 1}}'.encode()
    assert_problem(call("POST", "/people", administrator, raw=raw), 422, "text_refused")


def test_an_escaped_backslash_is_no_nul(administrator: Persona) -> None:
    raw = json.dumps(ANA | {"name": "\\u0000"}).encode()
    assert call("POST", "/people", administrator, raw=raw).status_code == 201


@pytest.mark.parametrize("text", [r"\ud800", r"\udc00", r"a\ud800b"])
def test_half_characters_are_refused(administrator: Persona, text: str) -> None:
    raw = f'{{"name": "{text}"}}'.encode()
    assert call("POST", "/people", administrator, raw=raw).status_code == 400


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_depth_is_bounded(administrator: Persona, opening: str, closing: str) -> None:
    for depth in (250, 100_000):
        raw = (opening * depth + "1" + closing * depth).encode()
        assert_problem(call("POST", "/people", administrator, raw=raw), 400, "not_json")


def test_size_is_bounded(administrator: Persona) -> None:
    raw = b'{"name": "' + b"a" * MIB + b'"}'
    assert_problem(call("POST", "/people", administrator, raw=raw), 413, "body_too_big")


@pytest.mark.parametrize(
    "form", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_the_form_is_said(administrator: Persona, form: str) -> None:
    response = call("POST", "/people", administrator, ANA, content_type=form)
    assert_problem(response, 415, "wrong_media_type")


@pytest.mark.parametrize("query", ["limit=1%00", "cursor=%00", "x=%00"])
def test_nul_in_the_query(administrator: Persona, query: str) -> None:
    assert_problem(call("GET", f"/people?{query}", administrator), 400, "unreadable_request")


def test_a_name_that_nothing_reads(administrator: Persona) -> None:
    problem = assert_problem(call("GET", "/people?limt=3", administrator), 422, "input_refused")
    assert [(fault["path"], fault["code"]) for fault in problem["errors"]] == [
        ("query.limt", "extra_forbidden")
    ]


def test_nul_in_the_path(administrator: Persona) -> None:
    assert call("GET", "/people/a%00b", administrator).status_code == 400


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
            max_leaves=15,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_whatever_comes_is_answered_and_nothing_is_half_written(cast: Cast, raw: bytes) -> None:
    before = Account.objects.count()
    for path in ("/people", "/sync", "/clients"):
        with transaction.atomic():
            response = call("POST", path, cast.administrator, raw=raw)
            assert 400 <= response.status_code < 500, response.content
    assert Account.objects.count() == before
