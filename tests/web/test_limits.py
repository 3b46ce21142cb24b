"""A token may ask so often, and no token takes from another."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.web import sign_in
from palabre.web.limits import RateLimiter
from tests.cast import Cast
from tests.web.answers import assert_problem, call

STEPS = st.lists(st.tuples(st.sampled_from([b"a", b"b"]), st.integers(0, 40)), max_size=80)


@given(STEPS)
def test_never_more_than_the_burst_and_the_rate(steps: Sequence[tuple[bytes, int]]) -> None:
    """In every stretch of time: at most what was saved up, and what came in meanwhile."""
    limiter, now, passed = RateLimiter(rate=2, burst=5), 0.0, {b"a": [], b"b": []}  # type: ignore[var-annotated]
    for key, tenths in steps:
        now += tenths / 10
        if limiter.wait(key, now) == 0:
            passed[key].append(now)
    for times in passed.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                assert last - first + 1 <= 5 + 2 * (times[last] - times[first]) + 1e-6


@given(STEPS)
def test_whoever_waits_as_told_is_let_in(steps: Sequence[tuple[bytes, int]]) -> None:
    limiter, now = RateLimiter(rate=2, burst=5), 0.0
    for key, tenths in steps:
        now += tenths / 10
        seconds = limiter.wait(key, now)
        if seconds:
            now += seconds
            assert limiter.wait(key, now) == 0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    limiter = RateLimiter(rate=1, burst=1)
    assert limiter.wait(b"a", 100.0) == 0
    assert limiter.wait(b"a", 50.0) == 1


def test_memory_is_bounded() -> None:
    limiter = RateLimiter(rate=1, burst=1, most_keys=10)
    for number in range(100):
        assert limiter.wait(str(number).encode(), 0.0) == 0
    assert len(limiter._buckets) == 10
    assert limiter.wait(b"99", 0.0) == 1


def test_over_http(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = RateLimiter(rate=0.5, burst=2)
    monkeypatch.setattr(sign_in, "_limiter", lambda: limiter)
    assert [call("GET", "/me", cast.member).status_code for _ in range(2)] == [200, 200]
    response = call("GET", "/me", cast.member)
    assert_problem(response, 429, "too_many_requests")
    assert int(response["Retry-After"]) == math.ceil(1 / 0.5)
    assert call("GET", "/me", cast.colleague).status_code == 200


def test_every_answer_tells_its_limits_before_one_is_reached(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter = RateLimiter(rate=0.5, burst=3)
    monkeypatch.setattr(sign_in, "_limiter", lambda: limiter)
    told = [call("GET", "/me", cast.member) for _ in range(4)]
    assert [one["RateLimit-Policy"] for one in told] == ['"requests";q=3;w=6'] * 4
    assert [one["RateLimit"].split(";")[1] for one in told] == ["r=2", "r=1", "r=0", "r=0"]
    assert [one.status_code for one in told] == [200, 200, 200, 429]
    refused = call("GET", "/people", cast.colleague)
    assert (refused.status_code, refused["RateLimit"].split(";")[1]) == (403, "r=2")


def test_papers_have_a_limit_beside_it(cast: Cast) -> None:
    sign_in._papers.cache_clear()
    told = call("GET", "/me/statement.pdf?week=2026-W10&language=en", cast.member)
    assert [one.split(";")[:2] for one in told["RateLimit-Policy"].split(", ")][1] == ['"papers"', "q=10"]
    assert '"papers";r=9' in told["RateLimit"]


@given(STEPS)
def test_what_is_told_is_what_is_left(steps: Sequence[tuple[bytes, int]]) -> None:
    limiter, now = RateLimiter(rate=2, burst=5), 0.0
    for key, tenths in steps:
        now += tenths / 10
        left, full = (int(one[2:]) for one in limiter.standing(key, now).split(";"))
        assert (limiter.wait(key, now) == 0) is (left > 0)
        assert 0 <= left <= 5
        assert 0 <= full <= 3
