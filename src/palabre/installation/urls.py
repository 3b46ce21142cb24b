"""Addresses of the installation's own pages."""

from django.urls import path

from palabre.installation.views import administration, first_visit, own_data

urlpatterns = [
    path("account/my-data/", own_data.own_data, name="own-data"),
    path("first-visit/<str:token>/", first_visit.first_visit, name="first-visit"),
    path("installation/", administration.health, name="installation"),
    path("installation/jobs/", administration.jobs, name="jobs"),
    path("installation/settings/", administration.settings, name="settings"),
]
