"""Finding a case by the end of its reporter's phone: only where one may call back, each hit written down."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Actor, AnyActor, Role, System
from wangge.domain.access.persons import Person
from wangge.domain.access.policy import CALL_BACK_ROLES
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_look
from wangge.domain.cases.models import TAIL, Case, Contact, digits_of, tail_mark
from wangge.domain.cases.queries.lists import with_names
from wangge.platform.errors import Invalid, NotAllowed
from wangge.platform.limits.services import Limit, TooMany

LONGEST = 11
MOST = 20
# Kept in the log as it stands; a face translates it.
PURPOSE = gettext_noop("按电话尾号查找案件")
# Four digits have 10,000 endings: nobody tries them all.
SEARCHES = Limit("phone searches", most=60, minutes=60)
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ByPhone:
    """Cases whose reporter's phone ends as asked, newest first; `refused` instead when the limit is used up."""

    cases: tuple[Case, ...] = ()
    refused: TooMany | None = None


def may_search_phones(actor: AnyActor) -> bool:
    """Whether the actor calls reporters back at all; which of them, POLICY says case by case."""
    return isinstance(actor, Actor) and actor.has(*CALL_BACK_ROLES, Role.OPERATOR)


def cases_of_phone(actor: Actor, ending: str) -> ByPhone:
    """The cases that wait for the actor's call and whose phone ends with these 4 to 11 digits; each is logged as a look.

    Raises NotAllowed for who calls nobody back, Invalid for other digits or too many hits.
    """
    if not may_search_phones(actor):
        raise NotAllowed(_("只有负责回访的岗位可以按电话查找。"))
    digits = digits_of(ending)
    if not (digits.isascii() and TAIL <= len(digits) <= LONGEST):
        raise Invalid({"ending": _("请输入电话号码的最后 4 至 11 位数字。")})
    if SEARCHES.reached(str(actor.user_id)):
        return ByPhone(refused=TooMany(_("一小时内查得太多了，请过一会儿再查。")))
    SEARCHES.count(str(actor.user_id))
    with transaction.atomic(), acting_as(actor):
        marked = Contact.objects.filter(phone_tail=tail_mark(digits))
        hits = [contact.pk for contact in marked if digits_of(contact.phone).endswith(digits)]
        if len(hits) > MOST:
            raise Invalid({"ending": _("超过 %(most)d 件，请多输几位。") % {"most": MOST}})
        found = with_names(Case.objects.filter(pk__in=hits)).order_by("-reported_at", "-pk")
        for case in found:
            log_look(
                actor,
                subject=f"case {case.pk}",
                data_class="电话",
                purpose=PURPOSE,
                community=case.in_community,
                person=Person("contact", case.pk),
            )
        return ByPhone(tuple(found))


def mark_phones() -> int:
    """Mark the phones that were written before phones could be looked for; returns how many."""
    done = 0
    with transaction.atomic(), acting_as(System("marks of phones")):
        while chunk := list(Contact.objects.filter(phone_tail__isnull=True)[:_CHUNK]):
            for contact in chunk:
                contact.phone_tail = tail_mark(contact.phone)
            Contact.objects.bulk_update(chunk, ["phone_tail"])
            done += len(chunk)
    return done
