"""A write sent twice happens once; the answer comes twice."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from palabre.people.actions import erase_person, grant_role
from palabre.people.actor import SYSTEM
from palabre.people.models import Account, Role, Token
from palabre.people.permissions import Permission
from palabre.people.queries import actor_for_token
from palabre.record.models import Event, Request
from palabre.times import system_clock
from palabre.web.access import allowed
from palabre.web.idempotency import once
from tests.cast import BEGAN, Cast, Persona, gather
from tests.web.answers import assert_problem, call, said

ANA = {"name": "Ana", "email": "ana@example.org", "roles": ["finance"], "language": "fr"}


def test_same_key_same_body(administrator: Persona) -> None:
    first = call("POST", "/people", administrator, ANA, idempotency_key="k1")
    counted = Account.objects.count(), Event.objects.count()
    again = call("POST", "/people", administrator, ANA, idempotency_key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (first.get("Idempotent-Replay"), again["Idempotent-Replay"]) == (None, "true")
    assert counted == (Account.objects.count(), Event.objects.count())


def test_same_key_other_request(cast: Cast) -> None:
    call("POST", "/people", cast.administrator, ANA, idempotency_key="k1")
    other = call("POST", "/people", cast.administrator, ANA | {"name": "Bea"}, idempotency_key="k1")
    assert_problem(other, 409, "key_reused")
    path = f"/people/{cast.member.account}"
    assert_problem(call("DELETE", path, cast.administrator, idempotency_key="k1"), 409, "key_reused")


def test_a_key_belongs_to_one_person_of_one_organisation(cast: Cast) -> None:
    grant_role(cast.finance.account, cast.operator.id, Role.ADMINISTRATOR, by=SYSTEM, at=BEGAN)
    call("POST", "/people", cast.administrator, ANA, idempotency_key="k1")
    assert_problem(call("POST", "/people", cast.finance, ANA, idempotency_key="k1"), 409, "key_reused")
    elsewhere = call("POST", "/people", cast.stranger, ANA | {"email": None}, idempotency_key="k1")
    assert elsewhere.status_code == 201


@pytest.mark.parametrize("key", ["", " ", "é", "a b", "a" * 201])
def test_without_a_good_key_nothing_is_done(administrator: Persona, key: str) -> None:
    before = Account.objects.count()
    assert_problem(call("POST", "/people", administrator, ANA, idempotency_key=key), 422, "key_missing")
    assert Account.objects.count() == before


def test_a_refusal_leaves_nothing_and_frees_its_key(cast: Cast) -> None:
    path, role = f"/people/{cast.finance.account}/roles", {"role": "finance"}
    assert_problem(
        call("POST", path, cast.administrator, role, idempotency_key="k1"), 409, "people.role_held"
    )
    assert not Request.objects.exists()
    call("DELETE", f"{path}/finance", cast.administrator)
    assert call("POST", path, cast.administrator, role, idempotency_key="k1").status_code == 201


def test_a_secret_is_shown_once_and_kept_nowhere(cast: Cast) -> None:
    path, body = "/me/tokens", {"name": "phone", "scopes": ["work.do"]}
    first = said(call("POST", path, cast.member, body, idempotency_key="k1"))
    again = said(call("POST", path, cast.member, body, idempotency_key="k1"))
    assert actor_for_token(first["secret"], system_clock.now()) is not None
    assert again == first | {"secret": None}
    assert first["secret"][4:] not in str(Request.objects.get().answer)


def test_no_personal_data_is_kept_with_an_answer(cast: Cast) -> None:
    """Answers are kept under their key, and erasing a person doesn't reach them."""
    made = said(call("POST", "/people", cast.administrator, ANA))
    erase_person(made["id"], by=cast.administrator.actor, at=BEGAN)
    assert "ana" not in str(Request.objects.get().answer).lower()


def test_an_answer_without_a_body(cast: Cast) -> None:
    path = f"/tokens/{Token.objects.get(account=cast.member.account).id}"
    for _ in range(2):
        response = call("DELETE", path, cast.administrator, idempotency_key="k1")
        assert (response.status_code, response.content) == (204, b"")


@pytest.mark.django_db(transaction=True)
def test_the_same_request_many_times_at_once() -> None:
    cast = gather()
    barrier, seen = threading.Barrier(6, timeout=30), []

    def send() -> None:
        barrier.wait()
        response = call("POST", "/people", cast.administrator, ANA, idempotency_key="k1")
        seen.append((response.status_code, response.content, response.get("Idempotent-Replay")))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(status, content) for status, content, _ in seen} == {(201, seen[0][1])}
    assert [replay for _, _, replay in seen].count(None) == 1
    assert Account.objects.filter(personal_data__email="ana@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_second_takes_the_place_of_a_first_that_failed() -> None:
    """The first holds the key and is refused; the one that waited for it does the work."""
    cast = gather()
    holding, refused = threading.Event(), threading.Event()
    outcomes: list[int] = []

    def refuse() -> HttpResponse:
        holding.set()
        refused.wait()
        return HttpResponse(status=409)

    def first() -> None:
        outcomes.append(_once(cast.administrator, refuse))
        connection.close()

    def second() -> None:
        holding.wait()
        outcomes.append(_once(cast.administrator, lambda: HttpResponse(b"{}", status=201)))
        connection.close()

    threads = [threading.Thread(target=run) for run in (first, second)]
    for thread in threads:
        thread.start()
    holding.wait()
    refused.set()
    for thread in threads:
        thread.join()
    assert outcomes == [409, 201]
    assert Request.objects.get().status == 201


def _once(who: Persona, run: Callable[[], HttpResponse]) -> int:
    request = RequestFactory().post("/api/v1/people", headers=who.headers | {"Idempotency-Key": "k1"})
    allowed(Permission.MANAGE_PEOPLE)(request)
    return once(request, who.actor, run, upload=False, shown_once=None).status_code


@pytest.mark.django_db(transaction=True)
def test_a_write_that_the_database_gave_up_is_begun_again(cast: Cast, client: Client) -> None:
    """The first try meets a serialisation failure, as two writers at once would bring about."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE once_only")
        cursor.execute(
            "CREATE FUNCTION give_up_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF nextval('once_only') = 1 THEN RAISE EXCEPTION 'no order' USING ERRCODE = 'serialization_failure';"
            " END IF; RETURN NEW; END $$;"
            " CREATE TRIGGER give_up_once BEFORE INSERT ON people_token"
            " FOR EACH ROW EXECUTE FUNCTION give_up_once()"
        )
    try:
        answer = client.post(
            "/api/v1/me/tokens",
            {"name": "again", "scopes": ["work.do"]},
            content_type="application/json",
            headers={**cast.member.headers, "Idempotency-Key": "again-1"},
        )
        assert answer.status_code in (200, 201), answer.content
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION give_up_once CASCADE; DROP SEQUENCE once_only")
