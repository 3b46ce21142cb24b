"""Addresses of the room's pages."""

from django.urls import path

from palabre.exchange.views import data, imports, results, uploads

_DATA = "projects/<uuid:project>/data/"
_ONE = _DATA + "imports/<uuid:import_id>/"
_RESULTS = "projects/<uuid:project>/results/"

urlpatterns = [
    path(_DATA, data.data, name="project-data"),
    path(_DATA + "batches/<uuid:batch>/close/", data.close, name="close-batch"),
    path(_DATA + "uploads/<uuid:upload>/", uploads.upload, name="upload"),
    path(_DATA + "uploads/<uuid:upload>/drop/", uploads.drop, name="drop-upload"),
    path(_ONE, imports.show_import, name="import"),
    path(_ONE + "progress/", imports.progress, name="import-progress"),
    path(_ONE + "problems.csv", imports.problems, name="import-problems"),
    path(_ONE + "cancel/", imports.cancel, name="cancel-import"),
    path(_ONE + "discard/", imports.discard, name="discard-import"),
    path(_RESULTS, results.results, name="project-results"),
    path(_RESULTS + "files/", results.files, name="export-files"),
    path(_RESULTS + "<uuid:export>/", results.fetch, name="fetch-export"),
]
