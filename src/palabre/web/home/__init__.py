"""The first page of each role: what now?"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from palabre.people.models import Role
from palabre.web.access import PUBLIC
from palabre.web.home.administrator import administrator_home
from palabre.web.home.auditor import auditor_home
from palabre.web.home.client import client_home
from palabre.web.home.coordinator import coordinator_home
from palabre.web.home.finance import finance_home
from palabre.web.home.member import member_home
from palabre.web.home.reviewer import reviewer_home
from palabre.web.page import page
from palabre.web.sign_in import see

# Who holds several roles comes home to the first of these.
HOMES = {
    Role.MEMBER: member_home,
    Role.REVIEWER: reviewer_home,
    Role.COORDINATOR: coordinator_home,
    Role.CLIENT: client_home,
    Role.FINANCE: finance_home,
    Role.ADMINISTRATOR: administrator_home,
    Role.AUDITOR: auditor_home,
    Role.DELEGATE: auditor_home,
}


@page(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """Her own home for who is signed in; for anybody else, what Palabre is."""
    viewer = see(request)
    if viewer is None:
        return HttpResponseRedirect("/welcome/")
    role = next((role for role in HOMES if role in viewer.place.roles), None)
    return render(request, "web/home/ended.html") if role is None else HOMES[role](request, viewer)
