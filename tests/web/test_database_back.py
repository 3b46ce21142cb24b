"""A request that finds a connection which died with the database takes another one."""

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from django.test import Client

from palabre.settings import current
from tests.cast import Persona
from tests.web.test_walls_pages import browser_of


def by_token(member: Persona) -> Callable[[], int]:
    client = Client()
    return lambda: client.get("/api/v1/me", headers=member.headers).status_code


def by_session(member: Persona) -> Callable[[], int]:
    browser = browser_of(member)
    return lambda: browser.get("/pay/").status_code


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", [by_token, by_session])
def test_nobody_sees_that_a_connection_had_died(
    member: Persona, way: Callable[[Persona], Callable[[], int]]
) -> None:
    ask = way(member)
    mine = backend()
    connection.close()
    with psycopg.connect(current().database_url or "", autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = %s",
            [connection.settings_dict["NAME"]],
        )
    assert ask() == 200
    assert backend() != mine
