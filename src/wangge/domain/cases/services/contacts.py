"""Showing a reporter's contact to who must call back: masked until asked for with a purpose, each look logged."""

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
PURPOSES = (gettext_noop("回访核实办理结果"), gettext_noop("补充核对现场情况"))


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
        log_look(
            actor,
            subject=f"case {case_id}",
            data_class="姓名、电话",
            purpose=purpose,
            community=contact.case.in_community,
            person=Person("contact", case_id),
        )
        return Shown(contact.name, contact.phone)
