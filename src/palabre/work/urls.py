"""Pages of the room."""

from django.urls import path

from palabre.work.views.corrections import correction, corrections
from palabre.work.views.decisions import decide, decision, decisions
from palabre.work.views.guideline import guideline, guideline_version
from palabre.work.views.launch import launch
from palabre.work.views.leases import assign, leases, member_leases
from palabre.work.views.looks import choices, flags, unread
from palabre.work.views.members import member_at_work, people
from palabre.work.views.offers import offers
from palabre.work.views.pilot import pilot, pilot_answer
from palabre.work.views.questions import answer, project_questions
from palabre.work.views.questions import questions as all_questions
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
        "projects/<uuid:project>/setup/guideline/<row:version>/",
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
    path("questions/", all_questions, name="questions"),
    path("questions/answer/", answer, name="answer-questions"),
    path("projects/<uuid:project>/questions/", project_questions, name="project-questions"),
    path("people-at-work/", people, name="people-at-work"),
    path("people-at-work/<uuid:member>/", member_at_work, name="member-at-work"),
    path("leases/", leases, name="leases"),
    path("projects/<uuid:project>/members/<uuid:member>/leases/", member_leases, name="member-leases"),
    path("projects/<uuid:project>/members/<uuid:member>/assign/", assign, name="assign-tasks"),
    path("projects/<uuid:project>/members/<uuid:member>/decide/", decide, name="decide"),
    path("flags/", flags, name="flags"),
    path("unread/", unread, name="unread"),
    path("work/two-answers/", choices, name="two-answers"),
    path("team/corrections/", corrections, name="corrections-waiting"),
    path("team/corrections/<uuid:correction>/", correction, name="correction-answer"),
    path("team/decisions/", decisions, name="team-decisions"),
    path("team/decisions/<uuid:decision>/", decision, name="team-decision"),
]
