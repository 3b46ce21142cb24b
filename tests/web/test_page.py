"""The frame of pages: signing in, forms that work once, what was typed, refusals, language and place."""

import re
from collections.abc import Iterator
from typing import ClassVar

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from palabre.errors import Invalid, NotFound, WrongState
from palabre.people.models import Account, Organisation
from palabre.people.permissions import Permission
from palabre.urls import urlpatterns as ours
from palabre.web.access import SIGNED_IN, actor_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from tests.cast import BEGAN, Cast, Persona
from tests.web.test_walls_pages import BACKEND, browser_of


class NameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=20)
    refuse: ClassVar[list[Exception]] = []


class NameTaken(Invalid):
    sentence = "%(path)s: this name is taken."


@page(Permission.MANAGE_PROJECTS)
def sample(request: HttpRequest) -> HttpResponse:
    """Adds an organisation, so that a test can count what was done."""
    form = form_of(NameForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            Organisation.objects.create(
                kind="client", name=form.cleaned_data["name"], country="FR", created_at=BEGAN
            )
            for error in NameForm.refuse:
                raise error
            return done(request, "Added.", "home")
    return show(request, "web/parts/form_test.html", form)


@page(SIGNED_IN)
def fails(request: HttpRequest) -> HttpResponse:
    raise {"missing": NotFound(), "state": WrongState()}[request.GET["why"]]


@page(SIGNED_IN)
def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(actor_of(request).account))


urlpatterns = [*ours, path("sample/", sample), path("fails/", fails), path("who/", who)]
handler404 = "palabre.web.handlers.page_not_found"
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _template(tmp_path_factory: pytest.TempPathFactory, settings: object) -> Iterator[None]:
    """A page with nothing but its form."""
    folder = tmp_path_factory.mktemp("templates")
    (folder / "web/parts").mkdir(parents=True)
    (folder / "web/parts/form_test.html").write_text(
        '{% extends "web/base.html" %}{% block main %}<form method="post">{% once %}{{ form }}</form>{% endblock %}'
    )
    templates = [{**settings.TEMPLATES[0], "DIRS": [folder]}]  # type: ignore[attr-defined]
    settings.TEMPLATES = templates  # type: ignore[attr-defined]
    NameForm.refuse = []
    yield
    NameForm.refuse = []


def added() -> int:
    return Organisation.objects.filter(name__startswith="New").count()


def mark_of(client: Client) -> str:
    found = re.search(r'name="_once" value="([^"]+)"', client.get("/sample/").content.decode())
    assert found
    return found[1]


def test_it_works(cast: Cast) -> None:
    client = browser_of(cast.coordinator)
    response = client.post("/sample/", {"name": "New", "_once": mark_of(client)})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert added() == 1
    assert "Added." in client.get("/").content.decode()


def test_the_same_form_twice_does_it_once(cast: Cast) -> None:
    client = browser_of(cast.coordinator)
    form = {"name": "New", "_once": mark_of(client)}
    answers = [client.post("/sample/", form) for _ in range(3)]
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, "/")}
    assert added() == 1


def test_who_sees_only_the_second_answer_is_told_too(cast: Cast) -> None:
    """A double click: the browser drops the first answer, and with it the page that showed its sentence."""
    client = browser_of(cast.coordinator)
    form = {"name": "New", "_once": mark_of(client)}
    client.post("/sample/", form)
    client.get("/")
    client.post("/sample/", form)
    assert "It was sent twice, and it counts once." in client.get("/").content.decode()


def test_a_page_gone_back_to_and_changed_is_something_new(cast: Cast) -> None:
    client = browser_of(cast.coordinator)
    mark = mark_of(client)
    for name in ("New", "Newer"):
        client.post("/sample/", {"name": name, "_once": mark})
    assert added() == 2


def test_two_people_with_one_mark_are_two(cast: Cast) -> None:
    mark = mark_of(browser_of(cast.coordinator))
    for person in (cast.coordinator, cast.administrator):
        browser_of(person).post("/sample/", {"name": "New", "_once": mark})
    assert added() == 2


def test_a_wrong_form_keeps_what_was_typed(cast: Cast) -> None:
    client = browser_of(cast.coordinator)
    response = client.post("/sample/", {"name": "N" * 30, "_once": mark_of(client)})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'id="errors"' in html
    assert 'href="#id_name"' in html
    assert "N" * 30 in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize("path_named", ["name", "body.name"])
def test_a_refusal_stands_beside_its_field(cast: Cast, path_named: str) -> None:
    NameForm.refuse = [NameTaken(path=path_named)]
    client = browser_of(cast.coordinator)
    response = client.post("/sample/", {"name": "New", "_once": mark_of(client)})
    assert response.status_code == 422
    assert 'id="id_name_error"' in response.content.decode()
    assert added() == 0  # nothing was half done


def test_another_refusal_stands_on_top(cast: Cast) -> None:
    NameForm.refuse = [WrongState()]
    client = browser_of(cast.coordinator)
    response = client.post("/sample/", {"name": "New", "_once": mark_of(client)})
    assert "This can&#x27;t be done now." in response.content.decode()
    assert added() == 0


def test_who_is_signed_out_comes_back_to_what_she_typed(cast: Cast) -> None:
    client = browser_of(cast.coordinator)
    mark = mark_of(client)
    client.cookies.pop("sessionid")
    response = client.post("/sample/", {"name": "Typed before", "_once": mark})
    assert response["Location"] == "/account/login/?next=%2Fsample%2F"
    sign_in_again(client, cast.coordinator)
    assert 'value="Typed before"' in client.get("/sample/").content.decode()
    assert "Typed before" not in client.get("/sample/").content.decode()


def test_somebody_else_on_the_same_phone_does_not_see_it(cast: Cast) -> None:
    client = browser_of(cast.coordinator)
    mark = mark_of(client)
    client.cookies.pop("sessionid")
    client.post("/sample/", {"name": "Typed before", "_once": mark})
    sign_in_again(client, cast.administrator)
    assert "Typed before" not in client.get("/sample/").content.decode()


def sign_in_again(client: Client, persona: Persona) -> None:
    """As Django's `login` does it: what the session held before stays."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = client.session
    account = Account.objects.get(id=persona.account)
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = BACKEND
    session.save()


def test_a_role_without_the_right_gets_a_page_that_says_so(cast: Cast) -> None:
    response = browser_of(cast.member).get("/sample/")
    assert response.status_code == 403
    assert "Not open to you" in response.content.decode()


@pytest.mark.parametrize(("why", "status"), [("missing", 404), ("state", 409)])
def test_a_refusal_is_a_page(cast: Cast, why: str, status: int) -> None:
    response = browser_of(cast.member).get(f"/fails/?why={why}")
    assert response.status_code == status
    assert "<h1>" in response.content.decode()


def test_it_works_in_a_browser_that_is_checked_against_forgery(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    client.force_login(Account.objects.get(id=cast.coordinator.account), backend=BACKEND)
    form = {"name": "New", "_once": mark_of(client), "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    for _ in range(2):
        assert client.post("/sample/", form).status_code == 302
    assert added() == 1


def test_a_form_of_another_site_does_nothing(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    client.force_login(Account.objects.get(id=cast.coordinator.account))
    response = client.post("/sample/", {"name": "New"})
    assert response.status_code == 403
    assert added() == 0


def test_the_api_takes_a_session_with_its_mark_only(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(id=cast.member.account))
    assert client.get("/api/v1/offers").status_code == 200
    body, json = {"device_now": BEGAN.isoformat(), "items": []}, "application/json"
    assert client.post("/api/v1/sync", body, content_type=json).status_code == 403
    client.get("/sample/")  # a page gives the cookie
    token = client.cookies["csrftoken"].value
    answer = client.post("/api/v1/sync", body, content_type=json, headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_an_ended_role_leaves_only_what_is_her_own(cast: Cast) -> None:
    from palabre.people.models import Grant

    client = browser_of(cast.coordinator)
    assert client.get("/sample/").status_code == 200
    Grant.objects.filter(account=cast.coordinator.account).update(revoked_at=BEGAN)
    assert client.get("/sample/").status_code == 403
    assert client.get("/who/").status_code == 200


@pytest.mark.parametrize(("cookie", "speaks"), [(None, "fr"), ("en", "en")])
def test_a_page_speaks_her_language_unless_the_browser_says_another(
    cast: Cast, cookie: str | None, speaks: str
) -> None:
    Account.objects.filter(id=cast.member.account).update(language="fr")
    client = browser_of(cast.member)
    if cookie:
        client.cookies["django_language"] = cookie
    assert f'<html lang="{speaks}"' in client.get("/").content.decode()


def test_a_field_that_a_form_says_twice(cast: Cast) -> None:
    client = browser_of(cast.coordinator)
    form = {"name": ["New", "Newer"], "_once": mark_of(client)}
    assert client.post("/sample/", form).status_code == 400
    assert not Organisation.objects.filter(name__startswith="New").exists()


def test_what_no_screen_shows_is_refused_and_a_line_is_one_line(cast: Cast) -> None:
    client = browser_of(cast.coordinator)
    sent = client.post("/sample/", {"name": "a\x07b", "_once": mark_of(client)})
    assert sent.status_code == 422
    assert "can&#x27;t be shown" in sent.content.decode()
    client.post("/sample/", {"name": "New\r\nBcc: x\u202e", "_once": mark_of(client)})
    assert Organisation.objects.filter(name="New Bcc: x").exists()
