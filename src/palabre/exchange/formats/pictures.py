"""Pictures for members: checked by content, turned upright, without metadata, small enough for a slow link.

Whatever a file holds besides its first frame (EXIF with a position, comments, other files behind the picture)
stays behind, because the picture is decoded and encoded anew.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from palabre.exchange.errors import (
    PictureDamaged,
    PictureIsDrawing,
    PictureMoves,
    PictureNotAccepted,
    PictureTooLarge,
    PictureTooManyPixels,
)
from palabre.exchange.formats.rows import Limits
from palabre.exchange.formats.signatures import HEAD, kind_of

CONTENT_TYPE = "image/webp"
LONG_SIDE = 1280
AIMED_BYTES = 120_000
_ORIENTATION = 0x0112
# (long side, WebP quality): tried in turn until the picture is as small as aimed for.
_STEPS = ((LONG_SIDE, 70), (LONG_SIDE, 50), (1024, 50), (800, 50), (640, 45))
# The plugins are called by name: Image.open would refuse by its own, global limit before the size is known.
_OPENERS: dict[str, Callable[[IO[bytes]], ImageFile.ImageFile]] = {
    "jpeg": JpegImageFile,
    "png": PngImageFile,
    "webp": WebPImageFile,
    "gif": GifImageFile,
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises on damaged input, beside OSError.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A picture as members get it (`content`, WebP), and what the original was.

    `original_width` and `original_height` are in points, upright as shown; `sha256` is the original's.
    """

    content: bytes
    width: int
    height: int
    original_kind: str
    original_width: int
    original_height: int
    original_bytes: int
    sha256: str


def prepare_image(source: bytes | IO[bytes], *, limits: Limits | None = None) -> PreparedImage:
    """Check a picture and make the version that members get.

    JPEG, PNG, WebP and GIF, still. Memory is bounded by `limits.member_bytes` and `limits.picture_pixels`
    (4 bytes a point while decoding; a JPEG is decoded at reduced size).

    Raises PictureTooLarge, PictureIsDrawing, PictureNotAccepted, PictureTooManyPixels, PictureMoves,
    PictureDamaged.
    """
    limits = limits or Limits()
    original = _bytes_of(source, limits)
    kind = _accepted_kind(original)
    try:
        image = _open(original, kind, limits)
        upright = _upright_size(image)
        small = _decode(image)
        content, size = _encode(small)
    except _DAMAGE as error:
        raise PictureDamaged from error
    digest = hashlib.sha256(original).hexdigest()
    return PreparedImage(content, *size, kind, *upright, len(original), digest)


def _bytes_of(source: bytes | IO[bytes], limits: Limits) -> bytes:
    content = source if isinstance(source, bytes) else source.read(limits.member_bytes + 1)
    if len(content) > limits.member_bytes:
        raise PictureTooLarge(limit=limits.member_bytes)
    return content


def _accepted_kind(content: bytes) -> str:
    kind = kind_of(content[:HEAD]) or "text"
    if kind == "svg":
        raise PictureIsDrawing
    if kind not in _OPENERS:
        raise PictureNotAccepted(found=kind)
    return kind


def _open(content: bytes, kind: str, limits: Limits) -> ImageFile.ImageFile:
    """The picture with its header read and checked, nothing decoded yet."""
    # Before Pillow sees it: some of its decoders ask for the whole canvas as soon as they are made.
    _check_size(_declared_size(content, kind), limits)
    image = _OPENERS[kind](io.BytesIO(content))
    _check_size(image.size, limits)
    if getattr(image, "is_animated", False):
        raise PictureMoves
    image.verify()
    # verify() leaves the file unusable: open it again.
    return _OPENERS[kind](io.BytesIO(content))


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width * height > limits.picture_pixels:
        raise PictureTooManyPixels(width=width, height=height, limit=limits.picture_pixels)


def _declared_size(content: bytes, kind: str) -> tuple[int, int]:
    """Width and height where they stand at a fixed place; (0, 0) for JPEG, whose reader allocates nothing."""
    if kind == "png":
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if kind == "gif":
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    return _webp_size(content) if kind == "webp" else (0, 0)


def _webp_size(content: bytes) -> tuple[int, int]:
    """The size in the first chunk. Source: the WebP container specification, RFC 9649."""
    chunk, data = content[12:16], content[20:30]
    if chunk == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _DAMAGE:
        # Broken metadata says nothing; the picture itself may be good.
        return 1


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if _orientation(image) >= 5 else (width, height)


def _decode(image: ImageFile.ImageFile) -> Image.Image:
    """The picture upright, no larger than shown, in RGB or RGBA."""
    turn = _TURNS.get(_orientation(image))
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))
    image.load()
    plain = _plain(image)
    plain.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    return plain.transpose(turn) if turn is not None else plain


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        # Sixteen bits a point: Pillow's own conversion would clip them to white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    see_through = image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info
    return image.convert("RGBA" if see_through else "RGB")


def _encode(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    content = b""
    for side, quality in _STEPS:
        image.thumbnail((side, side))
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, exif=b"", icc_profile=b"", xmp=b"")
        content = out.getvalue()
        if len(content) <= AIMED_BYTES:
            break
    return content, image.size
