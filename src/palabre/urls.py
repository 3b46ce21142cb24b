"""Every address of the installation."""

from django.urls import path

from palabre.api import api
from palabre.web import health
from palabre.web.access import PUBLIC, allowed

urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", allowed(PUBLIC).guard(health.alive), name="alive"),
    path("readyz", allowed(PUBLIC).guard(health.ready), name="ready"),
]

handler400 = "palabre.web.problems.bad_request"
handler403 = "palabre.web.problems.permission_denied"
handler404 = "palabre.web.problems.page_not_found"
handler500 = "palabre.web.problems.server_error"
