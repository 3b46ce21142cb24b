"""Texts of a project in the languages of its members, and the language of its data."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from palabre.people.actions.oneself import speak
from palabre.work.actions.duplicate import duplicate_project
from palabre.work.actions.launch import launch_project
from palabre.work.actions.projects import create_project, edit_project, terms_of
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.errors import LanguageWrong, MainTextMissing, NotReady, SpokenWrong, TextWrong
from palabre.work.models import Guideline, Project
from palabre.work.queries.offers import offers_for
from tests.web.reading import reader
from tests.work.setup_pages import NEW, PURPOSE, at, by_script, sent
from tests.work.stage import AT, TERMS, TEXTS, Stage, events
from tests.work.test_project_commands import run
from tests.work.test_projects_api import get, made, post, terms

pytestmark = pytest.mark.django_db

FRENCH = {"name": "Avis de clients", "purpose": "Dire à un hôtel de quoi parlent ses clients."}
BOTH = replace(TERMS, main_language="en", translations={"fr": FRENCH})


def _without_lang() -> dict[str, Any]:
    block = {name: value for name, value in TEXTS["shows"][0].items() if name != "lang"}
    return {**TEXTS, "shows": [block]}


# -- what is stored ---------------------------------------------------------------------------------


def test_the_main_language_is_always_there_and_stands_once(stage: Stage) -> None:
    project = stage.draft(BOTH)
    guideline = publish_guideline(project.id, "Choose.", by=stage.coordinator.actor, at=AT)
    wrong: list[tuple[Any, str, dict[str, Any]]] = [
        (Project, "project_main_language_ck", {"translations": {"en": {"name": "Twice"}}}),
        (Project, "project_texts_ck", {"name": ""}),
        (Project, "project_texts_ck", {"main_language": ""}),
        (Guideline, "guideline_main_language_ck", {"translations": {"en": {"body": "Twice"}}}),
        (Guideline, "guideline_texts_ck", {"body": ""}),
    ]
    for model, constraint, change in wrong:
        row = project if model is Project else guideline
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            model.objects.filter(id=row.id).update(**change)


def test_a_text_is_said_in_hers_or_in_the_main_language(stage: Stage) -> None:
    project = stage.draft(replace(BOTH, risk_note="Insults."))
    assert project.said("name", "fr").text == "Avis de clients"
    assert (project.said("risk_note", "fr").text, project.said("risk_note", "fr").language) == (
        "Insults.",
        "en",
    )
    assert project.texts("name") == {"en": "Guest reviews", "fr": "Avis de clients"}
    assert events(project.id, "work.project.created")[0].data["spoken"] == ["en", "fr"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"main_language": "wo"}, SpokenWrong),
        ({"translations": {"wo": {"name": "Xalaat"}}}, SpokenWrong),
        ({"translations": {"en": {"name": "Twice"}}}, MainTextMissing),
        ({"translations": {"fr": {"risk_note": "Insultes."}}}, MainTextMissing),
        ({"translations": {"fr": {"name": "x" * 201}}}, TextWrong),
        ({"language": "xx"}, LanguageWrong),
        ({"language": "fr_FR"}, LanguageWrong),
    ],
)
def test_what_is_refused(stage: Stage, change: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        stage.draft(replace(BOTH, **change))


@pytest.mark.parametrize("language", ["fr", "pt-BR", "ses", "mul", "zxx"])
def test_tags_of_data_that_are_taken(stage: Stage, language: str) -> None:
    assert stage.draft(replace(BOTH, language=language)).language == language


def test_one_version_of_the_guideline_has_all_its_languages(stage: Stage) -> None:
    project, by = stage.draft(BOTH), stage.coordinator.actor
    french = {"fr": {"body": "Choisissez."}}
    first = publish_guideline(project.id, "Choose.", translations=french, by=by, at=AT)
    assert publish_guideline(project.id, "Choose.", translations=french, by=by, at=AT) == first
    more = {"fr": {"body": "Choisissez bien.", "changes": "Plus clair."}}
    second = publish_guideline(project.id, "Choose.", "Clearer in French.", translations=more, by=by, at=AT)
    assert (second.version, second.said("changes", "fr").text) == (2, "Plus clair.")
    said = events(project.id, "work.guideline.published")[1].data
    assert said["language"] == "en"
    assert list(said["translations"]) == ["fr"]
    with pytest.raises(MainTextMissing):
        publish_guideline(project.id, "Choose.", translations={"en": {"body": "Twice"}}, by=by, at=AT)


def test_a_copy_has_all_languages_and_its_new_name(stage: Stage) -> None:
    project, by = stage.draft(BOTH), stage.coordinator.actor
    publish_guideline(project.id, "Choose.", translations={"fr": {"body": "Choisissez."}}, by=by, at=AT)
    copy = duplicate_project(project.id, "Once more", by=by, at=AT)
    assert copy.texts("name") == {"en": "Once more"}
    assert copy.said("purpose", "fr").text == FRENCH["purpose"]
    assert copy.guidelines.get().texts("body") == {"en": "Choose.", "fr": "Choisissez."}


def test_editing_keeps_what_it_does_not_name(stage: Stage) -> None:
    project = stage.draft(BOTH)
    edit_project(project.id, replace(terms_of(project), overlap=3), by=stage.coordinator.actor, at=AT)
    assert Project.objects.get().translations == {"fr": FRENCH}


# -- the language of the data -----------------------------------------------------------------------


def test_work_is_not_offered_before_the_language_of_the_data_is_said(stage: Stage) -> None:
    project, by = stage.ready(), stage.coordinator.actor
    publish_schema(project.id, _without_lang(), by=by, at=AT)
    with pytest.raises(NotReady) as refusal:
        launch_project(project.id, without_pilot="A test.", by=by, at=AT)
    assert refusal.value.missing == ["language"]
    assert "the language of the data (in the step Purpose)" in str(refusal.value)
    page = reader(stage.coordinator).read(at(project, "launch/"))
    assert "missing Purpose" in page.text
    edit_project(project.id, replace(terms_of(project), language="wo"), by=by, at=AT)
    assert launch_project(project.id, without_pilot="A test.", by=by, at=AT).state == "live"


def test_what_was_offered_before_that_rule_goes_on(stage: Stage) -> None:
    project, by = stage.live(), stage.coordinator.actor
    Project.objects.filter(id=project.id).update(state="paused")
    publish_schema(project.id, {**TEXTS}, by=by, at=AT)
    assert launch_project(project.id, by=by, at=AT).state == "live"


# -- over HTTP and at the terminal ------------------------------------------------------------------


def test_a_text_is_a_string_or_an_object_by_language(stage: Stage) -> None:
    client = stage.cast.client_person
    names = {"en": "Guest reviews", "fr": "Avis de clients"}
    project = made(
        post(
            client, "/projects", {**terms(stage), "name": names, "main_language": "fr"} | {"purpose": "Dire."}
        )
    )
    assert (project["name"], project["main_language"]) == ("Avis de clients", "fr")
    assert project["texts"]["name"] == {"fr": "Avis de clients", "en": "Guest reviews"}
    path = f"/projects/{project['id']}/guidelines"
    guideline = made(post(client, path, {"body": {"fr": "Choisissez.", "en": "Choose."}}))
    assert (guideline["body"], guideline["texts"]["body"]["en"]) == ("Choisissez.", "Choose.")
    plain = made(post(client, path, {"body": "Choisissez bien.", "changes": {"fr": "Bien."}}))
    assert plain["texts"] == {"body": {"fr": "Choisissez bien."}, "changes": {"fr": "Bien."}}


def test_an_object_without_the_main_language_says_what_to_write(stage: Stage) -> None:
    for field in ("name", "purpose"):
        body = {**terms(stage), field: {"fr": "Avis"}}
        status, problem = post(stage.cast.client_person, "/projects", body)
        assert status == 422
        assert f"{field}: write it in the main language (en) as well." in json.dumps(problem)
    status, _problem = post(stage.cast.client_person, "/projects", {**terms(stage), "name": {"en": 1}})
    assert status == 422


def test_a_member_is_handed_hers_and_no_other(stage: Stage) -> None:
    """A French member of an English project: what is there in French, the rest marked as English; nothing stops her."""
    member, by = stage.cast.member, stage.coordinator.actor
    project = stage.live(terms=replace(BOTH, translations={"fr": {"name": "Avis de clients"}}))
    publish_guideline(
        project.id, "Choose.", "New.", translations={"fr": {"body": "**Choisir**."}}, by=by, at=AT
    )
    speak("fr", by=member.actor, at=AT)
    pack = made(get(member, f"/projects/{project.id}/workbench"), 200)
    assert (pack["project"]["name"], pack["project"]["purpose"]) == ("Avis de clients", TERMS.purpose)
    assert pack["project"]["langs"] == {"name": "fr", "purpose": "en"}
    assert pack["guideline"]["html"].strip() == "<p><strong>Choisir</strong>.</p>"
    assert pack["guideline"]["langs"] == {"body": "fr", "changes": "en"}
    assert "Choose" not in json.dumps(pack["guideline"])
    offer = made(get(member, "/offers"), 200)[0]
    assert (offer["name"], offer["langs"]["purpose"]) == ("Avis de clients", "en")
    page = reader(member).read(f"/work/{project.id}/", "fr").html
    assert "<h1>Avis de clients</h1>" in page
    assert f'<span lang="en">{TERMS.purpose}</span>' in page


def test_a_text_without_its_own_language_has_that_of_the_data(stage: Stage) -> None:
    by = stage.coordinator.actor
    project = stage.ready(terms=replace(TERMS, language="wo"))
    publish_schema(project.id, _without_lang(), by=by, at=AT)
    launch_project(project.id, without_pilot="A test.", by=by, at=AT)
    pack = made(get(stage.cast.member, f"/projects/{project.id}/workbench"), 200)
    assert pack["schema"]["body"]["shows"][0]["lang"] == "wo"
    assert offers_for(stage.cast.member.actor)[0].languages == ("wo",)


def test_the_terminal_takes_translations_from_files(stage: Stage, tmp_path: Path) -> None:
    french, guide, guide_fr = (tmp_path / name for name in ("fr.json", "guide.md", "guide_fr.md"))
    french.write_text(json.dumps(FRENCH))
    guide.write_text("Choose.")
    guide_fr.write_text("Choisissez.")
    parties = ("--client", str(stage.cast.client.id), "--operator", str(stage.cast.operator.id))
    words = (
        "--name",
        "Reviews",
        "--purpose",
        "To know.",
        "--currency",
        "EUR",
        "--seconds",
        "10",
        "--language",
        "wo",
    )
    number = run("create", *parties, *words, "--translation", f"fr={french}").stdout.strip()
    project = Project.objects.get(id=number)
    assert (project.language, project.translations) == ("wo", {"fr": FRENCH})
    assert run("guideline", number, str(guide), "--translation", f"fr={guide_fr}").exit_code == 0
    assert project.guidelines.get().texts("body") == {"en": "Choose.", "fr": "Choisissez."}
    french.write_text('{"nom": "Avis"}')
    assert run("create", *parties, *words, "--translation", f"fr={french}").exit_code != 0
    assert run("create", *parties, *words, "--translation", "fr").exit_code != 0


# -- the pages --------------------------------------------------------------------------------------


def test_a_tab_for_each_language_keeps_what_is_typed_and_says_what_is_empty(stage: Stage) -> None:
    who = stage.cast.client_person
    page = reader(who).read(NEW)
    assert "English main language Français still empty" in page.text
    typed = {**PURPOSE, "name_fr": "Avis <b>"}
    page = sent(who, NEW, **typed, do="tab:fr")
    assert page.status == 200
    assert page.form_with("name_en")["name_en"] == "Guest reviews"
    assert page.form_with("name_fr")["tab"] == "fr"
    assert '<div class="in-language" id="in-en" hidden>' in page.html
    assert '<div class="in-language" id="in-fr">' in page.html
    assert "English main language Français written" in page.text
    piece = by_script(who, NEW, **typed, tab="fr", do="preview").html
    assert 'lang="fr">Avis &lt;b&gt;</h3>' in piece
    assert 'lang="en">To know what guests like.</p>' in piece
    assert Project.objects.count() == 0


def test_both_languages_are_saved_and_shown_again(stage: Stage) -> None:
    who, project = stage.cast.client_person, stage.draft()
    fields = {**PURPOSE, "name_fr": "Avis", "purpose_fr": "Savoir.", "countries": "SN", "do": "save"}
    assert sent(who, at(project, "purpose/"), **fields).status == 200
    project.refresh_from_db()
    assert project.translations == {"fr": {"name": "Avis", "purpose": "Savoir."}}
    again = reader(who).read(at(project, "purpose/")).form_with("name_fr")
    assert (again["name_fr"], again["name_en"]) == ("Avis", "Guest reviews")
    assert "Avis" in reader(who).read(at(project), "fr").html


def test_what_is_missing_opens_its_language(stage: Stage) -> None:
    who, project = stage.cast.client_person, stage.draft()
    fields = {**PURPOSE, "name_en": "", "name_fr": "Avis", "tab": "fr", "countries": "SN", "do": "save"}
    page = sent(who, at(project, "purpose/"), **fields)
    assert page.status == 422
    assert '<div class="in-language" id="in-en">' in page.html
    assert "English to put right" in page.text
    assert page.form_with("name_fr")["name_fr"] == "Avis"
    risk = {**PURPOSE, "risk_note_fr": "Insultes.", "countries": "SN", "do": "save"}
    page = sent(who, at(project, "purpose/"), **risk)
    assert "Write this in English too: it is the main language." in page.text
    no_language = {**PURPOSE, "language": "", "countries": "SN", "do": "save"}
    assert sent(who, at(project, "purpose/"), **no_language).status == 422


def test_a_guideline_is_written_and_compared_in_each_language(stage: Stage) -> None:
    who, project = stage.coordinator, stage.live(terms=BOTH)
    address = at(project, "guideline/")
    fields = {
        "body_en": "Choose well.",
        "changes_en": "Better.",
        "body_fr": "Choisissez bien.",
        "changes_fr": "Mieux.",
    }
    assert "Version 2 is published." in sent(who, address, **fields, do="save").text
    page = reader(who).read(at(project, "guideline/2/?in=fr"))
    assert "Choisissez bien." in page.text
    assert "Mieux." in page.text
    assert "Choose well." in reader(who).read(at(project, "guideline/2/")).text
    assert reader(who).read(at(project, "guideline/2/?in=xx")).status == 200


def test_names_in_her_language_cost_no_further_statement(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        stage.live(terms=BOTH)
    with django_assert_num_queries(4):
        offers = offers_for(stage.cast.member.actor)
        assert {one.project.said("name", "fr").text for one in offers} == {"Avis de clients"}


def test_the_first_language_of_the_installation_is_the_main_one_where_none_is_said(stage: Stage) -> None:
    parties = {"client": stage.cast.client.id, "operator": stage.cast.operator.id}
    assert create_project(TERMS, **parties, by=stage.coordinator.actor, at=AT).main_language == "en"
