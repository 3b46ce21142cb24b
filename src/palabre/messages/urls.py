"""Invitations, links, clients and the outbox."""

from django.urls import path

from palabre.messages.views import invitations, letters, links, organisations, ways_in

urlpatterns = [
    path("account/ask/", links.ask, name="ask-link"),
    path("account/asked/", links.asked, name="link-asked"),
    path("account/letters/", letters.letters, name="letters"),
    path("account/letters/off/<str:secret>/", letters.letters_off, name="letters-off"),
    path("people/invite/", invitations.new, name="invite"),
    path("people/<uuid:account>/invite/", invitations.again, name="invite-again"),
    path("people/<uuid:account>/way-in/", ways_in.new, name="way-in"),
    path("people/hand-over/", invitations.hand_over, name="hand-over"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.new_client, name="new-client"),
    path("organisations/<uuid:client>/invite/", organisations.client_person, name="client-person"),
    path("organisations/<uuid:client>/way-in/", ways_in.of_client, name="client-way-in"),
    path("outbox/", organisations.outbox, name="outbox"),
]
