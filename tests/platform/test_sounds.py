"""Recordings are known by their content; what lies beside the sound, positions before all, does not stay."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings import PLACE, box, mp4, mp4_place, ogg, page, webm, webm_tags
from wangge.platform.sounds import MOST_BYTES, HeavySound, NoSound, cleaned


@pytest.mark.parametrize(
    ("raw", "kind", "name"),
    [
        (webm(), "audio/webm", "webm"),
        (mp4(), "audio/mp4", "m4a"),
        (ogg("ENCODER=Mozilla"), "audio/ogg", "ogg"),
    ],
)
def test_a_recording_is_known_by_its_bytes_and_they_stay(raw: bytes, kind: str, name: str) -> None:
    sound = cleaned(raw)
    assert (sound.data, sound.type) == (raw, kind)
    assert sound.name == f"{sound.sha256[:2]}/{sound.sha256}.{name}"


@pytest.mark.parametrize(
    "raw",
    [
        webm(webm_tags()),
        webm(webm_tags("x" * 3)),
        mp4(mp4_place()),
        mp4(box(b"meta", b"\0\0\0\0" + PLACE.encode())),
        mp4() + box(b"uuid", PLACE.encode()),
    ],
)
def test_what_lies_beside_the_sound_is_wiped_in_place(raw: bytes) -> None:
    sound = cleaned(raw)
    assert PLACE.encode() not in sound.data
    assert b"xxx" not in sound.data
    assert len(sound.data) == len(raw)
    assert sound.data[-64:] == raw[-64:] or raw.endswith(PLACE.encode())
    assert cleaned(sound.data).data == sound.data


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"RIFF....WAVE",
        b"\xff\xd8\xff\xe0 a photo",
        webm(track=b"\x01"),
        mp4(handler=b"vide"),
        mp4(handler=b"meta"),
        ogg(f"LOCATION={PLACE}"),
        ogg("ENCODER=x", "GEO=1"),
        ogg() + page(0, b"\x80theora", flags=2),
        webm()[:40],
        mp4()[:-1],
        box(b"ftyp", b"M4A ") + b"".join(b"\0\0\xff\xffmoov" for _n in range(5000)),
    ],
)
def test_video_and_what_carries_more_or_is_cut_is_refused(raw: bytes) -> None:
    with pytest.raises(NoSound):
        cleaned(raw)


def test_a_recording_that_is_too_long_is_refused() -> None:
    with pytest.raises(HeavySound):
        cleaned(webm() + bytes(MOST_BYTES))


@given(at=st.integers(0, 200), byte=st.integers(0, 255), kind=st.sampled_from([webm, mp4, ogg]))
def test_whatever_byte_is_wrong_the_answer_is_a_recording_or_a_refusal(
    at: int, byte: int, kind: object
) -> None:
    raw = bytearray(kind())  # type: ignore[operator]
    raw[at % len(raw)] = byte
    with suppress(NoSound):
        assert len(cleaned(bytes(raw)).data) == len(raw)
