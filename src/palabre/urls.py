"""Every address of the installation."""

from django.urls import include, path

import palabre.web.addresses  # noqa: F401 (`<row:…>` in the routes of all rooms)
from palabre.api import api
from palabre.exchange.views.download import download
from palabre.impact.views.scorecard import scorecard
from palabre.record.keys import WELL_KNOWN
from palabre.web import health, media, well_known
from palabre.web.access import PUBLIC, SIGNED_LINK, allowed

urlpatterns = [
    path("", include("palabre.web.urls")),
    path("", include("palabre.people.urls")),
    path("", include("palabre.messages.urls")),
    path("", include("palabre.decisions.urls")),
    path("", include("palabre.pay.urls")),
    path("", include("palabre.work.urls")),
    path("money/", include("palabre.work.views.money.urls")),
    path("record/", include("palabre.impact.views.audit.urls")),
    path("", include("palabre.quality.urls")),
    path("", include("palabre.exchange.urls")),
    path("", include("palabre.impact.urls")),
    path("", include("palabre.installation.urls")),
    path("api/v1/", api.urls),
    path(WELL_KNOWN, allowed(PUBLIC).guard(well_known.signing_keys), name="signing-keys"),
    path("scorecards/<uuid:number>/", allowed(PUBLIC).guard(scorecard), name="scorecard"),
    path("media/<str:token>", allowed(SIGNED_LINK).guard(media.show), name="media"),
    path("exports/<str:token>", allowed(SIGNED_LINK).guard(download), name="export"),
    path("healthz", allowed(PUBLIC).guard(health.alive), name="alive"),
    path("readyz", allowed(PUBLIC).guard(health.ready), name="ready"),
]

handler400 = "palabre.web.handlers.bad_request"
handler403 = "palabre.web.handlers.permission_denied"
handler404 = "palabre.web.handlers.page_not_found"
handler429 = "palabre.web.handlers.too_many_requests"
handler500 = "palabre.web.handlers.server_error"
