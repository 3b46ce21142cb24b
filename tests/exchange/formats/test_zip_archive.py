"""ZIP archives: good members are tasks, and no hostile one does anything but be named."""

import io
import stat
import struct
import zipfile

import pytest
from PIL import Image

from palabre.exchange.errors import (
    ArchiveDamaged,
    ArchiveExpandsTooMuch,
    ArchiveTooManyMembers,
    FileHasNoRows,
    FileNotSupported,
    FileNotWhatItsNameSays,
    MemberDamaged,
    MemberTooLarge,
)
from palabre.exchange.formats import Limits, Row, prepare_image, read_rows
from tests.exchange.formats.files import archive, bad, codes, outcomes


def png(width: int = 4, height: int = 3) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()


def one_code(*members: tuple[str, bytes | str]) -> str:
    (code,) = codes(archive(("good.txt", "fine"), *members), "t.zip")[1:]
    return code


def test_texts_are_tasks() -> None:
    content = archive(
        ("a/", ""), ("a/one.txt", "Un é"), ("two.md", "\ufeffDeux"), ("trois", "Trois".encode("utf-16"))
    )
    found = outcomes(content, "t.zip")
    assert [(row.line, row.external_id, row.payload) for row in found if isinstance(row, Row)] == [
        (2, "a/one.txt", {"file": "a/one.txt", "text": "Un é"}),
        (3, "two.md", {"file": "two.md", "text": "Deux"}),
        (4, "trois", {"file": "trois", "text": "Trois"}),
    ]


def test_pictures_are_opened_while_rows_are_read() -> None:
    content = archive(("a.png", png(40, 30)), ("b.jpg", png()))
    sizes = []
    for row in read_rows(io.BytesIO(content), name="t.zip"):
        assert isinstance(row, Row)
        assert row.media is not None
        assert row.media.content_type == "image/png"
        with row.media.open() as picture:
            prepared = prepare_image(picture)
        sizes.append((row.external_id, prepared.width, prepared.height))
    assert sizes == [("a.png", 40, 30), ("b.jpg", 4, 3)]


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../up.txt",
        "a/../../up.txt",
        "a\\b.txt",
        "C:/x.txt",
        "c:x.txt",
        "//host/x.txt",
        "a\x1b.txt",
    ],
)
def test_paths_that_lead_elsewhere_are_refused(name: str) -> None:
    assert one_code((name, "text")) == "member.path"
    (wrong,) = bad(archive(("good.txt", "fine"), (name, "text")), "t.zip")
    assert (wrong.line, "\x1b" in wrong.value) == (2, False)


def test_a_name_that_is_cut_at_nul_is_refused() -> None:
    content = archive(("good.txt", "fine"), ("a_b.txt", "text")).replace(b"a_b.txt", b"a\x00b.txt")
    assert codes(content, "t.zip") == ["ok", "member.path"]


def special(mode: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("good.txt", "fine")
        entry = zipfile.ZipInfo("link.txt")
        entry.external_attr = (mode | 0o777) << 16
        made.writestr(entry, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_refused(mode: int) -> None:
    assert codes(special(mode), "t.zip") == ["ok", "member.link"]


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(archive(("a.txt", "secret"), ("good.txt", "fine")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    assert codes(bytes(content), "t.zip") == ["member.encrypted", "ok"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packings_are_refused(packing: int) -> None:
    assert codes(archive(("a.txt", "text"), packing=packing), "t.zip") == ["member.packing"]


def test_an_archive_in_the_archive_is_refused() -> None:
    assert one_code(("inner.zip", archive(("a.txt", "a")))) == "member.archive"
    assert one_code(("inner", b"\x1f\x8b\x08" + bytes(20))) == "member.archive"


def test_the_second_file_of_a_name_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = archive(("a.txt", "one"), ("a.txt", "two"), ("./a.txt", "three"))
    assert codes(content, "t.zip") == ["ok", "member.repeated", "member.repeated"]


def test_names_that_differ_by_capitals_only_are_refused() -> None:
    (wrong,) = bad(archive(("Élan/a.txt", "one"), ("élan/A.txt", "two")), "t.zip")
    assert (wrong.code, wrong.fields) == ("member.case", {"other": "Élan/a.txt"})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jpg", b"only text", "member.name"),
        ("a.txt", png(), "member.name"),
        ("a.png", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40), "member.name"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.is_drawing"),
        ("a", b"<?xml version='1.0'?><!-- x --><svg/>", "picture.is_drawing"),
        ("a.pdf", b"%PDF-1.7 ...", "member.kind"),
        ("a.csv", b"id,text\n1,a\n", "member.kind"),
        ("a.html", b"<!DOCTYPE html><p>", "member.kind"),
        ("a.bin", bytes(range(32)) * 9, "member.kind"),
        ("a.txt", b"", "member.empty"),
        ("a.png", b"", "member.empty"),
        ("a.txt", b" \n", "member.empty"),
        ("a.txt", "été".encode("latin-1"), "text.bytes"),
        ("a.txt", "été".encode()[:-1], "text.bytes"),
        ("a.txt", b"a\x00b and more text that is fine" * 9, "text.control"),
        ("a.txt", b"x" * (1024**2 + 1), "member.too_large"),
        ("x" * 256, b"text", "id.too_long"),
    ],
)
def test_members_that_are_no_task(name: str, content: bytes, code: str) -> None:
    assert one_code((name, content)) == code


def test_what_systems_leave_behind_does_not_count() -> None:
    content = archive(
        ("__MACOSX/a.txt", "x"), ("d/.DS_Store", "x"), ("d/._a.txt", "x"), ("Thumbs.db", "x"), ("a.txt", "a")
    )
    assert codes(content, "t.zip") == ["ok"]


def test_an_archive_without_files_has_no_rows() -> None:
    with pytest.raises(FileHasNoRows):
        outcomes(archive(), "t.zip")


def test_a_wrong_checksum_spoils_its_member_only() -> None:
    content = archive(("a.txt", "first text"), ("b.txt", "second text"), packing=zipfile.ZIP_STORED)
    assert codes(content.replace(b"first text", b"wrong text"), "t.zip") == ["member.damaged", "ok"]


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_truncated_archive_is_refused(kept: float) -> None:
    content = archive(*((f"{n}.txt", f"text {n}") for n in range(50)))
    with pytest.raises(ArchiveDamaged):
        outcomes(content[: int(len(content) * kept)], "t.zip")


def test_something_else_under_a_zip_name_is_refused() -> None:
    with pytest.raises(FileNotWhatItsNameSays):
        outcomes(b"id,text\n1,a\n", "t.zip")


def test_a_workbook_is_refused_by_its_name_for_people() -> None:
    book = archive(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>"))
    with pytest.raises(FileNotSupported, match="Excel workbook"):
        outcomes(book, "t.xlsx")
    with pytest.raises(FileNotWhatItsNameSays, match="Excel workbook"):
        outcomes(book, "t.csv")


def bomb(megabytes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.png", "w") as member:
        member.write(png())
        for _ in range(megabytes):
            member.write(bytes(1024**2))
    return out.getvalue()


def read_media(content: bytes, limits: Limits | None = None) -> None:
    for row in read_rows(io.BytesIO(content), name="t.zip", limits=limits):
        assert isinstance(row, Row)
        assert row.media is not None
        with row.media.open():
            pass


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    with pytest.raises(ArchiveExpandsTooMuch) as refused:
        read_media(bomb(30))
    assert int(str(refused.value.fields["size"])) < 18 * 1024**2


def test_a_member_larger_than_allowed_is_stopped() -> None:
    with pytest.raises(MemberTooLarge):
        read_media(bomb(3), limits=Limits(member_bytes=1024**2))


def test_a_member_that_lies_about_its_size_is_damaged() -> None:
    size = struct.pack("<L", 3 * 1024**2 + len(png()))
    assert codes(bomb(3).replace(size, struct.pack("<L", 9)), "t.zip") == ["member.damaged"]


def test_the_sum_of_all_members_is_bounded() -> None:
    texts = archive(*((f"{n}.txt", "a" * 1000) for n in range(20)))
    with pytest.raises(ArchiveExpandsTooMuch):
        outcomes(texts, "t.zip", limits=Limits(unpacked_bytes=10_000))


def test_members_that_share_their_bytes_are_refused() -> None:
    content = bytearray(archive(("a.txt", "x" * 50), ("b.txt", "y" * 50), packing=zipfile.ZIP_STORED))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[second + 42 : second + 46] = struct.pack("<L", 10)
    with pytest.raises(ArchiveDamaged):
        outcomes(bytes(content), "t.zip")


def test_too_many_members_are_refused_before_they_are_listed() -> None:
    with pytest.raises(ArchiveTooManyMembers):
        outcomes(archive(*((f"{n}.txt", "a") for n in range(11))), "t.zip", limits=Limits(members=10))


def test_a_large_archive_format_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in ("a.txt", "b.txt"):
            with made.open(name, "w", force_zip64=True) as member:
                member.write(b"text")
    content = out.getvalue()
    end = content.index(b"PK\x05\x06")
    size, offset = struct.unpack("<LL", content[end + 12 : end + 20])
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    marked = content[: end + 8] + b"\xff" * 12 + content[end + 20 :]
    assert codes(marked[:end] + large + locator + marked[end:], "t.zip") == ["ok", "ok"]


def test_a_hundred_thousand_members_are_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(100_000):
            made.writestr(zipfile.ZipInfo(f"{number}.txt"), "a")
    rows = read_rows(io.BytesIO(out.getvalue()), name="t.zip")
    assert sum(isinstance(row, Row) for row in rows) == 100_000


def test_a_row_whose_picture_is_refused_becomes_a_bad_row() -> None:
    content = archive(("a.png", png() + bytes(range(256)) * 600), packing=zipfile.ZIP_STORED)
    at = content.rindex(b"\xfe\xff")
    for row in read_rows(io.BytesIO(content[:at] + b"\x00\x00" + content[at + 2 :]), name="t.zip"):
        assert isinstance(row, Row)
        assert row.media is not None
        with pytest.raises(MemberDamaged) as refused, row.media.open():
            pass
        wrong = row.refused(refused.value)
        assert (wrong.line, wrong.value, wrong.code) == (1, "a.png", "member.damaged")
