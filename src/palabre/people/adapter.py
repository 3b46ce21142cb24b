"""How allauth meets our accounts: who has which name, what is said, and that nobody signs up by herself."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.people.devices import device_of
from palabre.people.models import PersonalData
from palabre.people.sessions import DEVICE


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with our own backend and in our own words."""

    error_messages = {  # noqa: RUF012 - as allauth reads it
        **DefaultAccountAdapter.error_messages,
        # The same for an unknown name and for a wrong password: nobody learns here who takes part.
        "email_password_mismatch": _("This name and this password don't belong together."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right, or its time is over."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or ask for a one-time link."),
        "rate_limited": _("Too many tries. Wait a moment."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Her password once more, with the same limit of tries as at the door."""
        self.pre_authenticate(context.request, login=str(user.pk))
        right = user.check_password(password)
        if right:
            self._rollback_login_failed_rl_usage()
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

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: object) -> str:  # noqa: ARG002
        return str(credentials.get("login", "")).strip().lower()


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
