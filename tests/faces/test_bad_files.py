"""Pictures that are none, hide something or would fill the memory; requests that send too much."""

import io
import struct
import uuid
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from casework import dump, photo
from factories import Town, point_in
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Photo

pytestmark = pytest.mark.usefixtures("media")


def report(town: Town, *files: bytes, name: str = "a.jpg", **given: Any) -> Any:
    lon, lat = point_in(town, town.grids[0])
    sent = {"key": uuid.uuid4(), "description": "路口有垃圾", "lon": lon, "lat": lat} | given
    photos = [SimpleUploadedFile(name, data, "image/jpeg") for data in files]
    return Client().post("/report", sent | ({"photos": photos} if photos else {}))


def claimed(width: int, height: int) -> bytes:
    """The head of a PNG of that size, without its pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


REFUSED = {
    "a web page": (b"<html><script>alert(1)</script>", "不是能打开的照片"),
    "a drawing with a script": (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        "不是能打开的照片",
    ),
    "an animation": (photo(form="GIF"), "不是能打开的照片"),
    "an archive with a picture behind": (b"PK\x03\x04" + photo(), "不是能打开的照片"),
    "nothing": (b"", "不是能打开的照片"),
    "a picture cut off": (photo(size=(400, 300))[:200], "不是能打开的照片"),
    "400 megapixels": (claimed(20_000, 20_000), "像素太多"),
    "26 megapixels without loss": (claimed(6500, 4000), "像素太多"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_usable_picture_is_refused_in_words_and_nothing_is_kept(town: Town, what: str) -> None:
    data, words = REFUSED[what]
    before = dump()
    answer = report(town, photo(), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "第 2 " in answer.content.decode()
    assert dump() == before


def test_a_picture_is_kept_without_position_and_without_what_hangs_behind_it(
    town: Town, settings: Any
) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (23.0, 6.0, 0.0), 3: "E", 4: (113.0, 15.0, 0.0)}
    exif[0x010E], exif[0x0112] = "13800001234", 6
    data = photo(size=(80, 60), exif=exif, comment=b"13800001234") + b"<script>alert(1)</script>"
    answer = report(town, data, name="../../etc/passwd\x00.jpg")
    assert answer.status_code == 302
    with acting_as(System("test")):
        row = Photo.objects.get()
    stored = (Path(settings.MEDIA_ROOT) / row.file).read_bytes()
    assert b"script" not in stored
    assert b"13800001234" not in stored
    with Image.open(io.BytesIO(stored)) as picture:
        assert dict(picture.getexif()) == {}
        # Turned upright, as the camera had noted.
        assert picture.size == (60, 80)


def test_too_many_fields_are_refused_in_words(town: Town) -> None:
    before = dump()
    answer = report(town, **{f"field{n}": "x" for n in range(500)})
    assert (answer.status_code, "字段太多" in answer.content.decode()) == (400, True)
    assert dump() == before


def test_too_many_files_are_refused_in_words(town: Town) -> None:
    before = dump()
    answer = report(town, *[b"x"] * 101)
    assert (answer.status_code, "文件太多" in answer.content.decode()) == (400, True)
    assert dump() == before


def test_too_much_text_is_refused_in_words(town: Town) -> None:
    before = dump()
    answer = report(town, description="字" * 1_000_000)
    assert (answer.status_code, "文字太多" in answer.content.decode()) == (400, True)
    assert dump() == before


def test_a_body_said_to_be_100_mb_is_refused_before_it_is_read(town: Town) -> None:
    answer = Client().post("/report", {}, headers={"Content-Length": str(100 * 1024 * 1024)})
    assert (answer.status_code, "64 MB" in answer.content.decode()) == (413, True)


def test_another_host_is_refused_in_words(town: Town) -> None:
    answer = Client().get("/", headers={"Host": "evil.example"})
    assert (answer.status_code, "请求读不懂" in answer.content.decode()) == (400, True)


def test_a_method_in_a_header_changes_no_method(town: Town) -> None:
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        assert Client().post("/board", headers={name: "GET"}).status_code == 405


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_away_by_next(town: Town, wanted: str) -> None:
    client = town.client("station_officer")
    assert client.post("/desk/notices/read", {"next": wanted})["Location"] == "/desk/notices"
    assert "evil" not in client.post("/i18n/setlang/", {"language": "en", "next": wanted})["Location"]
