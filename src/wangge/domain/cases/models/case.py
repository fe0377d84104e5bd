"""The case and the words it is found by."""

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, NullIf

from wangge.domain.access.models import Unit, User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.cases.models.kinds import Channel, Light, Procedure
from wangge.domain.cases.models.processes import Process
from wangge.domain.catalogue.models import Condition, Matter
from wangge.domain.places.models import LEVELS, Area, Facility, Level

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
            # The newest of whoever may see: each way to see a case (access/policy/cases.py) in the order of time.
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


class Serial(models.Model):
    """Last case serial of a district and day."""

    district = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "day"], name="one_serial_a_day")]
