import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.work.actions.duplicate import duplicate_project
from palabre.work.actions.projects import terms_of
from palabre.work.actions.versions import publish_guideline
from palabre.work.errors import TextWrong
from palabre.work.models import Project
from tests.work.stage import AT, TERMS, TEXTS, Stage


def test_the_set_up_is_there_and_nothing_else(stage: Stage) -> None:
    project, by = stage.live(), stage.cast.client_person.actor
    publish_guideline(project.id, "Choose two.", "Two", by=by, at=AT)
    made = duplicate_project(project.id, "Again", by=by, at=AT)
    assert (made.state, made.name, made.client_id) == ("draft", "Again", project.client_id)
    assert terms_of(made).price_parts() == TERMS.price_parts()
    assert made.schemas.get().body == TEXTS
    assert (made.guidelines.get().version, made.guidelines.get().body) == (1, "Choose two.")
    assert (made.rates, made.escrow_id, made.batches.count(), made.quotes.count()) == ({}, None, 0, 0)


def test_an_unfinished_draft_is_copied_as_far_as_it_is(stage: Stage) -> None:
    made = duplicate_project(stage.draft().id, "Again", by=stage.coordinator.actor, at=AT)
    assert (made.schemas.count(), made.guidelines.count()) == (0, 0)


def test_who_may_not(stage: Stage) -> None:
    project = stage.live()
    for who in (stage.cast.member, stage.cast.auditor):
        with pytest.raises(NotAllowed):
            duplicate_project(project.id, "Again", by=who.actor, at=AT)
    for who in (stage.cast.foreign_client, stage.cast.stranger):
        with pytest.raises(NotFound):
            duplicate_project(project.id, "Again", by=who.actor, at=AT)
    with pytest.raises(TextWrong):
        duplicate_project(project.id, " ", by=stage.coordinator.actor, at=AT)
    assert Project.objects.count() == 1
