"""What comes with a request: its address, its size and form, and JSON that can be read in one way only."""

import json
import math
import re
from collections.abc import Collection

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from pydantic_core import from_json

from palabre.web.errors import (
    BodyTooBig,
    InputRefused,
    NotJson,
    NumberRefused,
    SaidTwice,
    TextRefused,
    UnreadableRequest,
    WrongMediaType,
)
from palabre.web.one_by_one import read_entries
from palabre.web.validation import faults

JSON_BYTES = 1_048_576
# In the request's environment: the list of the body whose entries are read one by one.
ONE_BY_ONE = "palabre.one_by_one"
_JSON, _FORM = "application/json", "multipart/form-data"
# A body without either has nothing that `_refuse` looks for, so most bodies aren't walked through twice.
_SUSPICIOUS = re.compile(rb"\\u0000|[0-9][eE]|[0-9]{19}")
_EXACT = 2**63
_PLACE = re.compile(r"line (\d+) column (\d+)")


def check_address(request: HttpRequest) -> None:
    """Raises UnreadableRequest for NUL in the path or the query: no text column can hold it."""
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        raise UnreadableRequest


def read_once(request: HttpRequest) -> None:
    """From here on, whoever reads a value of the query or the form reads one that was said once.

    A form has been read by the check against forgery already.
    """
    request.GET = SaidOnce.of(request.GET)  # type: ignore[assignment]
    if request.method == "POST":
        request.POST = SaidOnce.of(request.POST)  # type: ignore[assignment]


def check_query(request: HttpRequest, known: frozenset[str]) -> None:
    """Raises InputRefused for a name that nothing reads: a misspelt filter would be no filter at all."""
    if request.META.get("QUERY_STRING"):
        _refuse_unknown("query", set(request.GET) - known)


def check_form(request: HttpRequest, known: Collection[str]) -> None:
    """The same for the fields of a form, once it is read. Raises: InputRefused."""
    _refuse_unknown("form", set(request.POST) - set(known))


def _refuse_unknown(where: str, names: set[str]) -> None:
    if names:
        places = [{"type": "extra_forbidden", "loc": (where, name)} for name in sorted(names)]
        raise InputRefused(errors=faults(places))


def check_body(request: HttpRequest, *, upload: int, expected: bool) -> None:
    """Size and form, before anything is read. Raises: BodyTooBig, WrongMediaType, UnreadableRequest."""
    size = _size(request)
    most = upload or JSON_BYTES
    if size > most:
        raise BodyTooBig(most=most)
    form = _FORM if upload else _JSON
    if size and expected and request.content_type != form:
        raise WrongMediaType(expected=form)


def _size(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise UnreadableRequest
    return int(said)


def _not_json(error: ValueError) -> NotJson:
    """The parser's own sentence is English; the place in it is for everybody."""
    found = _PLACE.search(str(error))
    line, column = found.groups() if found else ("1", "1")
    return NotJson(line=line, column=column)


class StrictParser(Parser):
    """JSON after RFC 8259 in UTF-8, at most 200 levels deep: the parser stops there by itself, in compiled
    code. NaN, lone surrogates, NUL and numbers that no column can hold are refused."""

    def parse_body(self, request: HttpRequest) -> dict[str, object]:
        """Raises: NotJson, SaidTwice, TextRefused, NumberRefused."""
        field = request.META.get(ONE_BY_ONE)
        try:
            value = read_json(request.body)
        except (NotJson, SaidTwice, TextRefused, NumberRefused):
            value = read_entries(request.body, field, read_json) if field else None
            if value is None:
                raise
        # Ninja's annotation says object; a list or a plain value goes on to validation all the same.
        return value  # type: ignore[return-value]

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, object]:
        """Fields of a query or a form, and files. Raises: SaidTwice, TextRefused."""
        for name, values in data.lists():
            if len(values) > 1 and name not in list_fields:
                raise SaidTwice(path=name)
            if any("\x00" in str(text) for text in (name, *values)):
                raise TextRefused(path=name.replace("\x00", ""))
        return super().parse_querydict(data, list_fields, request)


def read_json(body: bytes) -> object:
    """The value of a text in JSON. Raises: NotJson, SaidTwice, TextRefused, NumberRefused."""
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise _not_json(error) from None
    _check_names(body)
    if _SUSPICIOUS.search(body):
        _refuse(value)
    return value


def _check_names(body: bytes) -> None:
    """Each name stands once in its object, at any depth: the compiled parser takes the last one in silence.

    Its bound on depth has been held already. Raises: SaidTwice.
    """
    json.loads(body, object_pairs_hook=_once_each)


def _once_each(pairs: list[tuple[str, object]]) -> None:
    if len(pairs) != len(dict(pairs)):
        names = [name for name, _ in pairs]
        raise SaidTwice(path=next(name for name in names if names.count(name) > 1)[:80])


class SaidOnce(QueryDict):
    """A query or a form in which a value is read as one only if it was said once; lists are read as lists."""

    @classmethod
    def of(cls, read: QueryDict) -> "SaidOnce":
        found = cls(mutable=True, encoding=read.encoding)
        for name, values in read.lists():
            found.setlist(name, values)
        found._mutable = False
        return found

    def __getitem__(self, key: str) -> str:
        """Raises: SaidTwice."""
        if len(self.getlist(key)) > 1:
            raise SaidTwice(path=key)
        return str(super().__getitem__(key))


def _refuse(value: object) -> None:
    """Walks with a stack of its own. Raises: TextRefused, NumberRefused."""
    waiting: list[tuple[str, object]] = [("body", value)]
    while waiting:
        path, found = waiting.pop()
        match found:
            case dict():
                waiting += [(f"{path}.{str(key)[:100]}", each) for key, each in found.items()]
                waiting += [(path, key) for key in found]
            case list():
                waiting += [(f"{path}.{place}", each) for place, each in enumerate(found)]
            case str() if "\x00" in found:
                raise TextRefused(path=path.replace("\x00", ""))
            case bool():
                pass
            case int() if abs(found) >= _EXACT:
                raise NumberRefused(path=path)
            case float() if not math.isfinite(found):
                raise NumberRefused(path=path)
