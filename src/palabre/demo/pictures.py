"""A few small pictures, drawn when they are needed: what a guest might have photographed."""

import io
import zipfile

from PIL import Image, ImageDraw

SKY, SEA, SAND, GRASS, ROCK = "#9fd0ea", "#2f7fa8", "#ecd9a3", "#6aa86b", "#8a8f98"


def _beach(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 90, 320, 160), SEA)
    draw.polygon([(0, 240), (0, 160), (320, 150), (320, 240)], SAND)
    draw.ellipse((240, 20, 290, 70), "#f7d560")


def _mountain(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon([(20, 240), (130, 60), (240, 240)], ROCK)
    draw.polygon([(105, 100), (130, 60), (155, 100)], "#ffffff")
    draw.polygon([(150, 240), (240, 110), (320, 240)], "#70757f")


def _city(draw: ImageDraw.ImageDraw) -> None:
    for left, top in ((20, 120), (80, 60), (140, 100), (200, 40), (255, 90)):
        draw.rectangle((left, top, left + 50, 240), "#6b6f87")
        for row in range(top + 12, 230, 24):
            draw.rectangle((left + 10, row, left + 20, row + 10), "#f4e3a1")
            draw.rectangle((left + 30, row, left + 40, row + 10), "#f4e3a1")


def _plate(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 320, 240), "#c98f5a")
    draw.ellipse((70, 40, 250, 220), "#ffffff")
    draw.ellipse((110, 90, 180, 160), "#c0492f")
    draw.ellipse((150, 110, 220, 180), "#5d9a45")


SCENES = {"beach": _beach, "mountain": _mountain, "city": _city, "food": _plate}


def picture(scene: str, number: int) -> bytes:
    """A PNG of 320 by 240 points; `number` changes its light."""
    image = Image.new("RGB", (320, 240), SKY)
    SCENES[scene](ImageDraw.Draw(image))
    shade = Image.new("RGB", image.size, "#000000")
    out = io.BytesIO()
    Image.blend(image, shade, 0.08 * (number % 3)).save(out, "PNG")
    return out.getvalue()


def archive(each: int = 2) -> bytes:
    """A ZIP with `each` pictures of every scene, as a client would send it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(each):
            for scene in SCENES:
                packed.writestr(f"photos/{scene}-{number + 1}.png", picture(scene, number))
    return out.getvalue()
