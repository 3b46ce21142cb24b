"""How allauth meets our accounts: who has which name, what is said, and that nobody signs up by herself."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.people.devices import device_of
from palabre.people.models import PersonalData
from palabre.people.sessions import DEVICE
from palabre.people.trying import PASSWORD, know_device, try_as, try_by


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with our own backend and in our own words."""

    error_messages = {  # noqa: RUF012 - as allauth reads it
        **DefaultAccountAdapter.error_messages,
        # The same for an unknown name and for a wrong password: nobody learns here who takes part.
        "email_password_mismatch": _("This name and this password don't belong together."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right, or its time is over."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Raises: TooManyTries."""
        self._try = try_as(request, str(credentials.get("login", "")), PASSWORD)

    def _rollback_login_failed_rl_usage(self) -> None:
        """Allauth's name for: she was right."""
        self._try.right()

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Her password once more, with as few tries as at the door. Raises: TooManyTries."""
        one = try_by(context.request, user.pk, PASSWORD)
        right = user.check_password(password)
        if right:
            one.right()
        return right

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponseRedirect:  # noqa: ARG002
        """Only a link that was made before her access ended comes here."""
        messages.error(request, gettext("This link doesn't open anything any more."))
        return HttpResponseRedirect(reverse("account_login"))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,  # noqa: ARG002
        message_context: dict[str, object] | None = None,  # noqa: ARG002
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what our own words say; allauth's templates stay silent."""
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        """She is in: this device is known from now on."""
        response: HttpResponse = super().post_login(request, user, **more)
        know_device(request, response, user.pk)
        return response


class SecondStepAdapter(DefaultMFAAdapter):
    """Passkeys and codes: how a person and Palabre are named in her phone's list."""

    error_messages = {  # noqa: RUF012 - as allauth reads it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or its time is over."),
    }

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        row = PersonalData.objects.filter(account_id=user.pk).first()
        return (row.email or row.phone or row.name) if row else str(user.pk)

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        name = self._get_user_identifier(user)
        return {"id": str(user.pk).encode(), "display_name": name, "name": name}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002, ARG002
        request = context.request
        return device_of(request.headers.get("User-Agent", "")) or gettext("Passkey")

    def _get_site_name(self) -> str:
        return "Palabre"
