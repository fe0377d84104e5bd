"""A report becomes a case once, in the right place, or nothing is written and the field is named."""

import io
import uuid
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from casework import PHOTO, START, TESTS, condition, dump, photo, reported
from factories import SOUTH, WEST, Town, point_in
from invariants import check_case
from wangge.domain.access.actor import Actor, Public, Reporter
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Contact, Photo
from wangge.domain.cases.queries.public import reporter_of, status
from wangge.domain.cases.services import photos
from wangge.domain.cases.services.intake import Report, report, settle_on_the_spot
from wangge.domain.cases.services.receipts import receipt_hash
from wangge.domain.catalogue.models import Matter
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

People = dict[str, Actor]


@pytest.fixture
def form(town: Town) -> Report:
    lon, lat = point_in(town, town.grids[1])
    return Report(
        uuid.uuid4(), "井盖坏了", lon=lon, lat=lat, name="王小明", phone="13800001234", images=(PHOTO,)
    )


def send(form: Report, actor: Any = None) -> Any:
    with clock.at(START):
        return report(actor or Public(), form)


def test_a_report_lands_in_its_grid_with_a_number_an_owner_and_a_clock(town: Town, form: Report) -> None:
    case = send(form).case
    assert case.area == town.grids[1]
    assert case.number.startswith("440105-20260924-")
    assert case.responsible == town.units["station"]
    assert case.has_contact
    check_case(case.pk)


def test_the_same_form_sent_again_gives_the_same_case_and_receipt(form: Report) -> None:
    first = send(form)
    before = dump()
    again = send(form)
    assert (again.case.pk, again.receipt_code, again.again) == (first.case.pk, first.receipt_code, True)
    assert dump() == before


@pytest.mark.parametrize(
    "other",
    [{"description": "别的"}, {"images": ()}, {"phone": ""}, {"danger": True}, {"lon": WEST + 0.0001}],
)
def test_the_same_key_with_other_content_is_a_conflict(form: Report, other: dict[str, Any]) -> None:
    send(form)
    before = dump()
    with pytest.raises(Conflict):
        send(replace(form, **other))
    assert dump() == before


WRONG = [
    ("description", {"description": "  \n"}),
    ("description", {"description": "长" * 2001}),
    ("place", {"lon": None, "lat": None}),
    ("place", {"lon": 0.0, "lat": 0.0}),
    ("place", {"lon": float("nan"), "lat": float("nan")}),
    ("place", {"lon": WEST, "lat": SOUTH + 1}),
    ("place", {"lon": None, "lat": None, "area_id": 10**12}),
    ("address", {"address": "路" * 201}),
    ("phone", {"phone": "打我电话"}),
    ("phone", {"phone": "1" * 21}),
    ("phone", {"phone": "１３８００００１２３４"}),
    ("name", {"name": "名" * 41}),
    ("email", {"email": "not an address"}),
    ("email", {"email": "a@b.cn\nBcc: all@b.cn"}),
    ("email", {"email": "a@" + "b" * 200 + ".cn"}),
    ("matter", {"matter_id": 10**12}),
    ("channel", {"channel": "pigeon"}),
    ("photos", {"images": (b"GIF89a not an image",)}),
    ("photos", {"images": (PHOTO,) * 7}),
]


@pytest.mark.parametrize(
    ("field", "wrong"), WRONG, ids=[f"{field}-{n}" for n, (field, _) in enumerate(WRONG)]
)
def test_wrong_input_is_named_and_nothing_is_written(form: Report, field: str, wrong: dict[str, Any]) -> None:
    before = dump()
    with pytest.raises(Invalid) as refused:
        send(replace(form, **wrong))
    assert field in refused.value.fields
    assert refused.value.fields[field]
    assert dump() == before


def test_a_matter_out_of_use_is_not_taken(form: Report) -> None:
    matter = Matter.objects.filter(enabled=True)[0]
    matter.enabled = False
    matter.save()
    with pytest.raises(Invalid) as refused:
        send(replace(form, matter_id=matter.pk))
    assert "matter" in refused.value.fields


def test_a_street_is_too_large_a_place(town: Town, form: Report) -> None:
    for area in (town.street, town.district):
        with pytest.raises(Invalid) as refused:
            send(replace(form, lon=None, lat=None, area_id=area.pk))
        assert "place" in refused.value.fields
    assert (
        send(replace(form, lon=None, lat=None, area_id=town.communities[1].pk)).case.area
        == town.communities[1]
    )


def test_the_channels_of_staff_are_theirs(people: People, form: Report) -> None:
    for channel, who in (("worker", "grid_worker"), ("operator", "operator"), ("station", "station_officer")):
        staff = replace(form, channel=channel)
        for stranger in (Public(), Reporter("x"), people["unit_officer"], people["administrator"]):
            with pytest.raises(NotAllowed):
                send(staff, stranger)
        case = send(replace(staff, key=uuid.uuid4()), people[who]).case
        assert case.reported_by_id == people[who].user_id


def test_a_receipt_code_leads_back_to_its_case_alone(town: Town, form: Report) -> None:
    first, second = send(form), send(replace(form, key=uuid.uuid4()))
    for found in (first, second):
        assert status(reporter_of(found.receipt_code)).case.pk == found.case.pk
        assert receipt_hash(found.receipt_code) == found.case.receipt_hash
        assert status(reporter_of(found.receipt_code.lower())).case.pk == found.case.pk
    assert first.receipt_code not in str(Case.__dict__)
    for code in ("", "x", first.receipt_code[:-1], first.receipt_code + "0", "0" * 10):
        with pytest.raises(NotFound):
            status(reporter_of(code))


def test_no_receipt_code_is_kept(form: Report) -> None:
    code = send(form).receipt_code
    with acting_as(TESTS):
        values = str(list(Case.objects.values())) + str(list(Case.objects.get().events.values()))
    assert code not in values
    assert "13800001234" not in values


def test_a_contact_is_sealed_in_the_database(form: Report) -> None:
    case = send(form).case
    with acting_as(TESTS):
        raw = (
            Contact.objects.extra(select={"sealed": "phone"}).values_list("sealed", flat=True).get(pk=case.pk)
        )
        assert b"13800001234" not in bytes(raw)
        assert Contact.objects.get(pk=case.pk).phone == "13800001234"


def test_settling_on_the_spot_is_all_or_nothing(town: Town, people: People, form: Report) -> None:
    small = condition(level="grid", on_the_spot=True)
    given = replace(
        form, channel="worker", matter_id=small.matter_id, lon=None, lat=None, area_id=town.grids[0].pk
    )
    before = dump()
    with clock.at(START), pytest.raises(Invalid):
        settle_on_the_spot(people["grid_worker"], given, small.pk, ())
    large = condition(level="street", procedure="ordinary")
    with clock.at(START), pytest.raises(Invalid):
        settle_on_the_spot(
            people["grid_worker"], replace(given, matter_id=large.matter_id), large.pk, (PHOTO,)
        )
    assert dump() == before
    with clock.at(START):
        done = settle_on_the_spot(people["grid_worker"], given, small.pk, (PHOTO,), "已清理")
        again = settle_on_the_spot(people["grid_worker"], given, small.pk, (PHOTO,), "已清理")
    assert done.case.state == "checking"
    assert (again.case.pk, again.again) == (done.case.pk, True)
    check_case(done.case.pk)


# ---- photos


def with_position() -> bytes:
    """A photo as a phone makes it: place in EXIF and XMP, words in a comment."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    exif[0x8825] = {1: "N", 2: (23.0, 6.0, 12.5), 3: "E", 4: (113.0, 15.0, 9.0)}
    return photo(exif=exif, comment=b"SECRETPLACE 23.103,113.252", xmp=b"<x:xmpmeta>SECRETXMP</x:xmpmeta>")


@pytest.mark.parametrize("form_", ["JPEG", "PNG", "WEBP"])
def test_a_photo_keeps_nothing_but_its_picture(form_: str) -> None:
    if form_ == "JPEG":
        raw = with_position()
        assert b"SECRET" in raw
    else:
        exif = Image.Exif()
        exif[0x010F] = "SECRETPHONE"
        raw = photo(form=form_, exif=exif)
    data = photos.read([raw])[0].data
    assert b"SECRET" not in data
    assert b"Exif" not in data
    with Image.open(io.BytesIO(data)) as kept:
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_turned_photo_is_stored_upright_and_a_large_one_small() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned, large = photos.read([photo(size=(40, 20), exif=exif), photo(size=(5000, 1000))])
    assert (turned.width, turned.height) == (20, 40)
    assert (large.width, large.height) == (2000, 400)
    with Image.open(io.BytesIO(large.data)) as kept:
        assert kept.size == (2000, 400)


def test_a_payload_behind_or_inside_a_photo_does_not_survive() -> None:
    for raw in (
        PHOTO + b"<script>PAYLOAD</script>",
        photo(comment=b"<?php PAYLOAD ?>"),
        PHOTO + b"PK\x03\x04PAYLOAD",
    ):
        assert b"PAYLOAD" not in photos.read([raw])[0].data


HUGE = photo(form="PNG", size=(9000, 9000))


@pytest.mark.parametrize(
    "raw",
    [b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", HUGE, PHOTO[:40], photo(form="GIF"),
     photo(form="BMP"), photo(form="TIFF"), b"\xff\xd8\xff\xe0" + bytes(100), bytes(photos.MOST_BYTES + 1)],
    ids=["empty", "pdf", "svg", "head", "huge", "cut", "gif", "bmp", "tiff", "zeros", "large"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        photos.read([PHOTO, PHOTO, raw])
    assert "第 3 " in refused.value.fields["photos"]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), form_=st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_a_broken_photo_is_refused_or_encoded_but_never_an_accident(seed: int, form_: str) -> None:
    rng = Random(seed)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (23.0, 6.0, 12.5)}
    raw = bytearray(photo(form=form_, size=(20, 10), exif=exif))
    for _ in range(rng.randint(1, 12)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    if rng.random() < 0.3:
        del raw[rng.randrange(len(raw)) :]
    try:
        (made,) = photos.read([bytes(raw)])
    except Invalid:
        return
    with Image.open(io.BytesIO(made.data)) as kept:
        assert (kept.format, kept.size) == ("JPEG", (made.width, made.height))


def test_the_same_photo_is_kept_once(form: Report) -> None:
    case = send(replace(form, images=(PHOTO, PHOTO, photo("blue")))).case
    with acting_as(TESTS):
        assert Photo.objects.filter(case=case).count() == 2


def test_numbers_of_a_day_follow_each_other(town: Town) -> None:
    with clock.at(START):
        found = [reported(town).case.number for _ in range(3)]
    assert len(set(found)) == 3
    assert found == sorted(found)
