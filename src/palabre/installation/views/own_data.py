"""Everything that is kept about a person, as one file for her (GDPR, articles 15 and 20).

It is read from the tables themselves: every row that refers to her account, of every room, so that a table
that is added later is in it too. Secrets that open something are left out.
"""

import json
import uuid
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.db.models.options import Options
from django.http import FileResponse, HttpRequest

from palabre.errors import NotFound
from palabre.people.models import Account, PersonalData
from palabre.times import iso
from palabre.web.access import SIGNED_IN, actor_of, at_of
from palabre.web.built import built
from palabre.web.page import page

# What opens something, or says only how it is kept.
_SECRET = frozenset({"password", "digest", "session_data", "session_key", "last_login"})
# Messages may hold a link that opens her account.
_SECRET_HERE = frozenset({"palabre_messages.Message.body"})
_HERS = (Account, PersonalData)


@page(SIGNED_IN)
def own_data(request: HttpRequest) -> FileResponse:
    """The file, row by row: years of work fit in little memory."""
    by = actor_of(request)
    if by.account is None:
        raise NotFound
    pieces = _file(by.account, iso(at_of(request)))
    return built(pieces, "palabre-my-data.json", "application/json")


class _Encoder(DjangoJSONEncoder):
    """Digests and the like, which JSON has no form for, are spelled in hexadecimal."""

    def default(self, o: object) -> object:
        return bytes(o).hex() if isinstance(o, bytes | memoryview) else super().default(o)


def _file(account: uuid.UUID, at: str) -> Iterator[str]:
    yield json.dumps({"account": str(account), "made_at": at})[:-1]
    for name, rows in _tables(account):
        yield f",\n{json.dumps(name)}: ["
        for number, row in enumerate(rows):
            yield (",\n  " if number else "\n  ") + json.dumps(row, cls=_Encoder, ensure_ascii=False)
        yield "]"
    yield "}\n"


def _tables(account: uuid.UUID) -> Iterator[tuple[str, Iterator[dict[str, object]]]]:
    yield "account", _rows(Account, "id", account)
    for model in _ours():
        for field in _referring(model):
            yield f"{_about(model).db_table}.{field}", _rows(model, field, account)
    keys = Authenticator.objects.filter(user_id=account).values("type", "created_at", "last_used_at")
    yield "keys", (dict(row) for row in keys.iterator())


def _ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("palabre.")]


def _about(model: type[Model]) -> "Options[Model]":
    """Documented by Django, for all its name."""
    return model._meta  # noqa: SLF001


def _referring(model: type[Model]) -> list[str]:
    """The fields of the table that name a person."""
    return [field.name for field in _about(model).concrete_fields if field.related_model in _HERS]


def _rows(model: type[Model], field: str, account: uuid.UUID) -> Iterator[dict[str, object]]:
    shown = [
        one.attname
        for one in _about(model).concrete_fields
        if one.name not in _SECRET and f"{_about(model).label}.{one.name}" not in _SECRET_HERE
    ]
    rows: QuerySet[Model, dict[str, object]] = QuerySet(model).filter(**{field: account}).values(*shown)
    return (dict(row) for row in rows.iterator(chunk_size=1000))
