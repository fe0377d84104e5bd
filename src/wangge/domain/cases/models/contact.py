"""The reporter of a case."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from wangge.domain.access.scope import ScopedManager
from wangge.domain.cases.models.case import Case
from wangge.platform.personal import PersonalTextField, blind


def tail_mark(phone: str) -> str:
    """The mark of a phone's last four digits, "" for one with fewer."""
    digits = digits_of(phone)
    return blind(digits[-TAIL:], "cases.Contact.phone") if len(digits) >= TAIL else ""


def digits_of(phone: str) -> str:
    return "".join(filter(str.isdigit, phone))


# Digits at the end of a phone that somebody who asks must know.
TAIL = 4


class Contact(models.Model):
    """How to reach the reporter; seen only by who must call back, and each look is logged."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="contact")
    name = PersonalTextField(
        purpose=gettext_noop("回访时称呼上报人"),
        basis=gettext_noop("本人提供并同意"),
        data_class=gettext_noop("姓名"),
        retention_days=365,
        max_chars=40,
        blank=True,
    )
    phone = PersonalTextField(
        purpose=gettext_noop("回访上报人"),
        basis=gettext_noop("本人提供并同意"),
        data_class=gettext_noop("电话"),
        retention_days=365,
        max_chars=20,
        blank=True,
    )
    email = PersonalTextField(
        purpose=gettext_noop("通知上报人办理进展"),
        basis=gettext_noop("本人提供并同意"),
        data_class=gettext_noop("电子邮箱"),
        retention_days=365,
        max_chars=120,
        blank=True,
    )
    # What a phone is found by, of the last four digits: a keyed mark that reads back to nobody. "" without a phone.
    phone_tail = models.CharField(max_length=64, null=True, editable=False)

    IMPERSONAL = frozenset({"phone_tail"})
    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["phone_tail"], name="contact_phone_tail")]

    def save(self, *args: Any, **options: Any) -> None:
        """The mark follows the phone, whoever writes."""
        self.phone_tail = tail_mark(str(self.phone))
        super().save(*args, **options)
