"""The rest of that way: what it costs, the pilot, the launch."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from palabre.people.models import Role
from palabre.work.actions.pilot import confirm_guideline
from palabre.work.actions.quotes import quote_project
from palabre.work.actions.versions import publish_schema
from palabre.work.models import Project
from palabre.work.models.projects import Confirmation
from tests.cast import DAKAR, enter
from tests.web.reading import reader
from tests.work.setup_pages import at, sent
from tests.work.stage import AT, TERMS, TEXTS, Stage
from tests.work.test_pilot import begun, confirmed, passed, work

pytestmark = pytest.mark.django_db


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
        "370.526 Pay for 100 answers F CFA 103",
    ):
        assert line in page.text
    assert sent(who, f"/quotes/{quote.id}/acceptance/").status == 200
    assert not project.quotes.filter(accepted_at__isnull=False).exists()
    after = sent(who, f"/quotes/{quote.id}/acceptance/", do="accept")
    assert "Accepted on" in after.text
    assert f"PAL-{str(project.id)[-8:].upper()}" in after.text
    assert "€4.26" in reader(who).read(f"/quotes/{quote.id}/").text


def test_many_more_tasks_than_rows_are_asked_about_once(stage: Stage) -> None:
    """A slip of the hand is cheap to make; who means it says so."""
    project, who = stage.ready(), stage.cast.client_person
    before = project.quotes.count()
    asked = sent(who, at(project, "price/"), tasks="5000000", do="quote")
    assert asked.status == 422
    assert "You ask for the price of 5,000,000 tasks, and your data has 10 so far." in asked.text
    assert project.quotes.count() == before
    assert sent(who, at(project, "price/"), tasks="5000000", do="quote", sure="on").status == 200
    assert sent(who, at(project, "price/"), tasks="20", do="quote").status == 200
    assert project.quotes.count() == before + 2


def test_no_step_is_a_dead_end(stage: Stage) -> None:
    """Each page leads on, to the project, or says for what it waits."""
    project, who = stage.draft(), stage.cast.client_person
    published = {"body_en": "Choose one.", "do": "save"}
    page = sent(who, at(project, "guideline/"), **published)
    assert "Go on: What is asked" in page.text
    publish_schema(project.id, TEXTS, by=stage.coordinator.actor, at=AT)
    stage.add_tasks(project, 10)
    for step in ("purpose", "asked", "guideline"):
        assert "Go on: Quality" in reader(who).read(at(project, f"{step}/")).text
    quote = quote_project(project.id, 10, by=stage.coordinator.actor, at=AT)
    assert "Go on: Price" in reader(who).read(at(project, "quality/")).text
    accepted = sent(who, f"/quotes/{quote.id}/acceptance/", do="accept")
    assert "Until the deposit is recorded, nothing is left for you to do here." in accepted.text
    ready = stage.live()
    page = reader(who).read(at(ready, "launch/"))
    assert "See how the work goes" in page.text
    assert f"/projects/{ready.id}/" in page.links


def test_a_ready_beginning_stands_in_each_language(stage: Stage) -> None:
    project, who = stage.ready(), stage.cast.client_person
    page = reader(who).read(at(project, "guideline/"))
    assert page.html.index('value="skeleton-en"') < page.html.index('value="skeleton-fr"')
    begun = sent(who, at(project, "guideline/"), body_en="Choose two.", do="skeleton-fr").html
    assert "Choose two.</textarea>" in begun
    assert "Lisez tout le texte avant de répondre." in begun


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


def test_how_long_it_may_take_is_arithmetic_and_no_promise(stage: Stage) -> None:
    """Of fewer than five members no figure is shown."""
    terms = replace(TERMS, overlap=3, seconds_per_task=Decimal(20))
    quote = quote_project(stage.draft(terms).id, 200_000, by=stage.coordinator.actor, at=AT)
    who, address = stage.cast.client_person, at(quote.project, "price/")
    page = reader(who).read(address)
    assert "600,000 answers × 20 s = about 3333 h 20 min of work. Few members live" in page.text
    for number in range(2):
        enter(stage.cast.operator, f"more-{number}", Role.MEMBER, home=DAKAR)
    page = reader(who).read(address)
    # The member, the reviewer, the two who work for two operators and two more live in Dakar:
    # 3,333.3 hours / (6 x 10) are 55.6 weeks.
    assert "6 members live where this price holds." in page.text
    assert (
        "5 hours a week about 112 weeks 10 hours a week about 56 weeks 20 hours a week about 28 weeks"
        in page.text
    )


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
    assert "all who answer must, and at least 2 answer" in page.text
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


def test_the_launch_says_what_is_left(stage: Stage) -> None:
    page = reader(stage.cast.client_person).read(at(stage.draft(), "launch/"))
    assert "Before that, a few steps are left. What is asked" in page.text
