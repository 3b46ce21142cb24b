"""Addresses of the room's pages."""

from django.urls import path

from palabre.impact.views import closing, invoice, projects

_ONE = "projects/<uuid:project>/"

urlpatterns = [
    path("projects/", projects.projects, name="projects"),
    path(_ONE, projects.project, name="project"),
    path(_ONE + "close/", closing.close, name="project-close"),
    path(_ONE + "close/scorecard/", closing.issue, name="issue-scorecard"),
    path(_ONE + "close/refund/", closing.refund, name="refund-deposit"),
    path(_ONE + "invoice/", invoice.invoice, name="project-invoice"),
    path(_ONE + "invoice.csv", invoice.invoice_csv, name="project-invoice-csv"),
]
