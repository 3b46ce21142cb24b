"""Pages of the room."""

from django.urls import path

from palabre.work.views.offers import offers
from palabre.work.views.guideline import guideline, guideline_version
from palabre.work.views.launch import launch
from palabre.work.views.pilot import pilot, pilot_answer
from palabre.work.views.quote import accept, quality, quote, quote_sheet
from palabre.work.views.schema import expert, questions
from palabre.work.views.setup import copy, new_project, overview, purpose
from palabre.work.views.timesheet import day, day_entries, week

urlpatterns = [
    path("work/", offers, name="offers"),
    path("time/", week, name="timesheet"),
    path("time/day/", day, name="timesheet-day"),
    path("time/day/entries/", day_entries, name="timesheet-entries"),
    path("work/<uuid:project>/pilot/", pilot_answer, name="pilot-answer"),
    path("projects/new/", new_project, name="project-new"),
    path("projects/<uuid:project>/setup/", overview, name="project-setup"),
    path("projects/<uuid:project>/setup/purpose/", purpose, name="setup-purpose"),
    path("projects/<uuid:project>/setup/asked/", questions, name="setup-questions"),
    path("projects/<uuid:project>/setup/asked/json/", expert, name="setup-questions-expert"),
    path("projects/<uuid:project>/setup/guideline/", guideline, name="setup-guideline"),
    path(
        "projects/<uuid:project>/setup/guideline/<int:version>/",
        guideline_version,
        name="setup-guideline-version",
    ),
    path("projects/<uuid:project>/setup/quality/", quality, name="setup-quality"),
    path("projects/<uuid:project>/setup/price/", quote, name="setup-quote"),
    path("projects/<uuid:project>/setup/pilot/", pilot, name="setup-pilot"),
    path("projects/<uuid:project>/setup/launch/", launch, name="setup-launch"),
    path("projects/<uuid:project>/setup/copy/", copy, name="project-copy"),
    path("quotes/<uuid:quote>/", quote_sheet, name="quote-sheet"),
    path("quotes/<uuid:quote>/acceptance/", accept, name="quote-accept"),
]
