"""The client's way from an idea to a running project, page by page."""

from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.people.actions import agree
from palabre.people.models import Organisation
from palabre.work.actions.pilot import start_pilot
from palabre.work.actions.quotes import quote_project
from palabre.work.models import Project
from tests.cast import organisation
from tests.web.reading import reader
from tests.web.test_walls_pages import browser_of
from tests.work.setup_pages import NEW, PURPOSE, ROWS, at, by_script, sent
from tests.work.stage import AT, Stage

pytestmark = pytest.mark.django_db

# -- a new project --------------------------------------------------------------------------------


def test_a_client_begins(stage: Stage) -> None:
    who = stage.cast.client_person
    fields = reader(who).read(NEW).form_with("name_en")
    fields |= {
        **PURPOSE,
        "operator": str(stage.cast.operator.id),
        "risk_note_en": "Angry words",
        "language": "fr",
    }
    page = sent(who, NEW, **{**fields, "do": "save"})
    made = Project.objects.get()
    assert page.status == 200
    assert "Choose a beginning" in page.text
    assert (made.client, made.operator, made.language, made.risk_note) == (
        stage.cast.client, stage.cast.operator, "fr", "Angry words",
    )  # fmt: skip
    assert made.state == "draft"


def test_a_coordinator_begins_for_a_client_of_hers(stage: Stage) -> None:
    """Where several operators share a machine, other operators' clients are not shown."""
    stage.draft()
    page = reader(stage.coordinator).read(NEW)
    assert page.form_with("client")["client"] == str(stage.cast.client.id)
    assert "Another client" not in page.html
    made = sent(stage.coordinator, NEW, **PURPOSE, **_parties(stage), do="save")
    assert "The draft is there" in made.text


def test_a_client_that_has_agreed_is_shown(stage: Stage) -> None:
    cast = stage.cast
    agree(cast.stranger_client.id, cast.operator.id, by=cast.foreign_client.actor, at=AT)
    assert "Another client" in reader(stage.coordinator).read(NEW).html
    assert "Another operator" not in reader(cast.client_person).read(NEW).html


def _parties(stage: Stage) -> dict[str, str]:
    return {"client": str(stage.cast.client.id), "operator": str(stage.cast.operator.id)}


def test_nobody_begins_for_another_client(stage: Stage) -> None:
    foreign = _parties(stage) | {"client": str(Organisation.objects.get(name="Another client").id)}
    page = sent(stage.cast.client_person, NEW, **PURPOSE, **foreign, do="save")
    assert page.status == 422
    assert Project.objects.count() == 0


def test_the_same_form_twice_is_one_project(stage: Stage) -> None:
    browser = browser_of(stage.cast.client_person)
    form = {**PURPOSE, **_parties(stage), "do": "save", "_once": "the same"}
    first, second = browser.post(NEW, form), browser.post(NEW, form)
    assert first.headers["Location"] == second.headers["Location"]
    browser.post(NEW, {**form, "name_en": "Gone back to, and changed"})
    assert Project.objects.count() == 2


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(stage: Stage) -> None:
    wrong = {**PURPOSE, **_parties(stage), "name_en": "", "currency": "QQQ", "do": "save"}
    page = sent(stage.cast.client_person, NEW, **wrong)
    assert page.status == 422
    assert 'href="#id_name_en"' in page.html
    assert "To know what guests like." in page.html
    assert Project.objects.count() == 0


def test_the_preview_shows_what_is_typed_and_writes_nothing(stage: Stage) -> None:
    fields = {"name_en": "Avis <b>", "purpose_en": "Une école.", "risk_note_en": "Insultes", "do": "preview"}
    for _ in range(2):  # the same form is shown again, however often
        piece = by_script(stage.cast.client_person, NEW, **fields, _once="the same")
        assert piece.status == 200
        assert "Avis &lt;b&gt;" in piece.html
        assert "Insultes" in piece.text
        assert "<html" not in piece.html
    page = sent(stage.cast.client_person, NEW, **fields)
    assert (page.status, page.form_with("name_en")["name_en"]) == (200, "Avis <b>")
    assert Project.objects.count() == 0


def test_the_purpose_is_fixed_once_members_work(stage: Stage) -> None:
    draft, live = stage.draft(), stage.live()
    changed = {**PURPOSE, "name_en": "Another name", "countries": "SN", "do": "save"}
    assert sent(stage.coordinator, at(draft, "purpose/"), **changed).status == 200
    draft.refresh_from_db()
    assert (draft.name, draft.seconds_per_task, draft.overlap) == ("Another name", Decimal(10), 2)
    assert "stays as it is" in reader(stage.coordinator).read(at(live, "purpose/")).text
    assert sent(stage.coordinator, at(live, "purpose/"), **changed).status == 422


# -- what is asked --------------------------------------------------------------------------------


def test_a_beginning_is_published_as_it_is_or_changed(stage: Stage) -> None:
    project, who = stage.draft(), stage.cast.client_person
    address = at(project, "asked/")
    assert "?begin=sentiment" in reader(who).read(address).links
    page = reader(who).read(f"{address}?begin=sentiment")
    fields = page.form_with("q0.kind")
    after = sent(who, address, **{**fields, "q0.l0.title.en": "Very happy", "do": "save"})
    assert "Version 1 is published." in after.text
    asks = project.schemas.get().body["asks"]
    assert asks[0]["labels"][0]["value"] == "very-happy"
    assert [question["name"] for question in asks] == ["sentiment", "note"]


def test_buttons_keep_what_is_typed_without_script(stage: Stage) -> None:
    project, who = stage.draft(), stage.coordinator
    page = sent(who, at(project, "asked/"), **ROWS, do="add-label:0")
    fields = page.form_with("q0.kind")
    assert (fields["q0.l0.title.en"], fields["q0.l2.title.en"]) == ("Good", "")
    page = sent(who, at(project, "asked/"), **ROWS, do="label-down:0:0")
    assert page.form_with("q0.kind")["q0.l0.title.en"] == "Bad"
    assert not project.schemas.exists()


def test_the_script_gets_only_its_piece(stage: Stage) -> None:
    address, who = at(stage.draft(), "asked/"), stage.coordinator
    preview = by_script(who, address, **ROWS, do="preview")
    assert "How was it?" in preview.text
    assert "<form" not in preview.html
    piece = by_script(who, address, **ROWS, do="add-note")
    assert "<html" not in piece.html
    assert 'id="q1.title.en" value="" lang="en" maxlength="500" autofocus' in piece.html


def test_errors_of_the_builder_stand_at_their_rows(stage: Stage) -> None:
    project = stage.draft()
    page = sent(stage.coordinator, at(project, "asked/"), **{**ROWS, "q0.l1.title.en": " ", "do": "save"})
    assert page.status == 422
    assert "#q0.l1" in page.links
    assert page.form_with("q0.kind")["q0.l0.title.en"] == "Good"
    assert not project.schemas.exists()


def test_a_column_that_the_data_does_not_have_is_refused(stage: Stage) -> None:
    project = stage.draft()
    stage.add_tasks(project, 2)
    page = sent(stage.coordinator, at(project, "asked/"), **{**ROWS, "field": "review", "do": "save"})
    assert page.status == 422
    assert "Your data has no column “review”. It has: text." in page.text
    assert "Version 1 is published." in sent(stage.coordinator, at(project, "asked/"), **ROWS, do="save").text


def test_while_members_work_words_change_and_labels_come(stage: Stage) -> None:
    project, who = stage.live(), stage.coordinator
    address = at(project, "asked/")
    page = reader(who).read(address)
    assert "Members work on this." in page.text
    fields = page.form_with("q0.kind") | {"q0.title.en": "How was it?", "do": "save"}
    more = {"q0.l2.value": "", "q0.l2.key": "", "q0.l2.title.en": "Mixed"}
    assert "Version 2 is published." in sent(who, address, **{**fields, **more}).text
    gone = {name: value for name, value in fields.items() if not name.startswith("q0.l0")}
    gone |= {"q0.l0.value": "new", "q0.l0.title.en": "New"}
    refused = sent(who, address, **gone)
    assert refused.status == 422
    assert "can't be taken away while members work" in refused.text


def test_experts_paste_json(stage: Stage) -> None:
    project, who = stage.draft(), stage.coordinator
    address = at(project, "asked/json/")
    assert "look at line 1" in sent(who, address, body="{oops").text
    assert "begins with {" in sent(who, address, body="[]").text
    wrong = sent(who, address, body='{"shows": [], "asks": []}')
    assert wrong.status == 422
    assert "$.shows" in wrong.text
    two = '{"shows": [{"name": "a", "type": "text", "field": "$a"}, {"name": "b", "type": "text", "field": "$b"}],'
    two += (
        ' "asks": [{"name": "q", "type": "choices", "to": "a", "labels": [{"value": "1"}, {"value": "2"}]}]}'
    )
    after = sent(who, address, body=two)
    assert "holds more than the builder can show" in after.text


# -- the guideline --------------------------------------------------------------------------------


def test_a_guideline_begins_with_every_label(stage: Stage) -> None:
    project, who = stage.ready(), stage.coordinator
    page = sent(who, at(project, "guideline/"), body_en="My own words.", do="skeleton-en")
    assert "My own words." in page.html
    assert "**Counter-example:** … is not “happy”" in page.html
    assert project.guidelines.count() == 1


def test_versions_say_what_changed(stage: Stage) -> None:
    project, who = stage.live(), stage.coordinator
    address = at(project, "guideline/")
    missing = sent(who, address, body_en="Choose the best.", do="save")
    assert missing.status == 422
    assert "Choose the best." in missing.html
    done = sent(who, address, body_en="Choose the best.\r\nThen go on.", changes_en="The best", do="save")
    assert "Version 2 is published." in done.text
    page = reader(who).read(at(project, "guideline/2/"))
    assert "Removed: Choose one." in page.text
    assert "Added: Choose the best. Then go on." in page.text
    assert reader(who).read(at(project, "guideline/9/")).status == 404
    assert "<strong>now</strong>" in by_script(who, address, body_en="Do it **now**", do="preview").html


# -- who may, and how much it costs ---------------------------------------------------------------

STEPS = ("", "purpose/", "asked/", "asked/json/", "guideline/", "quality/", "price/", "pilot/", "launch/")


@pytest.mark.parametrize("step", STEPS)
def test_who_reads_and_who_does_not(stage: Stage, step: str) -> None:
    project = stage.ready()
    statuses = {
        who.name: reader(who).read(at(project, step)).status
        for who in (stage.cast.client_person, stage.coordinator, stage.cast.auditor, stage.cast.member,
                    stage.cast.foreign_client, stage.cast.stranger)
    }  # fmt: skip
    assert statuses == {
        "client": 200, "coordinator": 200, "auditor": 200, "member": 403, "foreign-client": 404, "stranger": 404,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("purpose/", {**PURPOSE, "do": "save"}),
        ("asked/", {**ROWS, "do": "save"}),
        ("guideline/", {"body_en": "New", "changes_en": "All", "do": "save"}),
        ("quality/", {"overlap": "1", "seconds_per_task": "1", "lease_hours": "72"}),
        ("price/", {"tasks": "1"}),
        ("pilot/", {"tasks": "5"}),
        ("launch/", {"without_pilot": "Because"}),
        ("copy/", {}),
    ],
)
def test_an_auditor_changes_nothing(stage: Stage, step: str, fields: dict[str, str]) -> None:
    project = stage.ready()
    before = Project.objects.filter(id=project.id).values().get()
    assert sent(stage.cast.auditor, at(project, step), **fields).status == 403
    assert Project.objects.filter(id=project.id).values().get() == before
    assert (project.guidelines.count(), project.schemas.count(), project.quotes.count()) == (1, 1, 1)


def test_another_clients_quote_does_not_exist(stage: Stage) -> None:
    quote = quote_project(stage.draft().id, 10, by=stage.coordinator.actor, at=AT)
    for who in (stage.cast.foreign_client, stage.cast.stranger):
        assert reader(who).read(f"/quotes/{quote.id}/").status == 404
        assert sent(who, f"/quotes/{quote.id}/acceptance/", do="accept").status == 404


@pytest.mark.parametrize(
    ("step", "statements"),
    [("", 0), ("purpose/", 2), ("asked/", 2), ("asked/json/", 1), ("guideline/", 1), ("quality/", 3),
      ("price/", 4), ("pilot/", 0), ("launch/", 0)],
)  # fmt: skip
def test_a_page_costs_a_counted_number_of_statements(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries, step: str, statements: int
) -> None:
    project = stage.ready()
    browser: Client = browser_of(stage.cast.client_person)
    browser.get(at(project, step))
    # The session, its person twice over, the project; where it stands: versions, quote, deposit, balance.
    with django_assert_num_queries(BASE + statements):
        assert browser.get(at(project, step)).status_code == 200


BASE = 8


def test_a_running_pilot_costs_five_statements_more(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project = start_pilot(stage.ready().id, 4, by=stage.coordinator.actor, at=AT)
    browser: Client = browser_of(stage.cast.client_person)
    browser.get(at(project, "pilot/"))
    with django_assert_num_queries(BASE + 5):
        assert browser.get(at(project, "pilot/")).status_code == 200


def test_the_new_page_asks_little(stage: Stage, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(20):
        organisation(Organisation.Kind.OPERATOR, f"Operator {number}")
    browser: Client = browser_of(stage.cast.client_person)
    browser.get(NEW)
    with django_assert_num_queries(7):
        assert browser.get(NEW).status_code == 200
