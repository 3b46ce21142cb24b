"""A line of the log is one JSON object with the id of its request."""

import json
import logging

from palabre.logs import JsonFormatter, request_id


def line(**extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "palabre.pay", "levelname": "INFO", "msg": "paid\nout", **extra})
    found = json.loads(JsonFormatter().format(record))
    assert isinstance(found, dict)
    return found


def test_it_has_its_request() -> None:
    token = request_id.set("r-1")
    try:
        found = line()
    finally:
        request_id.reset(token)
    assert (found["request"], found["level"], found["logger"]) == ("r-1", "info", "palabre.pay")


def test_it_is_one_line() -> None:
    record = logging.makeLogRecord({"msg": "two\nlines"})
    assert "\n" not in JsonFormatter().format(record)


def test_extras_and_tracebacks_are_kept() -> None:
    try:
        int("why")
    except ValueError as error:
        found = line(job="seals", exc_info=(type(error), error, error.__traceback__))
    assert found["job"] == "seals"
    assert "ValueError: invalid literal" in str(found["traceback"])
