"""A resident and their own data: who they are, by receipt and phone or by phone alone; what is kept; what they may ask
for."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Reporter, System
from wangge.domain.access.models import ReadLog, Unit
from wangge.domain.access.persons import Person, pseudonyms
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_look, log_looks
from wangge.domain.cases.models import Case, Contact
from wangge.domain.cases.services.intake import Report, Reported
from wangge.domain.cases.services.questions import ask_above
from wangge.domain.register import rules
from wangge.domain.register.models import CareNeed, Correction, PhoneCode, Resident
from wangge.domain.register.purposes import OWN
from wangge.domain.register.services import care, correcting, erasing
from wangge.domain.register.services.base import community_of
from wangge.domain.register.services.looking import ALL
from wangge.platform import clock, sms
from wangge.platform.errors import Conflict, Invalid, NotFound
from wangge.platform.limits.services import Limit, TooMany
from wangge.platform.personal import blind

SELF = System("a resident's own page")
CODE_MINUTES = 10
MOST_TRIES = 5
CODES = Limit("codes to phones", most=5, minutes=60)
CONTACT = gettext_noop("姓名、电话")


@dataclass(frozen=True, slots=True)
class Own:
    """Who proved to be themselves: the case of the receipt that they showed, if any, and whom of the register they
    are."""

    case_id: int | None
    residents: tuple[int, ...]


def send_code(reporter: Reporter) -> None:
    """A code to the phone that was left with the report, at most CODES an hour; Conflict where none was left or the
    message did not leave, TooMany."""
    contact = _contact(reporter)
    phone = rules.phone_of(str(contact.phone)) if contact else ""
    if not phone:
        raise Conflict(_("这件上报没有留电话，不能用短信确认您的身份。请带身份证件到社区工作站查询。"))
    _send(reporter, phone)


def by_phone(phone: str) -> Reporter:
    """Whoever holds a phone, without a receipt: opens no case. Invalid for what is no phone."""
    if not (digits := rules.phone_of(phone)):
        raise Invalid({"phone": _("请填写手机号码，只填数字。")})
    return Reporter(blind(digits, "register.PhoneCode.phone"))


def send_code_to(phone: str) -> None:
    """A code to any phone, so that nobody learns by asking which phones the register knows. Raises as send_code,
    Invalid."""
    _send(by_phone(phone), rules.phone_of(phone))


def _send(reporter: Reporter, phone: str) -> None:
    if CODES.reached(reporter.receipt_hash):
        raise TooMany(_("验证码发得太多了，请一小时后再试。"))
    code = f"{secrets.randbelow(10**6):06}"
    with transaction.atomic():
        PhoneCode.objects.update_or_create(
            receipt_hash=reporter.receipt_hash,
            defaults={
                "mark": _mark(reporter, code),
                "ends_at": clock.now() + timedelta(minutes=CODE_MINUTES),
                "tries": 0,
            },
        )
        CODES.count(reporter.receipt_hash)
    text = _("网格服务验证码 %(code)s，%(minutes)d 分钟内有效。不是您本人操作请不要告诉任何人。")
    try:
        sms.send(phone, text % {"code": code, "minutes": CODE_MINUTES})
    except sms.NotSent as error:
        raise Conflict(_("短信没有发出去，请过一会儿再试，或到社区工作站查询。")) from error


def confirm(reporter: Reporter, code: str) -> bool:
    """Whether the code is right; a right one works once, and after MOST_TRIES wrong ones none does."""
    with transaction.atomic():
        kept = PhoneCode.objects.select_for_update().filter(receipt_hash=reporter.receipt_hash).first()
        if kept is None or kept.ends_at < clock.now() or kept.tries >= MOST_TRIES:
            return False
        if not secrets.compare_digest(kept.mark, _mark(reporter, "".join(code.split()))):
            kept.tries += 1
            kept.save(update_fields=["tries"])
            return False
        kept.delete()
        return True


def own_of(reporter: Reporter) -> Own:
    """Whom of the register a reporter is who has confirmed the phone of the receipt. NotFound without a case."""
    with acting_as(SELF):
        case = Case.objects.filter(receipt_hash=reporter.receipt_hash).first()
        if case is None:
            raise NotFound(_("没有找到这件上报。"))
        contact = Contact.objects.filter(case=case).first()
    return Own(case.pk, residents_with(str(contact.phone), str(contact.name)) if contact else ())


def residents_with(phone: str, name: str) -> tuple[int, ...]:
    """The one resident with this phone, or of several the one of the same name; else nobody (1 statement)."""
    if (mark := rules.phone_mark(phone)) is None:
        return ()
    digits = rules.phone_of(phone)
    with acting_as(SELF):
        living = Resident.objects.filter(phone_mark=mark, merged_into__isnull=True).order_by("pk")
        same = [one for one in living if one.phone == digits]
    if len(same) > 1:
        # A family shares a phone: nobody is shown another's data.
        same = [one for one in same if one.name == rules.name_of(name)]
    return (same[0].pk,) if len(same) == 1 else ()


@transaction.atomic
def contact_of(reporter: Reporter, own: Own, channel: str = "portal") -> Contact | None:
    """What was left with the report, if there is one; the person's own look is written down as well."""
    if own.case_id is None:
        return None
    with acting_as(SELF):
        contact: Contact | None = Contact.objects.select_related("case").filter(pk=own.case_id).first()
    if contact is not None:
        log_look(
            reporter,
            subject=f"case {own.case_id}",
            data_class=CONTACT,
            purpose=OWN,
            channel=channel,
            community=contact.case.in_community,
            person=Person("contact", own.case_id),
        )
    return contact


@transaction.atomic
def residents_of(reporter: Reporter, own: Own, channel: str = "portal") -> list[Resident]:
    """What the register keeps of the person; written down as well."""
    with acting_as(SELF):
        found = list(
            Resident.objects.filter(pk__in=own.residents).select_related(
                "area", "household__dwelling__building__compound", "household__dwelling__stairwell"
            )
        )
    named = [(Person("resident", one.pk), community_of(one.area)) for one in found]
    log_looks(reporter, named, subject="resident", data_class=ALL, purpose=OWN, channel=channel)
    return found


def care_of(own: Own) -> list[CareNeed]:
    """Care of the person, running first (1 statement)."""
    with acting_as(SELF):
        needs = CareNeed.objects.filter(resident_id__in=own.residents).select_related("provider")
        return list(needs.order_by("ended_on", "-pk"))


def corrections_of(own: Own) -> list[Correction]:
    """What the person asked to be corrected, newest first (1 statement)."""
    with acting_as(SELF):
        return list(Correction.objects.filter(resident_id__in=own.residents).order_by("-made_at"))


def looks_at(own: Own) -> list[tuple[ReadLog, Unit | None]]:
    """Every look at the person's data, newest first, with the unit of who looked (4 statements)."""
    cases = [own.case_id] if own.case_id is not None else []
    marks = [*pseudonyms("contact", cases).values(), *pseudonyms("resident", own.residents).values()]
    rows = list(ReadLog.objects.filter(person__in=marks).order_by("-at", "-pk"))
    units = Unit.objects.in_bulk({row.unit_id for row in rows if row.unit_id})
    return [(row, units.get(row.unit_id or 0)) for row in rows]


def ask_why(reporter: Reporter, own: Own, look_id: int, key: uuid.UUID, words: str) -> Reported:
    """Why somebody looked: a case for the level above the unit that did, answered within 15 days. NotFound for a look
    at somebody else."""
    found = next(((row, unit) for row, unit in looks_at(own) if row.pk == look_id), None)
    if found is None:
        raise NotFound(_("没有找到这条记录。"))
    row, unit = found
    community, name, phone = _asker(own)
    described = _("居民询问：%(unit)s于 %(when)s 为“%(purpose)s”查看了“%(data)s”，为什么？%(words)s") % {
        "unit": unit.name if unit else "—",
        "when": f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}",
        "purpose": row.purpose,
        "data": row.data_class,
        "words": words.strip()[:300],
    }
    given = Report(
        key=key,
        description=described,
        area_id=row.chain or community,
        name=name,
        phone=phone,
    )
    return ask_above(given, unit)


def _asker(own: Own) -> tuple[int | None, str, str]:
    """Where the question belongs and who hears the answer: community, name and phone."""
    with acting_as(SELF):
        if own.case_id is not None:
            case = Case.objects.get(pk=own.case_id)
            contact = Contact.objects.filter(case=case).first()
            left = (str(contact.name), str(contact.phone)) if contact else ("", "")
            return case.in_community, *left
        one = Resident.objects.select_related("area").get(pk=own.residents[0])
        return community_of(one.area), str(one.name), str(one.phone)


def correct(own: Own, resident_id: int, proposed: dict[str, object]) -> None:
    """What the person says is right goes to the station."""
    correcting.ask(_own_resident(own, resident_id), proposed)


def withdraw(own: Own, care_id: int) -> None:
    """The person takes a consent back: the care ends at once."""
    with acting_as(SELF):
        found = CareNeed.objects.filter(pk=care_id, resident_id__in=own.residents).first()
    if found is None:
        raise NotFound(_("没有找到这项照料。"))
    care.withdraw(SELF, found.pk)


@transaction.atomic
def erase(own: Own, what: str) -> None:
    """Erase the entry in the register, or the contact left with the report. Conflict with the reason where the law
    keeps it for now."""
    if what == "resident":
        for resident_id in own.residents:
            erasing.erase_resident(resident_id)
    elif what == "contact" and own.case_id is not None:
        erasing.erase_contact(own.case_id)
    else:
        raise Invalid({"what": _("请选择要删除什么。")})


def _own_resident(own: Own, resident_id: int) -> Resident:
    if resident_id not in own.residents:
        raise NotFound(_("没有找到这条登记，或者不在您的服务范围内。"))
    with acting_as(SELF):
        found: Resident = Resident.objects.select_related("area").get(pk=resident_id)
        return found


def _contact(reporter: Reporter) -> Contact | None:
    with acting_as(SELF):
        found: Contact | None = Contact.objects.filter(case__receipt_hash=reporter.receipt_hash).first()
        return found


def _mark(reporter: Reporter, code: str) -> str:
    return blind(f"{reporter.receipt_hash} {code}", "register.PhoneCode")
