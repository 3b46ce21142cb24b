"""Which letters she wants: on her own page, and off by the link in a letter, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from palabre.errors import NotFound
from palabre.messages.actions import choose_letters
from palabre.messages.channels import is_carried
from palabre.messages.forms import LettersForm
from palabre.messages.models import Message
from palabre.messages.queries import letters_of
from palabre.messages.wishes import read_off
from palabre.people.models import Account
from palabre.people.queries import oneself
from palabre.web.access import SIGNED_IN, SIGNED_LINK, actor_of, at_of
from palabre.web.forms import form_of, show
from palabre.web.page import done, page


@page(SIGNED_IN)
def letters(request: HttpRequest) -> HttpResponse:
    """What she is told by e-mail."""
    by = actor_of(request)
    if by.account is None:
        raise NotFound
    form = form_of(LettersForm, request, initial=letters_of(by.account))
    if form.is_bound and form.is_valid():
        choose_letters(by.account, by=by.account, at=at_of(request), **form.cleaned_data)
        return done(request, gettext("This is how you are told from now on."), "letters")
    carried = is_carried(Message.Channel.EMAIL)
    return show(request, "messages/letters.html", form, email=oneself(by).email, carried=carried)


@csrf_exempt
@page(SIGNED_LINK)
@never_cache
def letters_off(request: HttpRequest, secret: str) -> HttpResponse:
    """A page with one button. Mail programs press it by themselves (RFC 8058), programs that look through links don't.

    The link is signed and turns off this one kind of letter, so it needs no mark of a form of ours.
    """
    found = read_off(secret)
    account = Account.objects.filter(id=found[0], is_active=True).first() if found else None
    if found is None or account is None:
        return render(request, "messages/letters_over.html", status=404)
    if "django_language" not in request.COOKIES:
        translation.activate(account.language)
    if request.method == "POST":
        choose_letters(account.id, by=account.id, at=at_of(request), **{str(found[1]): False})
    return render(
        request, "messages/letters_off.html", {"kind": str(found[1]), "off": request.method == "POST"}
    )
