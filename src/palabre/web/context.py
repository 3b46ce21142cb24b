"""What the frame of every page needs."""

from django.http import HttpRequest

from palabre.settings import current
from palabre.web.navigation import entries_for
from palabre.web.sign_in import viewer_in


def frame(request: HttpRequest) -> dict[str, object]:
    """`viewer` (or None), the entries of her menu, the languages, and whether this is the demo."""
    viewer = viewer_in(request)
    return {
        "viewer": viewer,
        "menu": entries_for(viewer, request.path) if viewer else [],
        "demo": current().demo,
    }
