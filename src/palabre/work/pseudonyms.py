"""What a client may call a member: never who, the same throughout one project and of no use elsewhere."""

import hashlib
import hmac
import uuid

from django.conf import settings


def pseudonym(project: uuid.UUID, member: uuid.UUID) -> str:
    """A member's name in all that one project's client reads."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"{project}:{member}".encode(), hashlib.sha256)
    return f"m-{mark.hexdigest()[:16]}"
