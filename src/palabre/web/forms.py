"""Forms: errors beside the field and summed up at the top, what was typed is kept, refusals find their field."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TypeVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.errors import NotAllowed, NotFound, PalabreError
from palabre.texts import TextUnreadable, one_line, prose
from palabre.web.drafts import typed_before
from palabre.web.errors import status_of

F = TypeVar("F", bound=forms.BaseForm)


class Renderer(TemplatesSetting):
    """Our own markup for every form and field: `{{ form }}`, `{{ form.name.as_field_group }}`."""

    form_template_name = "web/parts/form.html"
    field_template_name = "web/parts/field.html"


def form_of(
    kind: Callable[..., F],
    request: HttpRequest,
    *,
    initial: Mapping[str, object] | None = None,
    **more: object,
) -> F:
    """The form as it was sent, or a fresh one, filled with what she typed before she had to sign in again."""
    if request.method == "POST":
        return readable(kind(data=request.POST, files=request.FILES, initial=initial, **more))
    return kind(initial={**(initial or {}), **typed_before(request)}, **more)


def readable(form: F) -> F:
    """The form, whose texts will be refused where they hold what can't be shown; names and titles in one line."""
    if not isinstance(form, forms.Form) or not isinstance(form.data, QueryDict):
        return form
    typed = form.data.copy()
    for name, field in form.fields.items():
        if type(field.widget) is forms.PasswordInput or not isinstance(field, forms.CharField):
            continue
        if isinstance(field, forms.UUIDField):  # a CharField, whose value is no text
            continue
        field.validators.append(_shown)
        key = form.add_prefix(name)
        if isinstance(field.widget, forms.TextInput) and isinstance(text := typed.get(key), str):
            with suppress(TextUnreadable):
                typed[key] = one_line(text)
    form.data = typed
    return form


def _shown(value: object) -> None:
    """A field may have made something else than text of what was typed: an id, an amount."""
    try:
        prose(value if isinstance(value, str) else "")
    except TextUnreadable:
        raise forms.ValidationError(
            gettext("This holds characters that can't be shown. Type it anew, instead of pasting it.")
        ) from None


@contextmanager
def refusals(form: forms.BaseForm) -> Iterator[None]:
    """A refusal of an action inside becomes an error of the form: at the field its `path` names, or on top.

    What doesn't exist or isn't allowed stays what it is: a page of its own.
    """
    try:
        yield
    except (NotFound, NotAllowed):
        raise
    except PalabreError as error:
        if status_of(error) >= 500:
            raise
        name = str(error.fields.get("path", "")).split(".")[-1]
        form.add_error(name if name in form.fields else None, str(error))


def show(request: HttpRequest, template: str, form: forms.BaseForm, **context: object) -> HttpResponse:
    """The page of a form; 422 when there is something to put right."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
