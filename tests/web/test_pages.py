"""Long lists come page by page: every row once, in order, whatever the size of a page."""

import base64
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from palabre.web.errors import BadCursor
from palabre.web.pages import Paging, page
from tests.cast import Cast
from tests.web.answers import assert_problem, call, said


def _paging(cursor: str | None, limit: int) -> Paging:
    """As it comes in a query, where everything is text."""
    return Paging.model_validate({"cursor": cursor, "limit": str(limit)})


@given(st.sets(st.integers(0, 10**17), max_size=30), st.integers(1, 40))
def test_every_row_once_by_number(keys: set[int], limit: int) -> None:
    rows = sorted(keys)
    seen: list[object] = []
    paging = _paging(None, limit)
    while True:
        got = page(
            paging, int, lambda after, most: [k for k in rows if after is None or k > after][:most], int
        )
        items = got["items"]
        assert isinstance(items, list)
        assert len(items) <= limit
        seen += items
        if got["next"] is None:
            break
        paging = _paging(str(got["next"]), limit)
    assert seen == rows


@pytest.mark.parametrize("limit", [1, 3, 200])
def test_every_row_once_over_http(cast: Cast, limit: int) -> None:
    seen, path = [], f"/people?limit={limit}"
    cursor: str | None = ""
    while cursor is not None:
        got = said(call("GET", path + (f"&cursor={cursor}" if cursor else ""), cast.administrator))
        seen += [row["id"] for row in got["items"]]
        cursor = got["next"]
    assert seen == sorted(set(seen))
    assert len(seen) == 10


def test_a_page_is_one_statement(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):  # who asks, and the rows
        call("GET", "/people", cast.administrator)


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor", ["x", "é", "====", "a" * 100, _cursor("1"), _cursor("' OR 1=1 --"), _cursor("\x00")]
)
def test_cursors_that_nobody_gave(cast: Cast, cursor: str) -> None:
    assert_problem(call("GET", f"/people?cursor={cursor}", cast.administrator), 422, "bad_cursor")


@pytest.mark.parametrize("text", ["-1", "1_000", "1e3", "٣", " 1", "9" * 19, "not a number"])
def test_cursors_that_are_no_number(text: str) -> None:
    with pytest.raises(BadCursor):
        page(_paging(_cursor(text), 1), int, lambda _after, _most: [], int)


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1_0", "1e1", "+5", "٣", "", "1.0", " 5"])
def test_limits_that_are_none(cast: Cast, limit: str) -> None:
    assert_problem(call("GET", f"/people?limit={limit}", cast.administrator), 422, "input_refused")


def test_rows_that_go_meanwhile_shift_nothing() -> None:
    rows = list(range(100))
    paging, seen, chance = _paging(None, 7), [], Random(1)
    while True:
        got = page(
            paging, int, lambda after, most: [k for k in rows if after is None or k > after][:most], int
        )
        seen += list(got["items"])  # type: ignore[call-overload]
        rows.remove(chance.choice(rows))
        if got["next"] is None:
            break
        paging = _paging(str(got["next"]), 7)
    assert seen == sorted(set(seen))
    assert set(rows) <= set(seen)
