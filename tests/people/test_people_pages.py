"""Who is here: lists, roles, residence, tokens, end of access, erasure, in a browser."""

import re
import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.people.actions import create_token
from palabre.people.actor import SYSTEM
from palabre.people.models import Account, PersonalData, Residence, Role, Session, Token
from palabre.people.queries import actor_for_token, standing_roles
from tests.cast import BEGAN, DAKAR, Cast, enter
from tests.people.door import browser_of, text_of, visible


def test_the_list_page_by_page(cast: Cast) -> None:
    for number in range(60):
        enter(cast.operator, f"person-{number:02}", Role.FINANCE)
    browser = browser_of(cast.administrator)
    first = text_of(browser.get("/people/"))
    following = re.search(r'href="(\?after=[^"]+)"', first)
    assert following is not None
    second = text_of(browser.get(f"/people/{following[1]}"))
    names = [set(re.findall(r"Person-\d\d", page)) for page in (first, second)]
    assert names[0] | names[1] == {f"Person-{number:02}" for number in range(60)}
    assert not names[0] & names[1]
    assert 'href="?after=' not in second


def test_finding_by_name(cast: Cast) -> None:
    browser = browser_of(cast.administrator)
    found = visible(browser.get("/people/?name=COLLEA"))
    assert "Colleague" in found
    assert "Finance" not in re.sub(r".*People of your organisation", "", found)
    assert "Nobody has this name." in visible(browser.get("/people/?name=%25"))
    assert browser.get("/people/?after=nonsense").status_code == 200


def test_another_organisations_people_do_not_exist(cast: Cast) -> None:
    browser = browser_of(cast.stranger)
    assert "Colleague" not in text_of(browser.get("/people/"))
    for account in (cast.member.account, uuid.uuid4()):
        for page in ("", "roles/", "residence/", "end/", "erase/", "invite/"):
            assert browser.get(f"/people/{account}/{page}").status_code == 404
            assert browser.post(f"/people/{account}/{page}").status_code == 404


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "finance", "auditor"])
def test_who_may_not(cast: Cast, name: str) -> None:
    browser = browser_of(getattr(cast, name))
    for path in ("/people/", f"/people/{cast.member.account}/", f"/people/{cast.member.account}/erase/"):
        assert browser.get(path).status_code == 403


def test_roles_are_given_and_taken(cast: Cast) -> None:
    browser, path = browser_of(cast.administrator), f"/people/{cast.finance.account}/roles/"
    assert "checked" in text_of(browser.get(path))
    assert browser.post(path, {"roles": ["finance", "auditor"]}).status_code == 302
    assert standing_roles(cast.finance.account, cast.operator.id) == {Role.FINANCE, Role.AUDITOR}
    assert browser.post(path, {"roles": ["auditor"]}).status_code == 302
    assert standing_roles(cast.finance.account, cast.operator.id) == {Role.AUDITOR}
    refused = browser.post(path, {"roles": ["auditor", "member"]})
    assert "Say where she lives" in visible(refused)
    assert standing_roles(cast.finance.account, cast.operator.id) == {Role.AUDITOR}
    assert browser.post(path, {"roles": ["emperor"]}).status_code == 422


def test_the_last_administrator_stays(cast: Cast) -> None:
    path = f"/people/{cast.administrator.account}/roles/"
    refused = browser_of(cast.administrator).post(path, {"roles": []})
    assert "She is the last administrator" in visible(refused)
    assert standing_roles(cast.administrator.account, cast.operator.id) == {Role.ADMINISTRATOR}


def test_she_moves(cast: Cast) -> None:
    path = f"/people/{cast.member.account}/residence/"
    form = {"country": "KE", "timezone": "", "region": ""}
    assert browser_of(cast.administrator).post(path, form).status_code == 302
    home = Residence.objects.get(account=cast.member.account)
    assert (home.country, home.timezone) == ("KE", "Africa/Nairobi")


def test_a_token_is_shown_once(cast: Cast) -> None:
    browser, path = browser_of(cast.finance), "/account/token/"
    form = {"name": "books", "scopes": ["money.read"]}
    shown = re.search(r"pal_\w{43}", text_of(browser.post(path, form, follow=True)))
    assert shown is not None
    assert actor_for_token(shown[0], BEGAN) is not None
    assert "pal_" not in text_of(browser.get(path))
    assert browser.post(path, {"name": "x", "scopes": ["people.erase"]}).status_code == 422


def test_a_token_ends(cast: Cast) -> None:
    token, secret = create_token(
        cast.finance.account, cast.operator.id, name="books", scopes=[], by=SYSTEM, at=BEGAN
    )
    path = f"/tokens/{token.id}/end/"
    for name in ("stranger", "member", "coordinator"):
        assert browser_of(getattr(cast, name)).post(path).status_code == 404
    assert browser_of(cast.administrator).post(path).status_code == 302
    assert actor_for_token(secret, BEGAN) is None


def test_her_access_ends_at_once(cast: Cast) -> None:
    hers = browser_of(cast.member)
    assert hers.get("/account/").status_code == 200
    assert (
        browser_of(cast.administrator)
        .post(f"/people/{cast.member.account}/end/", {"why": "Nothing was heard for a year."})
        .status_code
        == 302
    )
    assert hers.get("/account/")["Location"].startswith("/account/login/")
    assert actor_for_token(cast.member.token, BEGAN) is None
    assert not Session.objects.filter(account=cast.member.account).exists()
    assert PersonalData.objects.filter(account=cast.member.account).exists()


def test_erasing_asks_for_her_name(cast: Cast) -> None:
    browser, path = browser_of(cast.administrator), f"/people/{cast.member.account}/erase/"
    refused = browser.post(path, {"confirmation": "Somebody"})
    assert refused.status_code == 422
    assert "This is not her name" in visible(refused)
    assert browser.post(path, {"confirmation": " member "}).status_code == 302
    assert Account.objects.get(id=cast.member.account).erased_at is not None
    page = visible(browser.get(f"/people/{cast.member.account}/"))
    assert "Erased person" in page
    assert "Erase for good" not in page
    assert not Token.objects.filter(account=cast.member.account, revoked_at=None).exists()


def test_number_of_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    browser = browser_of(cast.administrator)
    enter(cast.operator, "another", Role.MEMBER, home=DAKAR)
    for path, most in (("/people/", 4), (f"/people/{cast.member.account}/", 5)):
        with django_assert_max_num_queries(most):
            assert browser.get(path).status_code == 200


def test_in_french(cast: Cast) -> None:
    Account.objects.filter(id=cast.administrator.account).update(language="fr")
    assert "Personnes de votre organisation" in visible(browser_of(cast.administrator).get("/people/"))
