"""Drawn panoramas in place of photographs: the courtyard of one building in each community, seen all round."""

import io
from datetime import datetime, timedelta
from random import Random

import numpy as np
from django.db.models import Count
from django.utils import timezone
from numpy.typing import NDArray
from PIL import Image

from wangge.domain.access.actor import System
from wangge.domain.places.models import Area, Building
from wangge.domain.places.services import panoramas

_WIDTH, _HEIGHT = 1800, 900
# Metres: the eye above the ground, a storey, from one window to the next.
_EYE, _STOREY, _BAY = 1.6, 3.0, 3.4
_WALLS = ((206, 188, 160), (190, 198, 192), (214, 202, 188), (182, 188, 196))
_PICTURES = 3


def look_round(street_code: str, seed: int, now: datetime) -> None:
    """One panorama in each community of the street, at the building with the most homes (some 5 s)."""
    chance = Random(seed + 11)  # noqa: S311 - pictures of a demo
    pictures = [draw(chance) for _number in range(_PICTURES)]
    taken_on = timezone.localdate(now) - timedelta(days=chance.randint(20, 200))
    for community in Area.objects.filter(parent__code=street_code, active=True).order_by("code"):
        houses = Building.objects.filter(area__path__startswith=community.path, removed_on=None)
        house = houses.annotate(homes=Count("dwellings")).order_by("-homes", "pk").first()
        if house:
            photo = chance.choice(pictures)
            panoramas.add(System("demo"), house, title="院子", taken_on=taken_on, photo=photo)


def draw(chance: Random) -> bytes:
    """A JPEG of a courtyard all round, twice as wide as high: for each direction what the eye meets there."""
    east, north = chance.uniform(16, 26), chance.uniform(10, 16)
    x, y = chance.uniform(-0.4, 0.4) * east, chance.uniform(-0.3, 0.3) * north
    turn = np.linspace(-np.pi, np.pi, _WIDTH, endpoint=False)[None, :]
    rise = np.linspace(np.pi / 2, -np.pi / 2, _HEIGHT)[:, None]
    across, ahead = np.sin(turn), np.cos(turn)
    to_side = (np.sign(across) * east - x) / np.where(across == 0, 1e-9, across)
    to_end = (np.sign(ahead) * north - y) / np.where(ahead == 0, 1e-9, ahead)
    away = np.minimum(to_side, to_end)
    side = to_side < to_end
    along = np.where(side, y + away * ahead, x + away * across)
    wall = np.where(side, np.sign(across), 2 * np.sign(ahead))
    height = _EYE + away * np.tan(rise)
    picture = np.where((rise < 0)[..., None], _ground(rise, (across, ahead), (x, y)), _sky(rise))
    for number, one in enumerate((-2, -1, 1, 2)):
        shown = (wall == one) & (height >= 0) & (height < _STOREY * chance.randint(4, 8) + 0.8)
        # The lane into the courtyard.
        shown &= ~((one == 2) & (np.abs(along - 4) < 3))
        picture = np.where(shown[..., None], _wall(height, along, _WALLS[number]), picture)
    out = io.BytesIO()
    Image.fromarray(picture.astype(np.uint8)).save(out, "JPEG", quality=85)
    return out.getvalue()


def _sky(rise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Paler towards the horizon."""
    share = np.clip(rise / (np.pi / 2), 0, 1)[..., None]
    colours = np.array((226, 234, 238)) * (1 - share) + np.array((128, 172, 214)) * share
    return np.broadcast_to(colours, (_HEIGHT, _WIDTH, 3)).astype(np.float64)


def _wall(
    height: NDArray[np.float64], along: NDArray[np.float64], colour: tuple[int, int, int]
) -> NDArray[np.float64]:
    """Storeys with windows; a darker foot and a line at each floor."""
    storey, bay = height % _STOREY, along % _BAY
    window = (storey > 0.95) & (storey < 2.35) & (bay > 0.9) & (bay < 2.5)
    frame = (storey > 0.85) & (storey < 2.45) & (bay > 0.8) & (bay < 2.6)
    made = np.where(frame[..., None], np.array((236, 234, 228)), np.array(colour))
    made = np.where(window[..., None], np.array((104, 126, 142)), made)
    made = np.where((storey < 0.12)[..., None], made * 0.86, made)
    return np.where((height < 0.5)[..., None], np.array((150, 144, 136)), made)


def _ground(
    rise: NDArray[np.float64],
    direction: tuple[NDArray[np.float64], NDArray[np.float64]],
    eye: tuple[float, float],
) -> NDArray[np.float64]:
    """Paving of one metre, and a bed of green in the middle with a rim."""
    far = _EYE / np.tan(np.clip(-rise, 0.01, None))
    x, y = eye[0] + far * direction[0], eye[1] + far * direction[1]
    joint = (x % 1 < 0.05) | (y % 1 < 0.05)
    made = np.where(joint[..., None], np.array((158, 154, 148)), np.array((184, 180, 172)))
    bed = (x / 6) ** 2 + (y / 3.5) ** 2
    made = np.where((bed < 1.12)[..., None], np.array((206, 200, 190)), made)
    return np.where((bed < 1)[..., None], np.array((104, 142, 96)), made)
