"""Showing a reporter's contact to who must call back: masked until asked for with a purpose, each look logged."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.persons import Person
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_look
from wangge.domain.cases.models import Contact
from wangge.platform.errors import Invalid, NotFound

HIDDEN = gettext_lazy("联系方式只在待回访时由回访人查看。")
# Of one length for everybody: a mask that showed letters would be a look that nobody wrote down.
HIDDEN_NAME, HIDDEN_PHONE = "***", "***********"
# Kept in the log as they stand; a face translates them.
CALL_BACK = gettext_noop("回访核实办理结果")
PURPOSES = (CALL_BACK, gettext_noop("补充核对现场情况"))


@dataclass(frozen=True, slots=True)
class Shown:
    """Name and phone, masked or plain."""

    name: str
    phone: str


def masked(actor: AnyActor, case_id: int) -> Shown | None:
    """That there is a contact, without a letter or digit of it; None if the actor may not see it or there is none."""
    with acting_as(actor):
        contact = Contact.objects.filter(pk=case_id).first()
        return Shown(contact.name and HIDDEN_NAME, contact.phone and HIDDEN_PHONE) if contact else None


def unmask(actor: Actor, case_id: int, purpose: str) -> Shown:
    """The contact in full, after the look was written down; NotFound outside POLICY, Invalid without a known purpose."""
    with acting_as(actor):
        contact = Contact.objects.filter(pk=case_id).select_related("case").first()
        if contact is None:
            raise NotFound(HIDDEN)
        if purpose not in PURPOSES:
            raise Invalid({"purpose": _("请选择查看目的。")})
        _log(actor, contact, purpose)
        return Shown(contact.name, contact.phone)


def log_carried(actor: Actor, case_ids: Collection[int]) -> None:
    """Write down that a phone takes along whom to call back; NotFound when POLICY hides one of them."""
    with acting_as(actor):
        found = list(Contact.objects.filter(pk__in=case_ids).select_related("case").order_by("pk"))
        if len(found) != len(set(case_ids)):
            raise NotFound(HIDDEN)
        for contact in found:
            _log(actor, contact, CALL_BACK, channel="field")


def _log(actor: Actor, contact: Contact, purpose: str, channel: str = "desk") -> None:
    log_look(
        actor,
        subject=f"case {contact.pk}",
        data_class="姓名、电话",
        purpose=purpose,
        channel=channel,
        community=contact.case.in_community,
        person=Person("contact", contact.pk),
    )
