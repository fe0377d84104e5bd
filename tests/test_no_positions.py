"""Nobody's position is kept: no column for it beside a person, none in a photo, a recording, an upload or a log."""

import hashlib
import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from PIL import Image

from casework import TESTS, crowd, reported
from factories import Town, make_town
from handset import Phone, made
from recordings import PLACE, mp4, mp4_place, webm, webm_tags
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Photo, Sound
from wangge.platform.pictures import NoPicture, bare

WORDS = {
    "lon", "lat", "longitude", "latitude", "location", "locations", "track", "tracks", "accuracy", "gps", "geo",
    "coordinate", "coordinates", "whereabouts", "west", "east", "north", "south", "heading", "speed", "altitude",
}  # fmt: skip
# Where something is: areas, buildings, things, and the place that a case is about.
PLACES = {
    "places.AreaShape", "places.Compound", "places.Building", "places.Facility", "places.MapFeature", "cases.Case",
}  # fmt: skip


def photo_with_place() -> bytes:
    """A JPEG as a camera writes it, with GPS data."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (23.0, 7.0, 44.8), 3: "E", 4: (113.0, 15.0, 51.8), 29: "2026:11:23"}
    )
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG", exif=exif, comment=PLACE.encode())
    return out.getvalue()


def test_only_places_have_columns_that_say_where() -> None:
    found = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("wangge.")
        for field in model._meta.concrete_fields
        if WORDS & set(field.name.split("_"))
    }
    assert found == PLACES


def test_a_picture_that_says_nothing_stays_and_another_is_encoded_anew() -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    plain = out.getvalue()
    assert bare(plain) == plain
    for spoken in (photo_with_place(), plain + PLACE.encode()):
        stripped = bare(spoken)
        assert PLACE.encode() not in stripped
        assert not Image.open(io.BytesIO(stripped)).getexif()
    with pytest.raises(NoPicture):
        bare(b"\xff\xd8 no picture")


@pytest.mark.django_db
def test_what_a_phone_brings_leaves_no_position_in_uploads_photos_recordings_and_logs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with acting_as(TESTS):
        town: Town = make_town()
    crowd(town)
    case, phone = reported(town).case, Phone(town.client("grid_worker"))
    brought = {
        photo_with_place(): "image/jpeg",
        webm(webm_tags()): "audio/webm",
        mp4(mp4_place()): "audio/mp4",
    }
    named = {hashlib.sha256(data).hexdigest(): data for data in brought}
    with caplog.at_level(logging.DEBUG):
        for data, kind in brought.items():
            assert phone.send(data, kind=kind).json()["whole"] is True
        first, *others = named
        said = {"text": "看过了", "photos": [first], "voice": others, "lon": 113.2644, "lat": 23.1291}
        files = [{"sha256": sha} for sha in named]
        (receipt,) = phone.sync(made(said, form="note-1", subject=str(case.pk), files=files))["receipts"]
    assert receipt["state"] == "done", receipt
    folder = Path(settings.MEDIA_ROOT)
    kept = [folder / "field" / str(town.users["grid_worker"].pk) / sha for sha in named]
    with acting_as(TESTS):
        pictures = [folder / row.file for row in Photo.objects.filter(case=case)]
        kept += pictures + [folder / row.file for row in Sound.objects.filter(case=case)]
        case.refresh_from_db()
    assert len(kept) == 6
    for file in kept:
        assert PLACE.encode() not in file.read_bytes(), file
    for picture in (kept[0], *pictures):
        assert not Image.open(picture).getexif()
    assert PLACE not in caplog.text
    assert "113.2644" not in caplog.text
    assert (case.lon, case.lat) != (113.2644, 23.1291)


@pytest.mark.django_db
def test_what_is_neither_a_photo_nor_a_recording_does_not_stay_on_disk() -> None:
    with acting_as(TESTS):
        town = make_town()
    data = json.dumps({"track": [PLACE] * 9}).encode()
    phone = Phone(town.client("grid_worker"))
    phone.send(data)
    held: Any = Path(settings.MEDIA_ROOT) / "field" / str(town.users["grid_worker"].pk)
    assert (held / hashlib.sha256(data).hexdigest()).read_bytes() == b""
