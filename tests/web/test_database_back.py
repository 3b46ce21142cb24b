"""A request that finds a connection which died with the database takes another one."""

import pytest
from django.db import connection
from django.test import Client

from tests.cast import Persona


@pytest.mark.django_db(transaction=True)
def test_nobody_sees_that_a_connection_had_died(member: Persona, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    connection.close()
    import psycopg

    from palabre.settings import current

    address = current().database_url or ""
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = %s",
            [connection.settings_dict["NAME"]],
        )
    answer = client.get("/api/v1/me", headers=member.headers)
    assert answer.status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != mine
