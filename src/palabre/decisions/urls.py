"""Pages of decisions."""

from django.urls import path

from palabre.decisions.views import decision, end_access, my_decisions

urlpatterns = [
    path("decisions/", my_decisions, name="decisions"),
    path("decisions/<uuid:decision>/", decision, name="decision"),
    path("people/<uuid:account>/end/", end_access, name="person-end"),
]
