"""Pages of the room."""

from django.urls import path

from palabre.quality.views.own_project import member_project

urlpatterns = [
    path("work/<uuid:project>/", member_project, name="member-project"),
]
