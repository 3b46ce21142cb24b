"""Pictures: checked from their headers, turned upright, stripped, made small."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from palabre.exchange.errors import (
    PictureDamaged,
    PictureIsDrawing,
    PictureMoves,
    PictureNotAccepted,
    PictureTooLarge,
    PictureTooManyPixels,
)
from palabre.exchange.formats import Limits, prepare_image
from palabre.exchange.formats.pictures import AIMED_BYTES


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 80).convert("RGB")


def shown(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    assert image.format == "WEBP"
    return image


def colour_at(content: bytes, point: tuple[int, int]) -> tuple[int, int, int]:
    colour = shown(content).convert("RGB").getpixel(point)
    assert isinstance(colour, tuple)
    return colour[0], colour[1], colour[2]


@pytest.mark.parametrize(
    ("form", "kind"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "gif")]
)
def test_still_pictures_of_four_kinds_are_taken(form: str, kind: str) -> None:
    original = saved(noise(300, 200), form)
    prepared = prepare_image(original)
    assert (prepared.original_kind, prepared.original_width, prepared.original_height) == (kind, 300, 200)
    assert (prepared.width, prepared.height) == shown(prepared.content).size == (300, 200)
    assert prepared.original_bytes == len(original)
    assert prepared.sha256 == hashlib.sha256(original).hexdigest()


def test_a_file_is_as_good_as_bytes() -> None:
    original = saved(noise(30, 20), "PNG")
    assert prepare_image(io.BytesIO(original)) == prepare_image(original)


def test_large_pictures_become_small() -> None:
    prepared = prepare_image(saved(noise(4000, 3000), "JPEG", quality=95))
    assert max(prepared.width, prepared.height) <= 1280
    assert len(prepared.content) <= AIMED_BYTES
    assert (prepared.original_width, prepared.original_height) == (4000, 3000)


def test_small_pictures_are_not_blown_up() -> None:
    prepared = prepare_image(saved(Image.new("RGB", (20, 10)), "PNG"))
    assert (prepared.width, prepared.height) == (20, 10)


def located() -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make] = "SECRETPHONE"
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (14.0, 41.0, 3.5)
    return exif


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_position_and_all_other_metadata_stay_behind(form: str) -> None:
    original = saved(noise(60, 40), form, exif=located(), icc_profile=b"SECRETPROFILE")
    assert b"SECRETPHONE" in original
    content = prepare_image(original).content
    assert b"SECRET" not in content
    image = shown(content)
    assert dict(image.getexif()) == {}
    assert not {"exif", "icc_profile", "xmp"} & image.info.keys()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(form: str, orientation: int) -> None:
    upright = Image.new("RGB", (80, 40), "blue")
    upright.paste("red", (0, 0, 40, 20))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    prepared = prepare_image(saved(stored, form, exif=exif))
    assert (prepared.width, prepared.height, prepared.original_width, prepared.original_height) == (
        80,
        40,
        80,
        40,
    )
    red, _, blue = colour_at(prepared.content, (10, 5))
    assert red > 150 > blue


def test_broken_metadata_does_not_spoil_a_good_picture() -> None:
    original = saved(noise(60, 40), "JPEG", exif=located())
    prepared = prepare_image(original.replace(b"Exif\x00\x00MM\x00*", b"Exif\x00\x00XX\xff\xff"))
    assert prepared.width in {40, 60}


def test_sixteen_bits_a_point_are_not_clipped_to_white() -> None:
    grey = Image.new("I;16", (10, 10), 0x8000)
    value, _, _ = colour_at(prepare_image(saved(grey, "PNG")).content, (5, 5))
    assert 120 <= value <= 136


def test_transparency_is_kept() -> None:
    image = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    assert shown(prepare_image(saved(image, "PNG")).content).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA"])
def test_every_common_mode_is_taken(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    assert prepare_image(saved(Image.new(mode, (10, 10)), form)).width == 10


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">L", 13) + body + struct.pack(">L", zlib.crc32(body))


def jpeg_header(width: int, height: int) -> bytes:
    original = saved(Image.new("RGB", (8, 8)), "JPEG")
    at = original.index(b"\xff\xc0") + 5
    return original[:at] + struct.pack(">HH", height, width) + original[at + 4 :]


def gif_header(width: int, height: int) -> bytes:
    original = saved(Image.new("P", (8, 8)), "GIF")
    return original[:6] + struct.pack("<HH", width, height) + original[10:]


def webp_header(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<LL", 10, 0)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<L", len(body) + 4) + b"WEBP" + body


@pytest.mark.parametrize("header", [png_header, jpeg_header, gif_header, webp_header])
def test_fifty_thousand_by_fifty_thousand_is_refused_from_the_header(header: object) -> None:
    with pytest.raises(PictureTooManyPixels) as refused:
        prepare_image(header(50_000, 50_000))  # type: ignore[operator]
    assert (refused.value.fields["width"], refused.value.fields["height"]) == (50_000, 50_000)
    assert "50000 × 50000" in str(refused.value)


@pytest.mark.parametrize("lossless", [True, False])
def test_the_size_of_simple_webp_is_read_from_the_header_too(lossless: bool) -> None:
    original = saved(noise(300, 200), "WEBP", lossless=lossless)
    with pytest.raises(PictureTooManyPixels) as refused:
        prepare_image(original, limits=Limits(picture_pixels=1000))
    assert refused.value.fields["width"] == 300


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_moving_pictures_are_refused(form: str) -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    with pytest.raises(PictureMoves):
        prepare_image(saved(frames[0], form, save_all=True, append_images=frames[1:]))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.95])
def test_truncated_pictures_are_refused(form: str, kept: float) -> None:
    original = saved(noise(200, 200), form)
    with pytest.raises(PictureDamaged):
        prepare_image(original[: int(len(original) * kept)])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_hides_behind_a_picture_stays_behind(form: str) -> None:
    original = saved(noise(50, 50), form)
    prepared = prepare_image(original + b"PK\x03\x04<script>HIDDEN</script>")
    assert b"HIDDEN" not in prepared.content


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<!DOCTYPE html><script>", "page"),
        (b"only text", "text"),
        (b"", "text"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40), "heif"),
        (saved(Image.new("RGB", (9, 9)), "TIFF"), "tiff"),
        (saved(Image.new("RGB", (9, 9)), "BMP"), "bmp"),
        (b"%PDF-1.4", "pdf"),
        (b"PK\x03\x04" + bytes(40), "zip"),
    ],
)
def test_other_files_are_refused_by_what_they_are(content: bytes, found: str) -> None:
    with pytest.raises(PictureNotAccepted) as refused:
        prepare_image(content)
    assert refused.value.fields == {"found": found}


def test_drawings_are_refused_with_the_reason() -> None:
    with pytest.raises(PictureIsDrawing, match="carry programs"):
        prepare_image(b"<?xml version='1.0'?>\n<svg onload='alert(1)'/>")


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(PictureTooLarge):
        prepare_image(io.BytesIO(b"\xff\xd8\xff" + bytes(100)), limits=Limits(member_bytes=50))
