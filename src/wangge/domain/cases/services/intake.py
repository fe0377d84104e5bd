"""Intake: a report becomes a case, once, whatever the network did."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, Client, Role, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case, Channel, Contact, Photo
from wangge.domain.cases.queries.single import with_key
from wangge.domain.cases.services import photos, sounds
from wangge.domain.cases.services.moves import move
from wangge.domain.cases.services.opening import open_case
from wangge.domain.cases.services.receipts import receipt_code, receipt_hash
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.queries import offered_matter
from wangge.domain.places.models import Area, Facility
from wangge.domain.places.queries import grid_at
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed

LONGEST_DESCRIPTION = 2000
LONGEST_NAME = 40
LONGEST_EMAIL = 120
STAFF_CHANNELS = {
    Channel.WORKER: (Role.GRID_WORKER, Role.GRID_LEAD),
    Channel.OPERATOR: (Role.OPERATOR, Role.STREET_DISPATCHER, Role.DISTRICT_DISPATCHER),
    Channel.STATION: (Role.STATION_OFFICER, Role.STATION_HEAD),
    # Orders of the municipal hotline, brought in as a list.
    Channel.HOTLINE: (Role.OPERATOR, Role.STREET_DISPATCHER, Role.DISTRICT_DISPATCHER),
}


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports. `key` is made where the form was opened; `area_id` comes from a QR code or an address.

    `facility_id` comes from the code on a facility: without another place the report is where the facility stands.
    """

    key: uuid.UUID
    description: str
    channel: str = Channel.WEB
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    area_id: int | None = None
    matter_id: int | None = None
    facility_id: int | None = None
    danger: bool = False
    name: str = ""
    phone: str = ""
    email: str = ""
    images: Sequence[bytes] = field(default=(), repr=False)
    sounds: Sequence[bytes] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Reported:
    """The case and the code to follow it; `again` when the same report had arrived before."""

    case: Case
    receipt_code: str
    again: bool = False


def report(actor: AnyActor, given: Report) -> Reported:
    """Take in a report. The same key with the same content answers the same again; with other content Conflict.

    Raises Invalid naming the field, NotAllowed for a channel that is not the actor's.
    """
    _check(actor, given)
    code = receipt_code(given.key)
    try:
        with transaction.atomic(), acting_as(System("intake")):
            if found := with_key(given.key):
                return _again(found, given, code)
            return Reported(_create(actor, given, code), code)
    except IntegrityError:
        # A double tap: the same report arrived on two connections at once, and the other was first.
        with acting_as(System("intake")):
            if found := with_key(given.key):
                return _again(found, given, code)
        raise


def _again(found: Case, given: Report, code: str) -> Reported:
    if found.fingerprint != fingerprint(given):
        raise Conflict(_("这份上报已经提交过，内容不同。请重新打开上报页面。"), "other_content")
    return Reported(found, code, again=True)


@transaction.atomic
def settle_on_the_spot(
    actor: AnyActor, given: Report, condition_id: int, images: Sequence[bytes], note: str = ""
) -> Reported:
    """A grid worker reports and settles a small matter at once; someone else still checks it."""
    reported = report(actor, given)
    if reported.again:
        return reported
    data = {"matter": given.matter_id, "condition": condition_id, "note": note}
    return Reported(move(actor, reported.case.pk, "settle", data, images=images), reported.receipt_code)


def fingerprint(given: Report) -> str:
    """Hash of everything reported, photos and recordings included."""
    plain = asdict(given)
    if given.facility_id is None:
        # A report sent before there were facilities is the same when it comes again.
        del plain["facility_id"]
    # So is one from before there were recordings.
    recordings = [hashlib.sha256(sound).hexdigest() for sound in plain.pop("sounds")]
    if recordings:
        plain["sounds"] = recordings
    plain["images"] = [hashlib.sha256(image).hexdigest() for image in given.images]
    return hashlib.sha256(json.dumps(plain, default=str, sort_keys=True).encode()).hexdigest()


def _check(actor: AnyActor, given: Report) -> None:
    wrong = {}
    if not given.description.strip() and not given.sounds:
        wrong["description"] = _("请写几句发生了什么。")
    elif len(given.description) > LONGEST_DESCRIPTION:
        wrong["description"] = _("最多 %(most)d 字。") % {"most": LONGEST_DESCRIPTION}
    if given.area_id is None and given.facility_id is None and (given.lon is None or given.lat is None):
        wrong["place"] = _("请在地图上点选位置，或选择社区。")
    if len(given.address) > 200:
        wrong["address"] = _("地址最多 200 字。")
    if len(given.name) > LONGEST_NAME:
        wrong["name"] = _("称呼最多 %(most)d 字。") % {"most": LONGEST_NAME}
    if given.phone and not _is_phone(given.phone):
        wrong["phone"] = _("电话号码应为 5 至 20 位数字。")
    if given.email and not _is_email(given.email):
        wrong["email"] = _("请填写正确的电子邮箱，或留空。")
    if given.channel not in Channel.values:
        wrong["channel"] = _("没有这个上报渠道。")
    if wrong:
        raise Invalid(wrong)
    if given.channel == Channel.API and not isinstance(actor, Client):
        raise NotAllowed(_("您的岗位不能从这个渠道上报。"))
    roles = STAFF_CHANNELS.get(Channel(given.channel))
    if roles and not (isinstance(actor, Actor) and actor.has(*roles)):
        raise NotAllowed(_("您的岗位不能从这个渠道上报。"))


def _is_phone(phone: str) -> bool:
    digits = phone.replace("-", "").replace(" ", "").removeprefix("+")
    return digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 20


def _is_email(email: str) -> bool:
    try:
        validate_email(email.strip())
    except ValidationError:
        return False
    return len(email) <= LONGEST_EMAIL


def _create(actor: AnyActor, given: Report, code: str) -> Case:
    now, mark = clock.now(), fingerprint(given)
    facility = _facility(given)
    if facility is not None and (given.lon is None or given.lat is None):
        given = replace(given, lon=facility.lon, lat=facility.lat)
    area = _area(given)
    case = Case(
        key=given.key,
        fingerprint=mark,
        receipt_hash=receipt_hash(code),
        matter=_matter(given),
        area=area,
        facility=facility,
        address=given.address.strip() or (facility.place if facility else "") or area.name,
        lon=given.lon,
        lat=given.lat,
        description=given.description.strip() or _("语音上报，请听录音。"),
        channel=given.channel,
        reported_by_id=actor.user_id if isinstance(actor, Actor) else None,
        has_contact=bool(given.phone or given.email),
        danger=given.danger,
    )
    roles = STAFF_CHANNELS.get(Channel(given.channel), ())
    post = actor.post_in(*roles) if isinstance(actor, Actor) else None
    notes = {"alert": "all"} if given.danger else {}
    open_case(case, actor, now, post=post, data={"channel": given.channel}, notes=notes)
    if case.has_contact or given.name:
        Contact.objects.create(
            case=case, name=given.name.strip(), phone=given.phone.strip(), email=given.email.strip()
        )
    photos.store(case, Photo.Use.REPORT, photos.read(given.images), user_id=case.reported_by_id, at=now)
    sounds.store(case, sounds.read(given.sounds), user_id=case.reported_by_id, at=now)
    return case


def _area(given: Report) -> Area:
    """The smallest area of the place: the grid of the point, or the area that was named."""
    area = None
    if given.lon is not None and given.lat is not None:
        area = grid_at(given.lon, given.lat)
    if area is None and given.area_id is not None:
        area = Area.objects.filter(pk=given.area_id, active=True, level__in=["community", "grid"]).first()
    if area is None or rules.area_id_at(area.path, "community") is None:
        raise Invalid({"place": _("这个位置不在服务范围内，请重新点选，或选择所在社区。")})
    return area


def _facility(given: Report) -> Facility | None:
    """What was scanned; one that was taken away in the meantime still says where."""
    if given.facility_id is None:
        return None
    found = Facility.objects.filter(pk=given.facility_id).first()
    if found is None:
        raise Invalid({"place": _("没有这个部件，请在地图上点选位置。")})
    return found


def _matter(given: Report) -> Matter | None:
    if given.matter_id is None:
        return None
    matter = offered_matter(given.matter_id)
    if matter is None:
        raise Invalid({"matter": _("这个类别已停用，请重新选择。")})
    return matter
