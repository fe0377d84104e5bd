"""The case, its append-only history, and what hangs on it."""

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.domain.access.models import Unit, User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.catalogue.models import Condition, Matter
from wangge.domain.places.models import LEVELS, Area, Facility, Level
from wangge.platform.personal import PersonalTextField, blind


class Channel(models.TextChoices):
    WEB = "web", _("网上上报")
    QR = "qr", _("扫码上报")
    WORKER = "worker", _("网格员上报")
    OPERATOR = "operator", _("电话受理")
    STATION = "station", _("窗口受理")
    HOTLINE = "hotline", _("热线转办")
    API = "api", _("系统对接")


class Procedure(models.TextChoices):
    ORDINARY = "ordinary", _("一般")
    COORDINATION = "coordination", _("协调")
    EMERGENCY = "emergency", _("应急")
    APPROVAL = "approval", _("审批")


class Light(models.TextChoices):
    """Colour of the clock."""

    NONE = "none", _("未计时")
    GREEN = "green", _("正常")
    YELLOW = "yellow", _("将到期")
    RED = "red", _("已超期")
    PAUSED = "paused", _("暂停计时")


class Process(models.Model):
    """A published version of a process definition; running cases stay on theirs."""

    class Origin(models.TextChoices):
        """Whose words it is in: an untouched one of the product follows its upgrades."""

        BUILT_IN = "built_in", _("随产品提供")
        EDITED = "edited", _("本地修改")

    key = models.SlugField()
    version = models.PositiveIntegerField()
    definition: Any = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True)
    origin = models.CharField(
        max_length=10, choices=Origin.choices, default=Origin.BUILT_IN, db_default="built_in"
    )
    note = models.CharField(max_length=600, default="", db_default="", blank=True, help_text="what and why")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="process_version")]


class ProcessDraft(models.Model):
    """A process being edited. `data` is the step at which the draft stands; undoing goes back a step."""

    process = models.SlugField(help_text="key of the process it is a draft of")
    based_on = models.ForeignKey(Process, models.PROTECT, null=True, related_name="drafts")
    built_in = models.BooleanField(default=False, help_text="began as the product's own process")
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=600, blank=True, help_text="what is changed and why")
    data: Any = models.JSONField()
    step = models.PositiveIntegerField(default=0, help_text="number of the step it stands at")
    version = models.PositiveIntegerField(default=0, help_text="rises with every edit, undo and redo")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    published = models.OneToOneField(Process, models.PROTECT, null=True, related_name="draft")
    discarded_at = models.DateTimeField(null=True)

    @property
    def is_open(self) -> bool:
        return self.published_id is None and self.discarded_at is None


class DraftStep(models.Model):
    """The draft after one edit; number 0 is how it began. `what` names the edit: put, remove, …"""

    draft = models.ForeignKey(ProcessDraft, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    element = models.CharField(max_length=200, blank=True, help_text="name of the state or move")
    data: Any = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_step")]


class Simulation(models.Model):
    """A run of a draft over past cases. `digest` is of the draft's data: another digest is another process."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待开始")
        RUNNING = "running", _("正在试算")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")
        FAILED = "failed", _("没有完成")

    draft = models.ForeignKey(ProcessDraft, models.CASCADE, related_name="simulations")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    result: Any = models.JSONField(null=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(help_text="when it last got on")

    class Meta:
        ordering = ["-pk"]


# Open, or closed with an appeal that waits.
ALIVE = Q(ended=False) | Q(appeal_stage__in=[1, 2])


def _area_on_path(place: int) -> Cast:
    """The id at a place (from 1) of the path; null on a shorter one."""
    part = Func(F("area_path"), Value("."), Value(place), function="split_part")
    return Cast(NullIf(part, Value("")), models.BigIntegerField())


class Case(models.Model):
    """One reported occurrence, from report to closing.

    From filing on there is exactly one responsible unit and, while the case is open, either one
    deadline (`due_at`) or a stated pause (`paused_until` with `remaining_seconds`): the database
    checks it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="made where the report was opened")
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="hash of the report's content, for repeats"
    )
    number = models.CharField(max_length=24, unique=True)
    receipt_hash = models.CharField(max_length=64, unique=True)
    process = models.ForeignKey(Process, models.PROTECT, db_index=False)
    state = models.CharField(max_length=30)
    step = models.PositiveSmallIntegerField(default=1)
    ended = models.BooleanField(default=False)
    level = models.CharField(max_length=10, default="community")
    procedure = models.CharField(max_length=12, choices=Procedure.choices, default=Procedure.ORDINARY)
    emergency = models.BooleanField(default=False)
    danger = models.BooleanField(
        default=False, db_default=False, help_text="the reporter's own word: somebody may come to harm"
    )

    matter = models.ForeignKey(Matter, models.PROTECT, null=True, db_index=False)
    condition = models.ForeignKey(Condition, models.PROTECT, null=True, db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=120)
    # Equal ids are found by an index under row security and in the order of time; a prefix of the path is not.
    in_district = models.GeneratedField(
        expression=_area_on_path(LEVELS.index(Level.DISTRICT) + 1),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )
    in_street = models.GeneratedField(
        expression=_area_on_path(LEVELS.index(Level.STREET) + 1),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )
    in_community = models.GeneratedField(
        expression=_area_on_path(LEVELS.index(Level.COMMUNITY) + 1),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )
    address = models.CharField(max_length=200)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    facility = models.ForeignKey(
        Facility,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="whose code was scanned, or at which staff reported it",
    )
    description = models.TextField(max_length=2000)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    responsible = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    support_units: Any = ArrayField(
        models.BigIntegerField(), default=list, help_text="units asked for support"
    )
    first_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    handler = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    handlers: Any = ArrayField(
        models.BigIntegerField(), default=list, help_text="users who handled; they may not check or close"
    )
    checker = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    filed_at = models.DateTimeField(null=True)
    clock_from = models.DateTimeField(null=True)
    case_due_at = models.DateTimeField(null=True, help_text="deadline of handling, promised to the reporter")
    due_at = models.DateTimeField(null=True, help_text="the present deadline, of the case or of this stage")
    yellow_at = models.DateTimeField(null=True)
    light = models.CharField(max_length=8, choices=Light.choices, default=Light.NONE)
    entered_at = models.DateTimeField(help_text="when the present state began")
    timer_at = models.DateTimeField(null=True, help_text="when the next timer of the state fires")
    timers_done = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    remaining_seconds = models.BigIntegerField(null=True)
    left_seconds = models.BigIntegerField(
        null=True, help_text="what was left of the limit when it was handled"
    )
    handled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing_condition = models.CharField(max_length=200, blank=True)
    overdue = models.BooleanField(
        default=False, help_text="handled, or still open, after case_due_at; raw fact"
    )
    overdue_excused = models.BooleanField(default=False, help_text="an appeal was accepted")

    returns = models.PositiveSmallIntegerField(default=0)
    returned_by: Any = ArrayField(
        models.BigIntegerField(), default=list, help_text="units that used their return"
    )
    extensions = models.PositiveSmallIntegerField(default=0)
    extension_stage = models.PositiveSmallIntegerField(
        default=0, help_text="0 none, 1 asked, 2 approved once"
    )
    extension_asked: Any = models.JSONField(null=True)
    suspensions = models.PositiveSmallIntegerField(default=0)
    suspension_until = models.DateField(null=True)
    objections = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    supervised = models.BooleanField(default=False)
    appeal_stage = models.PositiveSmallIntegerField(
        default=0, help_text="0 none, 1 asked, 2 reviewed once, 3 settled"
    )
    appeal_reviewer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    arbitrated = models.BooleanField(default=False)
    approved = models.BooleanField(default=False)
    reached = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.PositiveSmallIntegerField(null=True, help_text="1 dissatisfied .. 5 satisfied")
    has_contact = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_index=False)
    version = models.PositiveIntegerField(
        default=0, help_text="moves made; the next history number is version + 1"
    )

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [
            # The newest of whoever may see: each way to see a case (policy.py) in the order of time.
            models.Index(fields=["-reported_at"], name="case_reported"),
            models.Index(fields=["in_district", "-reported_at"], name="case_of_district"),
            models.Index(fields=["in_street", "-reported_at"], name="case_of_street"),
            models.Index(fields=["in_community", "-reported_at"], name="case_of_community"),
            models.Index(fields=["area", "-reported_at"], name="case_of_area"),
            models.Index(fields=["responsible", "-reported_at"], name="case_of_responsible"),
            models.Index(fields=["lead", "-reported_at"], name="case_of_lead"),
            models.Index(
                fields=["reported_by", "-reported_at"],
                condition=Q(reported_by__isnull=False),
                name="case_of_reporter",
            ),
            # The few that wait for somebody.
            models.Index(fields=["due_at"], condition=ALIVE, name="case_alive"),
            models.Index(fields=["in_street"], condition=ALIVE, name="case_alive_of_street"),
            models.Index(
                fields=["responsible", "due_at"], condition=Q(ended=False), name="case_open_by_unit"
            ),
            models.Index(fields=["yellow_at"], condition=Q(light="green"), name="case_to_yellow"),
            models.Index(fields=["timer_at"], condition=Q(timer_at__isnull=False), name="case_timer"),
            models.Index(fields=["lon", "lat"], condition=Q(ended=False), name="case_open_place"),
            models.Index(fields=["matter", "area"], name="case_matter_area"),
            models.Index(fields=["process"], condition=ALIVE, name="case_open_process"),
            models.Index(
                fields=["facility", "-reported_at"],
                condition=Q(facility__isnull=False),
                name="case_of_facility",
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="case_merged_into"
            ),
            models.Index(
                fields=["split_from"], condition=Q(split_from__isnull=False), name="case_split_from"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended=True)
                | Q(due_at__isnull=False, paused_until__isnull=True)
                | Q(due_at__isnull=True, paused_until__isnull=False, remaining_seconds__isnull=False),
                name="one_deadline_or_a_stated_pause",
            ),
            models.CheckConstraint(
                condition=Q(ended=False)
                | Q(due_at__isnull=True, timer_at__isnull=True, paused_until__isnull=True),
                name="ended_has_no_clock",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseWords(models.Model):
    """What a case is found by: tokens of its number, place, words and matter (engines.search).

    Apart from the case, because PostgreSQL uses no text index on a table with row rules. No role reads this table
    but through `wangge_cases_with` of rowsecurity.py, which answers ids alone; the row rules of the case then decide.
    """

    case = models.OneToOneField(Case, models.DO_NOTHING, primary_key=True, related_name="+")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="case_words")]


class CaseEvent(models.Model):
    """One entry of a case's history. Append-only: the database refuses changes and deletions.

    `after` holds the fields that the move changed, with their new values, so that folding the
    history gives the present state.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    move = models.CharField(max_length=40)
    source = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=30)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    actor_kind = models.CharField(max_length=10)
    role = models.CharField(max_length=30, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    unit_from = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    unit_to = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    data: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    public = models.BooleanField(default=False, help_text="shown on the reporter's status page")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="history_number")]


class Support(models.Model):
    """A supporting unit's share of a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="supports", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    task = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["unit", "-case"], name="support_of_unit")]
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="one_share_a_unit")]


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


class Photo(models.Model):
    """A picture of a case, encoded anew by us: no position data, no hidden payload."""

    class Use(models.TextChoices):
        REPORT = "report", _("上报照片")
        BEFORE = "before", _("处置前")
        AFTER = "after", _("处置后")
        CHECK = "check", _("核查照片")

    case = models.ForeignKey(Case, models.PROTECT, related_name="photos")
    use = models.CharField(max_length=10, choices=Use.choices)
    file = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "use", "sha256"], name="same_photo_once")]


class Responsibility(models.Model):
    """The responsibility list: class x area > lead unit; leading.py says which row goes first.

    A null matter means all matters of `duty`. `when` is a condition over leading.FACTS, "" for always, and
    `when_name` says it in words. `decided_in` names the case whose arbitration wrote the row.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="responsibilities")
    duty = models.CharField(max_length=30, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="responsibilities")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsibilities")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    decided_in = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    when = models.CharField(max_length=500, blank=True, db_default="", default="")
    when_name = models.CharField(max_length=80, blank=True, db_default="", default="")


class RepeatAlarm(models.Model):
    """The same place and class again soon after closing: shown to the supervisor."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="repeat_alarm")
    earlier = models.ForeignKey(Case, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager()


class Serial(models.Model):
    """Last case serial of a district and day."""

    district = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "day"], name="one_serial_a_day")]
