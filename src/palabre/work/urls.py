"""Pages of the room."""

from django.urls import path

from palabre.work.views.offers import offers
from palabre.work.views.setup import overview
from palabre.work.views.timesheet import day, day_entries, week

urlpatterns = [
    path("work/", offers, name="offers"),
    path("time/", week, name="timesheet"),
    path("time/day/", day, name="timesheet-day"),
    path("time/day/entries/", day_entries, name="timesheet-entries"),
    path("projects/<uuid:project>/setup/", overview, name="project-setup"),
]
