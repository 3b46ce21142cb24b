"""What probes are told, and what people are told when something has run out."""

import errno
import shutil
from typing import NamedTuple

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client
from psycopg_pool import PoolTimeout

from palabre.web.errors import NoRoom, Unavailable
from palabre.web.problems import answer, from_exception


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.0.0.5", "[fd00::5]:8000", "pod-7.cluster.example", ""])
@pytest.mark.parametrize("probe", ["/healthz", "/readyz"])
def test_a_probe_asks_under_any_name(probe: str, host: str) -> None:
    assert Client().get(probe, headers={"Host": host}).status_code == 200


@pytest.mark.django_db
def test_a_page_under_a_foreign_name_says_what_to_do() -> None:
    refused = Client().get("/", headers={"Host": "evil.example", "Accept": "text/html"})
    assert refused.status_code == 400
    assert "PALABRE_ALLOWED_HOSTS" in refused.content.decode()


@pytest.mark.django_db
def test_a_full_disk_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 10**12, 10**6))
    told = Client().get("/readyz")
    assert (told.status_code, told.json()) == (503, {"status": "disk full"})


def database(error: Exception) -> Exception:
    wrapped = OperationalError("wrapped")
    wrapped.__cause__ = error
    return wrapped


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Quota exceeded"),
        database(psycopg.errors.DiskFull("could not extend file")),
    ],
)
def test_no_room_is_said_with_when_to_come_again(error: Exception) -> None:
    told = answer(from_exception(error))
    assert isinstance(from_exception(error), NoRoom)
    assert (told.status_code, told["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    "error",
    [
        PoolTimeout("none"),
        psycopg.errors.TooManyConnections("too many"),
        psycopg.errors.AdminShutdown("terminating connection"),
        psycopg.errors.CannotConnectNow("the database system is starting up"),
        psycopg.OperationalError("server closed the connection unexpectedly"),
    ],
)
def test_no_connection_left_is_said_with_when_to_come_again(error: Exception) -> None:
    told = answer(from_exception(database(error)))
    assert isinstance(from_exception(database(error)), Unavailable)
    assert (told.status_code, told["Retry-After"]) == (503, "5")
