"""Sessions in a table of ours, so that each is known by whose it is: she sees them, and ends them everywhere."""

import uuid

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from palabre.people.models import Session

DEVICE = "device"


class SessionStore(DatabaseStore):
    """Django's own, with the account beside the data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, object]) -> Session:
        made = super().create_model_instance(data)
        if not isinstance(made, Session):
            raise TypeError("Django made a session of another kind")
        account = data.get("_auth_user_id")
        made.account_id = uuid.UUID(str(account)) if account else None
        made.device = str(data.get(DEVICE, ""))
        made.used_at = timezone.now()
        return made
