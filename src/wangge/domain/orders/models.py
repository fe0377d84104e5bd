"""A hotline's list of orders on its way to becoming cases, and the order that a case came from."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.domain.access.scope import ScopedManager
from wangge.domain.cases.models import Case
from wangge.domain.sheets.models import Batch
from wangge.platform.personal import PersonalTextField


class State(models.TextChoices):
    """Where an import stands. The three -ing states are the worker's."""

    COLUMNS = "columns", _("待核对列")
    CHECKING = "checking", _("检查中")
    CHECKED = "checked", _("待导入")
    IMPORTING = "importing", _("导入中")
    DONE = "done", _("已导入")
    CANCELLED = "cancelled", _("已取消")
    UNDOING = "undoing", _("撤回中")
    UNDONE = "undone", _("已撤回")


class Outcome(models.TextChoices):
    WAITING = "waiting", _("未检查")
    GOOD = "good", _("可以导入")
    SAME = "same", _("以前导入过")
    CHANGED = "changed", _("以前导入过，内容有变")
    WRONG = "wrong", _("有错误")


class OrderImport(Batch):
    """One uploaded list of orders."""

    source = models.CharField(max_length=40, help_text="whose order numbers these are, e.g. 12345")
    state = models.CharField(max_length=10, choices=State.choices, default=State.COLUMNS)
    layout = models.CharField(max_length=64, help_text="hash of the header")


class OrderRow(models.Model):
    """A row that is not yet a case; it goes when it has become one, or after seven days."""

    batch = models.ForeignKey(OrderImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="as the spreadsheet shows it")
    words = PersonalTextField(
        purpose=gettext_noop("把热线工单转为案件"),
        basis=gettext_noop("履行法定职责所必需"),
        data_class=gettext_noop("热线工单内容、姓名、电话"),
        retention_days=7,
        max_chars=500_000,
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    problems: Any = models.JSONField(default=list, help_text="[field, code, detail] each")

    IMPERSONAL = frozenset({"number", "outcome", "problems"})
    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="order_row_once")]

    def cells(self) -> list[str]:
        """The texts of the row."""
        found: list[str] = json.loads(str(self.words))
        return found


class Order(models.Model):
    """The hotline's order that a case came from: its own number and time."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="order")
    batch = models.ForeignKey(OrderImport, models.PROTECT, related_name="orders")
    source = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    received_at = models.DateTimeField(null=True, help_text="when the hotline took the call")
    digest = models.CharField(max_length=64, help_text="of the order's content, to see a later change")
    undone = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], condition=Q(undone=False), name="order_once")
        ]


class ColumnLayout(models.Model):
    """Which columns somebody said a header has, for the next list with the same header."""

    layout = models.CharField(max_length=64, unique=True)
    columns: Any = models.JSONField()
