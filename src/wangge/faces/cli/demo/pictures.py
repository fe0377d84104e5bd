"""Small drawn pictures in place of photographs: the scene of a report, before and after."""

import io
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

SIZE = (480, 360)
_VARIANTS = 3
_WALLS = ((201, 186, 160), (188, 196, 190), (214, 200, 184), (176, 182, 188))
_MESS = ((96, 78, 60), (120, 110, 96), (70, 84, 92), (142, 60, 48), (60, 92, 66))


def draw(key: str, when: str, rng: Random, turn: int = 0) -> bytes:
    """A JPEG of the scene; `when` is "before" (something lies in the way) or "after" (it is gone).

    Each `turn` gives another picture of it.
    """
    return _picture(sum(key.encode()) % 12, when, rng.randrange(_VARIANTS) + turn * _VARIANTS)


@lru_cache(maxsize=512)
def _picture(scene: int, when: str, variant: int) -> bytes:
    rng = Random(scene * 100 + variant)  # noqa: S311 - a picture
    image = Image.new("RGB", SIZE, (205, 220, 232))
    pen = ImageDraw.Draw(image)
    _houses(pen, rng)
    pen.polygon([(0, 360), (0, 262), (480, 236), (480, 360)], fill=(150, 150, 148))
    pen.polygon([(0, 262), (480, 236), (480, 246), (0, 276)], fill=(190, 188, 182))
    _tree(pen, rng.choice((60, 400)), 250)
    if when == "before":
        _mess(pen, rng)
    else:
        pen.ellipse((190, 300, 300, 318), outline=(236, 232, 220), width=3)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _houses(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    x = -20
    while x < SIZE[0]:
        width, top = rng.randint(70, 120), rng.randint(60, 130)
        pen.rectangle((x, top, x + width, 262), fill=rng.choice(_WALLS))
        for floor in range(top + 14, 225, 34):
            for window in range(x + 12, x + width - 16, 26):
                pen.rectangle((window, floor, window + 13, floor + 18), fill=(112, 132, 148))
        x += width + 4


def _tree(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.rectangle((x - 4, y - 60, x + 4, y + 12), fill=(104, 82, 60))
    for dx, dy, r in ((-18, -72, 24), (16, -80, 26), (0, -100, 28)):
        pen.ellipse((x + dx - r, y + dy - r, x + dx + r, y + dy + r), fill=(86, 128, 84))


def _mess(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    for _ in range(16):
        x, y, r = rng.randint(170, 330), rng.randint(268, 326), rng.randint(8, 22)
        shape = pen.rectangle if rng.random() < 0.5 else pen.ellipse
        shape((x - r, y - r * 0.6, x + r, y + r * 0.6), fill=rng.choice(_MESS))
