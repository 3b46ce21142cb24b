"""Who tries to come in. Whoever tries is slowed down, not whoever is tried: nobody locks another person out.

A device on which somebody has come in before is known by a signed cookie, for her alone. There she has tries of her own,
whatever others do; elsewhere an address has some, and fewer for each name. Many addresses together have some for one
name, which keeps a thousand computers from guessing one password, and leaves every known device open.
"""

import secrets
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from palabre.people.actions.tries import Bucket, give_tries_back, take_try
from palabre.people.errors import TooManyTries
from palabre.people.finding import ENDING, accounts_called

COOKIE = "device"
_SALT = "palabre.device"
_LASTS = 400 * 86_400  # as long as browsers keep a cookie
# A phone that several people share knows each of them.
_MOST_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one kind of try: how many at once, and the seconds after which there is one more."""

    name: str
    device: tuple[int, int]
    address: tuple[int, int]
    pair: tuple[int, int]
    everywhere: tuple[int, int]


PASSWORD = Limits("password", device=(10, 30), address=(20, 6), pair=(5, 60), everywhere=(100, 180))
CODE = Limits("code", device=(10, 30), address=(20, 6), pair=(5, 60), everywhere=(30, 120))
# What is sent to her: too few to fill her mailbox.
LINK = Limits("link", device=(3, 200), address=(20, 180), pair=(3, 200), everywhere=(10, 360))


@dataclass(frozen=True, slots=True)
class Try:
    """One that was counted. Who was right gets it back."""

    buckets: Sequence[Bucket]

    def right(self) -> None:
        give_tries_back(self.buckets)


def try_as(request: HttpRequest, login: str, limits: Limits) -> Try:
    """One try under a name as it was typed: every way of writing it is the same name. Raises: TooManyTries."""
    found = sorted(account.pk for account in accounts_called(login))
    return _taken(request, limits, found, " ".join(map(str, found)) or _plain(login))


def try_by(request: HttpRequest, account: uuid.UUID, limits: Limits) -> Try:
    """One try by somebody who has half shown who she is. Raises: TooManyTries."""
    return _taken(request, limits, [account], str(account))


def try_from(request: HttpRequest, name: str, most: int, seconds: int) -> None:
    """One try of what names nobody, such as the address of a link. Raises: TooManyTries."""
    _take([Bucket(f"{name} address", get_ip(request), most, seconds)])


def _taken(request: HttpRequest, limits: Limits, accounts: Iterable[uuid.UUID], name: str) -> Try:
    device, known = _device_in(request)
    if any(_mark(account) in known for account in accounts):
        return _take([Bucket(f"{limits.name} device", f"{device} {name}", *limits.device)])
    address = get_ip(request)
    return _take(
        [
            Bucket(f"{limits.name} address", address, *limits.address),
            Bucket(f"{limits.name} pair", f"{address} {name}", *limits.pair),
            Bucket(f"{limits.name} name", name, *limits.everywhere),
        ]
    )


def _take(buckets: Sequence[Bucket]) -> Try:
    seconds = take_try(buckets, at=timezone.now())
    if seconds:
        raise TooManyTries(seconds=seconds)
    return Try(buckets)


def _plain(login: str) -> str:
    """A name that is nobody's, in one form: an address in small letters, or the end of a number."""
    text = unicodedata.normalize("NFKC", login).strip().casefold()
    digits = "".join(letter for letter in text if letter.isdigit())
    return text if "@" in text or len(digits) < ENDING else digits[-ENDING:]


def know_device(request: HttpRequest, response: HttpResponse, account: uuid.UUID) -> None:
    """She has come in here: this device stays open to her, whoever tries her name elsewhere."""
    device, known = _device_in(request)
    marks = [_mark(account), *(mark for mark in known if mark != _mark(account))][:_MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps([device, marks], salt=_SALT),
        max_age=_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device_in(request: HttpRequest) -> tuple[str, list[str]]:
    """This device, and the marks of those who have come in on it."""
    try:
        device, known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return secrets.token_urlsafe(12), []
    return str(device), [str(mark) for mark in known]


def _mark(account: uuid.UUID) -> str:
    """A cookie tells nobody whose it is."""
    return salted_hmac(_SALT, str(account), algorithm="sha256").hexdigest()[:20]
