"""Pages of the room."""

from django.urls import path

from palabre.work.views.setup import overview

urlpatterns = [
    path("projects/<uuid:project>/setup/", overview, name="project-setup"),
]
