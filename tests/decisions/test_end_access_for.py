"""end_access_for: a reason that she reads, an appeal that gives her roles back."""

import pytest

from palabre.decisions.access import end_access_for
from palabre.decisions.actions import answer_appeal, appeal
from palabre.decisions.errors import NotAboutOneself
from palabre.decisions.models import Decision
from palabre.errors import NotAllowed, NotFound
from palabre.people.actor import Actor
from palabre.people.errors import TextMissing
from palabre.people.models import Role
from palabre.people.queries import standing_roles
from palabre.times import system_clock
from tests.cast import BEGAN, Cast
from tests.web.reading import reader

pytestmark = pytest.mark.django_db
WHY = "Three times somebody else worked with this account."


def end(cast: Cast) -> Decision:
    who = cast.member.account
    return end_access_for(who, WHY, by=cast.administrator.actor, at=system_clock.now())


def test_her_roles_end_and_she_reads_why(cast: Cast) -> None:
    made = end(cast)
    assert standing_roles(cast.member.account, cast.operator.id) == frozenset()
    page = reader(cast.member).read(f"/decisions/{made.id}/")
    assert WHY in page.text
    assert "Your roles in this organisation were ended." in page.text


def test_an_appeal_that_is_granted_gives_them_back(cast: Cast) -> None:
    made, at = end(cast), system_clock.now()
    nobody = Actor(cast.member.account, cast.operator.id, frozenset())
    appeal(made.id, "My sister helped me once.", by=nobody, at=at)
    answer_appeal(made.id, "Right: once is not three times.", reverse=True, by=cast.delegate.actor, at=at)
    assert standing_roles(cast.member.account, cast.operator.id) == {Role.MEMBER}


def test_who_may_not(cast: Cast) -> None:
    for who in (cast.member, cast.coordinator, cast.auditor, cast.client_person):
        with pytest.raises(NotAllowed):
            end_access_for(cast.colleague.account, WHY, by=who.actor, at=BEGAN)
    with pytest.raises(NotFound):
        end_access_for(cast.member.account, WHY, by=cast.stranger.actor, at=BEGAN)
    with pytest.raises(NotAboutOneself):
        end_access_for(cast.administrator.account, WHY, by=cast.administrator.actor, at=BEGAN)


def test_it_has_a_why_and_happens_once(cast: Cast) -> None:
    with pytest.raises(TextMissing):
        end_access_for(cast.member.account, "  ", by=cast.administrator.actor, at=BEGAN)
    assert standing_roles(cast.member.account, cast.operator.id) == {Role.MEMBER}
    end(cast)
    with pytest.raises(NotFound):
        end(cast)
