"""Households and residents: the least that a service needs. What product.md says Wangge never does has no column."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.domain.access.scope import ScopedManager
from wangge.domain.places.models import Area, Dwelling
from wangge.domain.register.models.kept import KEPT_DAYS, MOVED_OUT, Kept
from wangge.platform.personal import PersonalTextField, about_person

_CONSENT = gettext_noop("本人提供并同意")
_DUTY = gettext_noop("履行网格服务管理的法定职责")


class Stay(models.TextChoices):
    """By what right a household lives in the dwelling."""

    OWN = "own", _("自有住房")
    RENT = "rent", _("租住")
    LENT = "lent", _("借住")
    SHARED = "shared", _("集体宿舍")
    UNKNOWN = "unknown", _("未说明")


class Household(Kept):
    """The people who live in a dwelling together (户), from a day to a day (inclusive; open when null)."""

    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="households")
    stay = about_person(
        models.CharField(max_length=10, choices=Stay.choices, default=Stay.UNKNOWN),
        purpose=gettext_noop("区分业主和租户，通知到该通知的人"),
        basis=_DUTY,
        data_class=gettext_noop("居住方式"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
    )
    since = about_person(
        models.DateField(null=True, blank=True),
        purpose=gettext_noop("知道住户是否还住在这里"),
        basis=_DUTY,
        data_class=gettext_noop("入住和迁出日期"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
    )
    until = about_person(
        models.DateField(null=True, blank=True),
        purpose=gettext_noop("知道住户是否还住在这里"),
        basis=_DUTY,
        data_class=gettext_noop("入住和迁出日期"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
    )
    origin = models.CharField(max_length=80, blank=True, default="", db_default="", help_text="import batch")

    IMPERSONAL = frozenset({"key", "version", "origin"})

    class Meta:
        indexes = [models.Index(fields=["origin"], condition=~Q(origin=""), name="household_origin")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="household_ends_after_start",
            )
        ]


class Relation(models.TextChoices):
    """To the head of the household, as far as the household says so."""

    HEAD = "head", _("户主")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    GRANDCHILD = "grandchild", _("孙辈")
    KIN = "kin", _("其他亲属")
    OTHER = "other", _("同住人")


class Residence(models.TextChoices):
    """Where the person's household registration lies: some services depend on it."""

    HERE = "here", _("本社区户籍")
    CITY = "city", _("本市其他户籍")
    ELSEWHERE = "elsewhere", _("外地户籍")
    ABROAD = "abroad", _("港澳台及境外")
    UNKNOWN = "unknown", _("未说明")


class Resident(Kept):
    """A person who lives in a household (居民). One who was merged into another keeps the row, so that it can be undone."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="residents")
    name = PersonalTextField(
        purpose=gettext_noop("上门和联系时称呼本人"),
        basis=_CONSENT,
        data_class=gettext_noop("姓名"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
        max_chars=40,
    )
    phone = PersonalTextField(
        purpose=gettext_noop("办事和紧急情况下联系本人"),
        basis=_CONSENT,
        data_class=gettext_noop("电话"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
        max_chars=20,
        blank=True,
    )
    phone_mark = models.BigIntegerField(null=True, editable=False, help_text="what the phone is found by")
    birth_year = about_person(
        models.PositiveSmallIntegerField(null=True, blank=True),
        purpose=gettext_noop("按年龄提供服务，如高龄探访、适龄入学"),
        basis=_DUTY,
        data_class=gettext_noop("出生年份"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
    )
    relation = about_person(
        models.CharField(max_length=10, choices=Relation.choices, default=Relation.OTHER),
        purpose=gettext_noop("知道一户里先联系谁"),
        basis=_CONSENT,
        data_class=gettext_noop("与户主关系"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
    )
    residence = about_person(
        models.CharField(max_length=10, choices=Residence.choices, default=Residence.UNKNOWN),
        purpose=gettext_noop("判断可以申请哪些服务"),
        basis=_DUTY,
        data_class=gettext_noop("户籍类别"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
    )
    since = about_person(
        models.DateField(null=True, blank=True),
        purpose=gettext_noop("知道本人是否还住在这里"),
        basis=_DUTY,
        data_class=gettext_noop("入住和迁出日期"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
    )
    until = about_person(
        models.DateField(null=True, blank=True),
        purpose=gettext_noop("知道本人是否还住在这里"),
        basis=_DUTY,
        data_class=gettext_noop("入住和迁出日期"),
        retention_days=KEPT_DAYS,
        counted_from=MOVED_OUT,
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", editable=False)

    IMPERSONAL = frozenset({"key", "version", "phone_mark"})

    class Meta:
        indexes = [
            models.Index(fields=["phone_mark"], condition=Q(phone_mark__isnull=False), name="resident_phone"),
            models.Index(fields=["until"], condition=Q(until__isnull=False), name="resident_until"),
        ]


class NameMark(models.Model):
    """What a name is found by: keyed marks of the whole name and of each two neighbouring characters.

    In rows of their own, because PostgreSQL uses no array index under row rules. Decision 14 says what they leak.
    """

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="name_marks")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False, help_text="grid")
    mark = models.BigIntegerField()

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["mark"], name="name_mark")]


class DetailKind(models.TextChoices):
    ID_NUMBER = "id_number", _("身份证号码")
    SEX = "sex", _("性别")


class Detail(Kept):
    """A value that only a named service needs, for as long as it needs it: services.details.NEEDS names them all."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="details")
    kind = models.CharField(max_length=10, choices=DetailKind.choices)
    need = models.CharField(max_length=30, help_text="service that requires it")
    value = PersonalTextField(
        purpose=gettext_noop("办理写明的那一项服务"),
        basis=gettext_noop("该项服务的规定要求，本人办理时提供"),
        data_class=gettext_noop("身份证号码或性别"),
        retention_days=30,
        counted_from=gettext_noop("该项服务办结"),
        max_chars=20,
    )
    mark = models.BigIntegerField(null=True, editable=False)
    until = models.DateField(help_text="last day; deleted afterwards")

    IMPERSONAL = frozenset({"key", "version", "kind", "need", "mark", "until"})

    class Meta:
        indexes = [models.Index(fields=["mark"], condition=Q(mark__isnull=False), name="detail_mark")]
        constraints = [models.UniqueConstraint(fields=["resident", "kind", "need"], name="one_detail_a_need")]


class Merge(Kept):
    """Two rows of one person that were joined: `gone` points to `kept`; undoing brings it back as it was."""

    kept = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    gone = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    filled: Any = models.JSONField(
        default=list, help_text="columns of `kept` that were empty and came from `gone`"
    )
    moved: Any = models.JSONField(default=dict, help_text="ids of rows that hung on `gone`, by table")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
