"""Every address of the installation."""

from django.urls import path

from palabre.web import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]
