"""What a coordinator and the member herself see of her work: the same, with n and interval, never a ranking."""

import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.errors import NotAllowed, NotFound
from palabre.quality.models import Agreement
from palabre.quality.queries import MemberFigures, figures_of, figures_of_members
from palabre.work.models import Project
from tests.quality.disputed import disputed_project, friend
from tests.web.test_walls_pages import browser_of
from tests.work.stage import Stage


@pytest.fixture
def project(stage: Stage) -> Project:
    return disputed_project(stage)


def test_she_sees_what_the_coordinator_sees(project: Project, stage: Stage) -> None:
    hers = figures_of(stage.cast.member.account, project.id, stage.cast.member.actor)
    assert hers == figures_of(stage.cast.member.account, project.id, stage.coordinator.actor)
    assert (hers.judged, hers.skipped) == (3, 0)
    assert hers in figures_of_members(project.id, stage.coordinator.actor)


def test_who_may_not(project: Project, stage: Stage) -> None:
    member = stage.cast.member
    for who in (friend(stage), stage.cast.client_person, stage.cast.auditor):
        with pytest.raises(NotAllowed):
            figures_of(member.account, project.id, who.actor)
    for who in (stage.cast.stranger,):
        with pytest.raises(NotFound):
            figures_of(member.account, project.id, who.actor)
        with pytest.raises(NotFound):
            figures_of_members(project.id, who.actor)
    with pytest.raises(NotFound):
        figures_of(stage.cast.stranger_member.account, project.id, stage.coordinator.actor)
    with pytest.raises(NotFound):
        figures_of(member.account, uuid.uuid4(), member.actor)


def test_too_few_to_say() -> None:
    few = MemberFigures(uuid.uuid4(), "Awa", judged=19, compared=19, agreed=19, skipped=0, counted_ms=0)
    assert (few.agreement, few.skip_share) == (None, None)
    enough = MemberFigures(uuid.uuid4(), "Awa", judged=18, compared=20, agreed=15, skipped=2, counted_ms=0)
    assert (enough.agreement, enough.skip_share) == (0.75, 0.1)
    assert 0.5 < enough.agreement_interval.low < 0.75 < enough.agreement_interval.high < 0.9


def test_without_answers_there_are_zeros(project: Project, stage: Stage) -> None:
    nobody = friend(stage)
    assert figures_of(nobody.account, project.id, nobody.actor).judged == 0


def test_the_page_is_in_the_order_of_names(
    project: Project, stage: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """However they agree. Further names on a further page."""
    said = [
        {"member": str(friend(stage).account), "judged": 30, "compared": 30, "agreed": place}
        for place in range(30)
    ]
    Agreement.objects.update(reliability=said)
    browser = browser_of(stage.coordinator)
    with django_assert_max_num_queries(8):
        page = browser.get(f"/projects/{project.id}/members/").content.decode()
    names = [line for line in page.splitlines() if '<th scope="row">' in line]
    assert len(names) == 25
    assert names == sorted(names)
    assert "n = 30" in page
    further = page.split('class="pages"><a href="')[1].split('"')[0].replace("&amp;", "&")
    rest = browser.get(f"/projects/{project.id}/members/{further}").content.decode()
    assert rest.count('<th scope="row">') == 5
    assert browser.get(f"/projects/{project.id}/members/?after=x").status_code == 404
