"""A write that is sent twice happens once, and is answered twice with the same answer.

The sender's key is unique within her organisation and stands in the same transaction as the effect. Of
two that come at the same time, the second waits at the unique index until the first has ended: then it finds
the answer of the first, or, if that one failed, takes its place. A refused request leaves nothing behind, so
its key can be used again once the reason is gone.
"""

import hashlib
import json
import re
from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from palabre.people.actor import Actor
from palabre.transactions import retried
from palabre.web.access import at_of
from palabre.web.errors import KeyMissing, KeyReused
from palabre.web.uploads import digest_of_upload

_KEY = re.compile(r"[!-~]{1,200}", re.ASCII)
_CLAIM = """
    INSERT INTO record_request (organisation, account, key, body_hash, status, answer, at)
    VALUES (%s, %s, %s, %s, 0, 'null', %s) ON CONFLICT (organisation, key) DO NOTHING RETURNING id
"""
_FIRST = "SELECT body_hash, status, answer FROM record_request WHERE organisation = %s AND key = %s"
_KEEP = "UPDATE record_request SET status = %s, answer = %s::jsonb WHERE id = %s"


def key_of(request: HttpRequest) -> str:
    """Raises: KeyMissing."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise KeyMissing(path="header.Idempotency-Key")
    return key


@retried
def once(
    request: HttpRequest,
    actor: Actor,
    run: Callable[[], HttpResponse],
    *,
    upload: bool,
    shown_once: str | None,
) -> HttpResponse:
    """The answer of `run`, which is called for the first request under its key only.

    Raises: KeyMissing, KeyReused.
    """
    key, body_hash = key_of(request), _body_hash(request, actor, upload=upload)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [actor.organisation, actor.account, key, body_hash, at_of(request)])
        claimed = cursor.fetchone()
        if claimed is None:
            cursor.execute(_FIRST, [actor.organisation, key])
            return _again(cursor.fetchone(), body_hash)
        response = run()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        else:
            cursor.execute(_KEEP, [response.status_code, _kept(response, shown_once), claimed[0]])
    return response


def _body_hash(request: HttpRequest, actor: Actor, *, upload: bool) -> bytes:
    """SHA-256 of who asks for what. Another person of the organisation never gets the first one's answer."""
    body = digest_of_upload(request) if upload else hashlib.sha256(request.body).digest()
    head = f"{actor.account} {request.method} {request.get_full_path()}\n"
    return hashlib.sha256(head.encode() + body).digest()


def _kept(response: HttpResponse, shown_once: str | None) -> str:
    """The body as one JSON string, so that it comes back byte for byte; a secret is taken out of it."""
    content = response.content.decode()
    if shown_once is not None:
        content = json.dumps(
            json.loads(content) | {shown_once: None}, ensure_ascii=False, separators=(",", ":")
        )
    return json.dumps(content, ensure_ascii=False)


def _again(first: tuple[memoryview | bytes, int, str], body_hash: bytes) -> HttpResponse:
    kept_hash, status, answer = first
    if bytes(kept_hash) != body_hash:
        raise KeyReused
    response = HttpResponse(json.loads(answer), status=status, content_type="application/json; charset=utf-8")
    response["Idempotent-Replay"] = "true"
    return response
