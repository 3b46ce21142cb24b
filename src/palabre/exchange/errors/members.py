"""Why one file of an archive, or one picture, is refused: the others can still be taken."""

from palabre.exchange.errors.files import Refused
from palabre.exchange.errors.rows import sentence_of


class MemberRefused(Refused):
    """One file of an archive is refused."""


class MemberDamaged(MemberRefused):
    """Wrong checksum, cut short, or not readable as packed."""

    code = "member.damaged"
    sentence = sentence_of(code)


class MemberTooLarge(MemberRefused):
    """More bytes than `Limits.member_bytes`."""

    code = "member.too_large"
    sentence = sentence_of(code)


class PictureRefused(Refused):
    """One picture is refused."""


class PictureNotAccepted(PictureRefused):
    """Not one of the kinds that every phone shows."""

    code = "picture.not_accepted"
    sentence = sentence_of(code)


class PictureIsDrawing(PictureRefused):
    """SVG can carry programs and load things from elsewhere."""

    code = "picture.is_drawing"
    sentence = sentence_of(code)


class PictureMoves(PictureRefused):
    """More than one frame."""

    code = "picture.moves"
    sentence = sentence_of(code)


class PictureTooManyPixels(PictureRefused):
    """Refused from the header, before anything is decoded."""

    code = "picture.too_many_pixels"
    sentence = sentence_of(code)


class PictureTooLarge(PictureRefused):
    """More bytes than `Limits.member_bytes`."""

    code = "picture.too_large"
    sentence = sentence_of(code)


class PictureDamaged(PictureRefused):
    """Cut short, or not decodable."""

    code = "picture.damaged"
    sentence = sentence_of(code)
