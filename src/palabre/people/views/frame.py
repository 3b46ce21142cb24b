"""allauth's pages in our frame: declared like every page, 422 while something is to be put right."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from palabre.people.permissions import Permission
from palabre.web.access import Open
from palabre.web.page import page

View = Callable[..., HttpResponseBase]


def framed(view: View, *who: Permission | Open, proven: bool = False, once: bool = True) -> View:
    """A view of allauth, opened by `who`, with a fresh proof or without.

    `once=False`: it counts tries, which stay counted when nothing was done.
    """

    @page(*who, proven=proven, once=once)
    def shown(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        response = view(request, **kwargs)
        if isinstance(response, TemplateResponse):
            if _refused(response.context_data or {}):
                response.status_code = 422
            response.render()
        return response

    return shown


def _refused(context: dict[str, object]) -> bool:
    forms = (context.get(name) for name in ("form", "webauthn_form"))
    return any(
        form is not None and getattr(form, "is_bound", False) and getattr(form, "errors", None)
        for form in forms
    )
