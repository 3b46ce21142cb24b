import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from palabre.errors import Invalid, NotAllowed, NotFound
from palabre.money import UnknownCurrency
from palabre.work.actions.projects import create_project, edit_project
from palabre.work.errors import (
    CountryWrong,
    CurrencyFixed,
    ImportRuns,
    LanguageWrong,
    NumberWrong,
    PartyWrong,
    ProjectIs,
    TextWrong,
)
from palabre.work.models import Batch, Project, Task
from tests.cast import Persona
from tests.work.stage import AT, TERMS, Stage, events


def create(stage: Stage, by: Persona) -> Project:
    parties = {"client": stage.cast.client.id, "operator": stage.cast.operator.id}
    return create_project(TERMS, **parties, by=by.actor, at=AT)


def test_both_sides_can(stage: Stage) -> None:
    for who in (stage.cast.coordinator, stage.cast.client_person):
        made = create(stage, who)
        assert (made.state, made.rates, made.escrow) == ("draft", {}, None)
        event = events(made.id, "work.project.created")[0]
        assert (event.actor, event.organisation) == (who.account, stage.cast.operator.id)
        assert event.data["seconds"] == "10.00"
        assert TERMS.name not in str(event.data)


def test_a_member_may_not(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        create(stage, stage.cast.member)


def test_nobody_speaks_for_others(stage: Stage) -> None:
    with pytest.raises(PartyWrong):
        create(stage, stage.cast.stranger)


def test_each_side_is_of_its_kind(stage: Stage) -> None:
    cast = stage.cast
    for client, operator in ((cast.operator, cast.operator), (cast.client, cast.client)):
        with pytest.raises(PartyWrong):
            create_project(TERMS, client=client.id, operator=operator.id, by=cast.coordinator.actor, at=AT)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "  ", TextWrong),
        ("name", "x" * 201, TextWrong),
        ("purpose", "a\0b", TextWrong),
        ("currency", "XYZ", UnknownCurrency),
        ("overlap", 0, NumberWrong),
        ("overlap", 16, NumberWrong),
        ("seconds_per_task", Decimal(0), NumberWrong),
        ("seconds_per_task", Decimal("NaN"), NumberWrong),
        ("seconds_per_task", Decimal("Infinity"), NumberWrong),
        ("lease_hours", 1, NumberWrong),
        ("countries", ["Senegal"], CountryWrong),
        ("countries", ["sn"], CountryWrong),
        ("countries", ["SN", "SN"], CountryWrong),
        ("language", "French", LanguageWrong),
        ("risk_note", "x" * 2_001, TextWrong),
    ],
)
def test_terms_are_checked(stage: Stage, field: str, value: object, error: type[Invalid]) -> None:
    change: dict[str, Any] = {field: value}
    terms = dataclasses.replace(TERMS, **change)
    with pytest.raises(error):
        create_project(
            terms,
            client=stage.cast.client.id,
            operator=stage.cast.operator.id,
            by=stage.coordinator.actor,
            at=AT,
        )
    assert not Project.objects.exists()


def test_a_draft_can_be_edited(stage: Stage) -> None:
    project = stage.draft()
    edited = edit_project(
        project.id, dataclasses.replace(TERMS, name="Reviews", overlap=5), by=stage.coordinator.actor, at=AT
    )
    assert (edited.name, edited.overlap) == ("Reviews", 5)
    assert events(project.id, "work.project.edited")[0].data["overlap"] == 5


def test_other_terms_undo_the_accepted_quote(stage: Stage) -> None:
    project = stage.quoted().project
    by = stage.coordinator.actor
    assert edit_project(project.id, dataclasses.replace(TERMS, name="Reviews"), by=by, at=AT).rates
    assert not edit_project(project.id, dataclasses.replace(TERMS, overlap=5), by=by, at=AT).rates


def test_the_currency_stays_once_there_is_an_account(stage: Stage) -> None:
    project = stage.quoted().project
    with pytest.raises(CurrencyFixed):
        edit_project(
            project.id, dataclasses.replace(TERMS, currency="XOF"), by=stage.coordinator.actor, at=AT
        )


def test_what_members_work_on_stays(stage: Stage) -> None:
    with pytest.raises(ProjectIs) as refusal:
        edit_project(stage.live().id, TERMS, by=stage.coordinator.actor, at=AT)
    assert str(refusal.value) == "This can't be done: the project is live."


def test_strangers_find_nothing_to_edit(stage: Stage) -> None:
    project = stage.draft()
    for who in (stage.cast.stranger, stage.cast.foreign_client):
        with pytest.raises(NotFound):
            edit_project(project.id, TERMS, by=who.actor, at=AT)
    with pytest.raises(NotAllowed):
        edit_project(project.id, TERMS, by=stage.cast.member.actor, at=AT)


def test_another_overlap_gives_each_task_its_places(stage: Stage) -> None:
    project = stage.ready()
    more = dataclasses.replace(TERMS, overlap=4)
    edit_project(project.id, more, by=stage.coordinator.actor, at=AT)
    assert set(Task.objects.filter(project=project).values_list("free", flat=True)) == {0b1111}
    project.batches.update(state=Batch.State.IMPORTING)
    with pytest.raises(ImportRuns):
        edit_project(project.id, TERMS, by=stage.coordinator.actor, at=AT)
