"""The client's way from an idea to a running project, page by page."""

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.people.models import Organisation, Role
from palabre.work.actions.pilot import confirm_guideline, start_pilot
from palabre.work.actions.quotes import quote_project
from palabre.work.models import Project
from palabre.work.models.projects import Confirmation
from tests.cast import DAKAR, Persona, enter, organisation
from tests.web.reading import Seen, reader
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, TERMS, Stage
from tests.work.test_pilot import begun, confirmed, passed, work

pytestmark = pytest.mark.django_db
NEW = "/projects/new/"
PURPOSE = {"name": "Guest reviews", "purpose": "To know what guests like.", "currency": "EUR"}
ROWS = {
    "kind": "text",
    "field": "text",
    "block": "",
    "language": "fr",
    "q0.kind": "single",
    "q0.name": "",
    "q0.title.en": "How was it?",
    "q0.l0.value": "",
    "q0.l0.title.en": "Good",
    "q0.l1.value": "",
    "q0.l1.title.en": "Bad",
}


def at(project: Project | uuid.UUID, step: str = "") -> str:
    number = project.id if isinstance(project, Project) else project
    return f"/projects/{number}/setup/{step}"


def sent(who: Persona, address: str, **fields: str) -> Seen:
    """A form as its page sends it; where it leads is followed."""
    response = browser_of(who).post(address, {"_once": str(uuid.uuid4()), **fields}, follow=True)
    return Seen(response.status_code, response.content.decode())


def by_script(who: Persona, address: str, **fields: str) -> Seen:
    """What the page's script asks for."""
    response = browser_of(who).post(address, fields, headers={"X-Piece": "1"})
    return Seen(response.status_code, response.content.decode())


# -- a new project --------------------------------------------------------------------------------


def test_a_client_begins(stage: Stage) -> None:
    who = stage.cast.client_person
    fields = reader(who).read(NEW).form_with("name")
    fields |= {
        **PURPOSE,
        "operator": str(stage.cast.operator.id),
        "risk_note": "Angry words",
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


def test_the_only_operator_may_work_for_every_client(stage: Stage) -> None:
    Organisation.objects.filter(name="Another operator").update(kind="client")
    assert "Another client" in reader(stage.coordinator).read(NEW).html


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
    browser.post(NEW, {**form, "name": "Gone back to, and changed"})
    assert Project.objects.count() == 2


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(stage: Stage) -> None:
    wrong = {**PURPOSE, **_parties(stage), "name": "", "currency": "XXX", "do": "save"}
    page = sent(stage.cast.client_person, NEW, **wrong)
    assert page.status == 422
    assert 'href="#id_name"' in page.html
    assert "To know what guests like." in page.html
    assert Project.objects.count() == 0


def test_the_preview_shows_what_is_typed_and_writes_nothing(stage: Stage) -> None:
    fields = {"name": "Avis <b>", "purpose": "Une école.", "risk_note": "Insultes", "do": "preview"}
    for _ in range(2):  # the same form is shown again, however often
        piece = by_script(stage.cast.client_person, NEW, **fields, _once="the same")
        assert piece.status == 200
        assert "Avis &lt;b&gt;" in piece.html
        assert "Insultes" in piece.text
        assert "<html" not in piece.html
    page = sent(stage.cast.client_person, NEW, **fields)
    assert (page.status, page.form_with("name")["name"]) == (200, "Avis <b>")
    assert Project.objects.count() == 0


def test_the_purpose_is_fixed_once_members_work(stage: Stage) -> None:
    draft, live = stage.draft(), stage.live()
    changed = {**PURPOSE, "name": "Another name", "countries": "SN", "do": "save"}
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
    page = sent(who, at(project, "guideline/"), body="My own words.", do="skeleton-en")
    assert "My own words." in page.html
    assert "**Counter-example:** … is not “happy”" in page.html
    assert project.guidelines.count() == 1


def test_versions_say_what_changed(stage: Stage) -> None:
    project, who = stage.live(), stage.coordinator
    address = at(project, "guideline/")
    missing = sent(who, address, body="Choose the best.", do="save")
    assert missing.status == 422
    assert "Choose the best." in missing.html
    done = sent(who, address, body="Choose the best.\r\nThen go on.", changes="The best", do="save")
    assert "Version 2 is published." in done.text
    page = reader(who).read(at(project, "guideline/2/"))
    assert "Removed: Choose one." in page.text
    assert "Added: Choose the best. Then go on." in page.text
    assert reader(who).read(at(project, "guideline/9/")).status == 404
    assert "<strong>now</strong>" in by_script(who, address, body="Do it **now**", do="preview").html


# -- quality and price ----------------------------------------------------------------------------


def test_more_answers_cost_more_and_the_page_says_how_much(stage: Stage) -> None:
    project, who = stage.draft(), stage.cast.client_person
    page = reader(who).read(at(project, "quality/"))
    assert "1,000 tasks, 10 s for an answer" in page.text
    form = {"overlap": "3", "seconds_per_task": "12,5", "lease_hours": "48", "do": "save"}
    assert "What does it cost?" in sent(who, at(project, "quality/"), **form).text
    project.refresh_from_db()
    assert (project.overlap, project.seconds_per_task, project.lease_hours) == (3, Decimal("12.5"), 48)
    for wrong in ("1e3", "٣", "0", "-1", "", "99999"):
        assert sent(who, at(project, "quality/"), **{**form, "seconds_per_task": wrong}).status == 422


def test_the_places_of_tasks_follow_the_overlap(stage: Stage) -> None:
    project = stage.ready()
    form = {"overlap": "4", "seconds_per_task": "10", "lease_hours": "72"}
    sent(stage.coordinator, at(project, "quality/"), **form)
    assert set(project.batches.get().tasks.values_list("free", flat=True)) == {0b1111}


def test_every_line_of_the_quote_and_its_yes(stage: Stage) -> None:
    project, who = stage.draft(), stage.cast.client_person
    page = sent(who, at(project, "price/"), tasks="1000")
    quote = project.quotes.get()
    for line in (
        "1,000 tasks × 2 answers = 2,000 answers",
        "2,000 × 0.00157 EUR for an answer",
        "15 % of €3.14",
        "370.526 XOF",
        f"{Decimal(quote.rates['SN']['pay']).normalize()} XOF",
    ):
        assert line in page.text
    assert sent(who, f"/quotes/{quote.id}/acceptance/").status == 200
    assert not project.quotes.filter(accepted_at__isnull=False).exists()
    after = sent(who, f"/quotes/{quote.id}/acceptance/", do="accept")
    assert "Accepted on" in after.text
    assert f"PAL-{str(project.id)[-8:].upper()}" in after.text
    assert "€4.26" in reader(who).read(f"/quotes/{quote.id}/").text


def test_an_offer_below_the_floor_is_told_the_smallest(stage: Stage) -> None:
    project, who = stage.draft(), stage.cast.client_person
    page = sent(who, at(project, "price/"), tasks="1000", price="4,25")
    assert page.status == 422
    assert "4.26 EUR" in page.text
    assert page.form_with("price")["price"] == "4,25"
    assert "Here is the price." in sent(who, at(project, "price/"), tasks="1000", price="1 000").text
    assert sent(who, at(project, "price/"), tasks="1000", price="4.255").status == 422


def test_the_operator_sets_the_shares(stage: Stage) -> None:
    project = stage.draft()
    shares = {"platform": "20", "social": "10", "reserve": "5"}
    page = sent(stage.coordinator, at(project, "price/"), tasks="1000", **shares)
    assert "20 % of €3.14" in page.text
    assert "platform" not in reader(stage.cast.client_person).read(at(project, "price/")).form_with("tasks")


# -- pilot and launch -----------------------------------------------------------------------------


def test_the_pilot_from_beginning_to_launch(stage: Stage) -> None:
    project, who = stage.ready(terms=replace(TERMS, overlap=2)), stage.cast.client_person
    page = sent(who, at(project, "pilot/"), tasks="4")
    assert "4 tasks are offered to members now." in page.text
    passed(project, stage.cast.member, 20, AT - dt.timedelta(hours=3), reading=120)
    other = enter(stage.cast.operator, "other", Role.MEMBER, home=DAKAR)
    for one in (stage.cast.member, stage.cast.reviewer, other):
        work(project, one)
    page = reader(who).read(at(project, "pilot/"))
    assert "+ 2.5 s Time for an answer 22.5 s" in page.text
    assert "Reading and questions took 2 min in all." in page.text
    refused = sent(who, at(project, "pilot/"), do="conclude")
    assert refused.status == 422
    assert "two members who say whether the guideline is clear" in refused.text
    confirm_guideline(project.id, False, "What is sad?", by=stage.cast.member.actor, at=AT)
    page = reader(who).read(at(project, "pilot/"))
    assert "What is sad?" in page.text
    assert "Member" not in page.text.split("What members say")[1].split("What is sad?")[0]
    confirmed(stage, project)
    priced = sent(who, at(project, "pilot/"), do="conclude")
    assert "The times are measured." in priced.text
    # 20 seconds of a skipped task over 8 answers.
    assert (
        "no longer than 20 s Each answer’s share of the time on skipped tasks + 2.5 s Time for an answer 22.5 s"
        in priced.text
    )
    newest = project.quotes.order_by("-quoted_at").first()
    assert newest is not None
    sent(who, f"/quotes/{newest.id}/acceptance/", do="accept")
    live = sent(who, at(project, "launch/"), do="launch")
    assert "Open to members since" in live.text
    assert "over 8 answers" in reader(who).read(at(project, "pilot/")).text


def test_without_a_pilot_the_reason_is_asked_for(stage: Stage) -> None:
    project, who = stage.ready(), stage.cast.client_person
    address = at(project, "launch/")
    assert "Launch without a pilot" in reader(who).read(address).text
    assert sent(who, address, without_pilot=" ", do="without").status == 422
    assert "offered to members" in sent(who, address, without_pilot="Done before.", do="without").text
    project.refresh_from_db()
    assert (project.state, project.without_pilot) == ("live", "Done before.")


def test_the_checklist_leads_to_what_is_missing(stage: Stage) -> None:
    project = stage.draft()
    page = reader(stage.cast.client_person).read(at(project, "launch/"))
    assert page.text.count("missing") >= 4
    assert at(project, "guideline/") in page.links
    assert "Launch without a pilot" not in page.text
    assert sent(stage.cast.client_person, at(project, "launch/"), do="launch").status == 409


def test_pause_and_take_up_again(stage: Stage) -> None:
    project, who = stage.live(), stage.cast.client_person
    address = at(project, "launch/")
    assert "Nothing is offered at the moment." in sent(who, address, do="pause").text
    assert "Open to members since" in sent(who, address, do="launch").text


def test_a_member_says_whether_it_is_clear(stage: Stage) -> None:
    project, who = begun(stage), stage.cast.member
    address = f"/work/{project.id}/pilot/"
    assert "Answer a task of the pilot first." in reader(who).read(address).text
    work(project, who)
    page = sent(who, address, clear="no", remark="")
    assert page.status == 422
    assert "Say what isn't clear." in page.text
    said = sent(who, address, clear="no", remark="What is sad?")
    assert "You said what isn’t clear." in said.text
    sent(who, address, clear="yes", remark="")
    assert Confirmation.objects.get().clear


def test_a_copy_is_a_draft(stage: Stage) -> None:
    project = stage.live()
    address = at(project, "copy/")
    assert "A new draft" in reader(stage.cast.client_person).read(address).text
    page = sent(stage.cast.client_person, address)
    assert "The copy is a draft" in page.text
    assert Project.objects.filter(name="Guest reviews (copy)", state="draft").count() == 1


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
        ("guideline/", {"body": "New", "changes": "All", "do": "save"}),
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


def test_how_long_it_may_take_is_arithmetic_and_no_promise(stage: Stage) -> None:
    """Of fewer than five members no figure is shown."""
    terms = replace(TERMS, overlap=3, seconds_per_task=Decimal(20))
    quote = quote_project(stage.draft(terms).id, 200_000, by=stage.coordinator.actor, at=AT)
    who, address = stage.cast.client_person, at(quote.project, "price/")
    page = reader(who).read(address)
    assert "600,000 answers × 20 s = about 3333 h 20 min of work. Few members live" in page.text
    for number in range(4):
        enter(stage.cast.operator, f"more-{number}", Role.MEMBER, home=DAKAR)
    page = reader(who).read(address)
    # The member, the reviewer and four more live in Dakar: 3,333.3 hours / (6 x 10) are 55.6 weeks.
    assert "6 members live where this price holds." in page.text
    assert (
        "5 hours a week about 112 weeks 10 hours a week about 56 weeks 20 hours a week about 28 weeks"
        in page.text
    )


def test_the_launch_says_what_is_left(stage: Stage) -> None:
    page = reader(stage.cast.client_person).read(at(stage.draft(), "launch/"))
    assert "Before that, a few steps are left. What is asked" in page.text


def test_another_clients_quote_does_not_exist(stage: Stage) -> None:
    quote = quote_project(stage.draft().id, 10, by=stage.coordinator.actor, at=AT)
    for who in (stage.cast.foreign_client, stage.cast.stranger):
        assert reader(who).read(f"/quotes/{quote.id}/").status == 404
        assert sent(who, f"/quotes/{quote.id}/acceptance/", do="accept").status == 404


@pytest.mark.parametrize(
    ("step", "statements"),
    [("", 0), ("purpose/", 2), ("asked/", 2), ("asked/json/", 1), ("guideline/", 1), ("quality/", 3),
     ("price/", 3), ("pilot/", 0), ("launch/", 0)],
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
