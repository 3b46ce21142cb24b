"""What Django is told of a request: the environment of PEP 3333, made from the scope of ASGI."""

from collections.abc import Iterable, Mapping
from typing import IO, Any
from urllib.parse import unquote_to_bytes

# Fields that mean one thing: said twice, nobody knows which was meant (RFC 9110, section 5.3). The others are lists,
# joined by a comma; several Cookie fields are one (RFC 9113, section 8.2.3).
SINGLE = frozenset(
    {
        b"authorization",
        b"content-disposition",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"if-none-match",
        b"origin",
        b"range",
        b"referer",
        b"user-agent",
        b"x-csrftoken",
        b"x-request-id",
    }
)
# Why a request is refused before any route is looked for; `web.requests` words it.
REFUSED = "palabre.refused"
# How many bytes its body might have had at most.
MOST = "palabre.most"


def environ_of(scope: Mapping[str, Any], body: IO[bytes], size: int) -> dict[str, Any]:
    """PEP 3333, with the length that was really received."""
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # Text of PEP 3333: bytes as Latin-1.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0] or "localhost",
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ |= _fields(scope["headers"])
    environ["CONTENT_LENGTH"] = str(size)
    return environ


def said_twice(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a field that means one thing stands there more than once."""
    names = [name for name, _ in headers if name.lower() in SINGLE]
    return len(names) != len({name.lower() for name in names})


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw, value in headers:
        name = raw.decode("latin-1").upper()
        # `X_Forwarded_Proto` would pass for `X-Forwarded-Proto`.
        if "_" in name:
            continue
        key = name.replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        if key in found:
            found[key] += ("; " if key == "HTTP_COOKIE" else ",") + text
        else:
            found[key] = text
    return found
