"""Small valid import files of every format, and the ways in which they are damaged."""

import io
import json
import random
import zipfile
from collections.abc import Callable

from PIL import Image

TOKENS = (
    b'"', b"'", b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"\\", b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]", b"[" * 200, b'{"a":' * 200, b"1e400", b"NaN", b"9" * 400,
    b'""', b'"a":1,"a":2', b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02", b"../", b"=cmd|", b"<svg", b"\xff\xd8\xff",
    b"IEND", b"\x00" * 64, b"\xff" * 64, "é".encode(), "💩".encode("utf-16-le"), b"null", b"true", b"-",
)  # fmt: skip
NAMES = ("a.csv", "a.tsv", "a.json", "a.jsonl", "a.zip", "a.txt", "a", "a.xlsx")


def mutated(files: list[tuple[str, bytes]], drawn: random.Random) -> tuple[str, bytes]:
    """A file of the corpus after one to four mutations, sometimes under another name."""
    name, content = drawn.choice(files)
    for _ in range(drawn.choice((1, 1, 2, 4))):
        content = drawn.choice(MUTATIONS)(content, files, drawn)
    if drawn.random() < 0.1:
        name = drawn.choice(NAMES)
    return name, content


Mutation = Callable[[bytes, list[tuple[str, bytes]], random.Random], bytes]


def _flip(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(drawn.choice((1, 1, 3, 20))):
        if changed:
            changed[drawn.randrange(len(changed))] ^= 1 << drawn.randrange(8)
    return bytes(changed)


def _cut(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    at = drawn.randrange(len(content) + 1)
    return content[:at] if drawn.random() < 0.7 else content[at:]


def _drop(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    at, length = drawn.randrange(len(content) + 1), drawn.choice((1, 2, 10, 100))
    return content[:at] + content[at + length :]


def _splice(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    other = drawn.choice(files)[1]
    at, of = drawn.randrange(len(content) + 1), drawn.randrange(len(other))
    return content[:at] + other[of : of + drawn.choice((5, 50, 500))] + content[at:]


def _double(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    at, length = drawn.randrange(len(content) + 1), drawn.choice((3, 30, 300, 3_000))
    piece = content[at : at + length]
    return content[:at] + piece * drawn.choice((2, 2, 50)) + content[at + length :]


def _insert(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    at = drawn.randrange(len(content) + 1)
    return content[:at] + drawn.choice(TOKENS) + content[at:]


def _overwrite(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    at, piece = drawn.randrange(len(content) + 1), drawn.choice(TOKENS)
    return content[:at] + piece + content[at + len(piece) :]


def _recode(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    codec = drawn.choice(("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252"))
    return content.decode("utf-8", "replace").encode(codec, "replace")


def _ends(content: bytes, files: list[tuple[str, bytes]], drawn: random.Random) -> bytes:
    return content.replace(b"\n", drawn.choice((b"\r\n", b"\r", b"\n\n", b"\x0b", "\u2028".encode())))


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _flip, _cut, _drop, _splice, _double, _insert, _insert, _overwrite, _recode, _ends,
)  # fmt: skip


def corpus() -> list[tuple[str, bytes]]:
    """Small valid files of every format."""
    table = "id,text,label\n" + "".join(
        f'{n},"Avis n° {n}: ""très bien"",\ndit-elle",{"yes" if n % 2 else ""}\n' for n in range(12)
    )
    items = [{"id": n, "text": f'Ŋaɓi {n} "]}}', "tags": [n, 1.5, None, {"deep": [True]}]} for n in range(8)]
    result = {"id": "r", "from_name": "a", "to_name": "b", "type": "choices", "value": {"choices": ["A"]}}
    tasks = [
        {"id": n, "data": {"text": f"é {n}"}, "annotations": [{"result": [result], "lead_time": 1.5}]}
        for n in range(5)
    ]
    return [
        ("a.csv", table.encode()),
        ("a.csv", table.replace(",", ";").replace("\n", "\r\n").encode()),
        ("a.csv", table.encode("utf-16")),
        ("a.csv", b"text\nHello\nBye\n"),
        ("a.tsv", b"id\ttext\n" + b"".join(b"%d\tone two\n" % n for n in range(9))),
        ("a.json", json.dumps(items, ensure_ascii=False).encode()),
        ("a.json", json.dumps(items, indent=1).encode("utf-16")),
        ("a.json", json.dumps(tasks).encode()),
        ("a.jsonl", "\n".join(json.dumps(item) for item in items).encode()),
        ("a.zip", _archive(zipfile.ZIP_DEFLATED)),
        ("a.zip", _archive(zipfile.ZIP_STORED)),
    ]


def _archive(packing: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        made.writestr("texts/one.txt", "Un texte, été.\n")
        made.writestr("two.md", "Deux " * 50)
        for form in ("PNG", "JPEG", "GIF", "WEBP"):
            picture = io.BytesIO()
            Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(picture, form)
            made.writestr(f"picture.{form.lower()}", picture.getvalue())
    return out.getvalue()
