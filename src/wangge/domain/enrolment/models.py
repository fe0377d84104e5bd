"""A list of households on its way into the register, and what came of it."""

import json
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.domain.access.models import Unit
from wangge.domain.access.scope import ScopedManager
from wangge.domain.places.models import Dwelling
from wangge.domain.register.models import Household, Resident
from wangge.domain.sheets.models import Batch
from wangge.platform.personal import PersonalTextField


class State(models.TextChoices):
    """Where a list stands. The three -ing states are the worker's."""

    COLUMNS = "columns", _("待核对列")
    CHECKING = "checking", _("检查中")
    CHECKED = "checked", _("待导入")
    MERGING = "merging", _("导入中")
    PAUSED = "paused", _("已暂停")
    DONE = "done", _("已导入")
    CANCELLED = "cancelled", _("已取消")
    UNDOING = "undoing", _("撤回中")
    UNDONE = "undone", _("已撤回")


class Outcome(models.TextChoices):
    """What the check says of a row. A household comes whole: `held` waits for another row of its household."""

    WAITING = "waiting", _("未检查")
    GOOD = "good", _("可以导入")
    SAME = "same", _("已经登记过")
    HELD = "held", _("同一户有错误的行，等它改好一起导入")
    WRONG = "wrong", _("有错误")


class Enrolment(Batch):
    """One uploaded list of households."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", help_text="whose columns are remembered"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.COLUMNS)
    unread: Any = models.JSONField(default=list, help_text="names of the columns that were not taken in")
    rows_read = models.PositiveIntegerField(help_text="rows of the list")
    stay_done = models.PositiveIntegerField(
        default=0, help_text="people who stay, because somebody worked on them"
    )


class EnrolmentRow(models.Model):
    """A row that is not yet registered; it goes when it is, or after seven days."""

    batch = models.ForeignKey(Enrolment, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="as the spreadsheet shows it")
    words = PersonalTextField(
        purpose=gettext_noop("把住户清单录入居民登记"),
        basis=gettext_noop("履行网格服务管理的法定职责"),
        data_class=gettext_noop("清单里的姓名、电话、住址等"),
        retention_days=7,
        counted_from=gettext_noop("上传"),
        max_chars=500_000,
    )
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.WAITING, db_default="waiting"
    )
    problems: Any = models.JSONField(
        default=list, db_default=[], help_text="[field, code, detail] each; no words of the row"
    )
    dwelling = models.ForeignKey(Dwelling, models.CASCADE, null=True, related_name="+", db_index=False)
    household = models.PositiveIntegerField(null=True, help_text="number of the household within the list")
    joins = models.BigIntegerField(
        null=True, help_text="household of the register in which the person lives already"
    )
    occupied = models.BooleanField(
        default=False, db_default=False, help_text="a household lives there, and the row names none"
    )

    IMPERSONAL = frozenset({"number", "outcome", "problems", "household", "joins", "occupied"})
    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["batch", "household"], name="enrolment_household")]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="enrolment_row_once")]

    def cells(self) -> tuple[list[str], list[int]]:
        """The texts of the row, and the columns that held formulas."""
        cells, formulas = json.loads(str(self.words))
        return cells, formulas


class Enrolled(models.Model):
    """A resident who came with a list; `household` where the list made it, null where it was there before."""

    batch = models.ForeignKey(Enrolment, models.PROTECT, related_name="enrolled", db_index=False)
    resident = models.OneToOneField(Resident, models.CASCADE, primary_key=True, related_name="+")
    household = models.ForeignKey(Household, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["batch", "resident"], name="enrolled_of_batch")]


class ColumnMemory(models.Model):
    """What a unit last said a column of this name is; "" for none."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    name = models.CharField(max_length=64, help_text="hash of the plain name")
    field = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="column_of_unit")]
