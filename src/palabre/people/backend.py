"""Who may come in with a password: found by e-mail address or telephone number."""

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from palabre.people.finding import accounts_called
from palabre.people.models import Account


class Backend(ModelBackend):
    """The only way by which a password opens a session."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - as Django calls it
        username: str | None = None,  # noqa: ARG002
        password: str | None = None,
        **credentials: object,
    ) -> Account | None:
        """The account whose e-mail or phone `login` is. Nobody's takes as long as somebody's."""
        login = credentials.get("login")
        if not isinstance(login, str) or password is None:
            return None
        found = accounts_called(login)
        if not found:
            Account().set_password(password)
        return next((one for one in found if one.is_active and one.check_password(password)), None)
