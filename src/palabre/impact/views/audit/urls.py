"""Addresses under /record/."""

from django.urls import path

from palabre.impact.views.audit.events import event, events, proof
from palabre.impact.views.audit.evidence import evidence, evidence_zip
from palabre.impact.views.audit.figures import figures, projects, rows, rows_csv
from palabre.impact.views.audit.record import record, seal, seal_json, seals
from palabre.impact.views.audit.verifications import verification, verifications

urlpatterns = [
    path("", record, name="record"),
    path("seals/", seals, name="record-seals"),
    path("seals/<row:seal>/", seal, name="record-seal"),
    path("seals/<row:seal>.json", seal_json, name="record-seal-json"),
    path("events/", events, name="record-events"),
    path("events/<row:event>/", event, name="record-event"),
    path("events/<row:event>/proof.json", proof, name="record-proof"),
    path("verifications/", verifications, name="record-verifications"),
    path("verifications/<uuid:verification>/", verification, name="record-verification"),
    path("evidence/", evidence, name="record-evidence"),
    path("evidence/<uuid:evidence>.zip", evidence_zip, name="record-evidence-zip"),
    path("projects/", projects, name="record-projects"),
    path("projects/<uuid:project>/", figures, name="record-figures"),
    path("projects/<uuid:project>/<str:rows>/", rows, name="record-rows"),
    path("projects/<uuid:project>/<str:rows>.csv", rows_csv, name="record-rows-csv"),
]
