"""Pages of decisions."""

from django.urls import path

from palabre.decisions.views import decision, my_decisions

urlpatterns = [
    path("decisions/", my_decisions, name="decisions"),
    path("decisions/<uuid:decision>/", decision, name="decision"),
]
