"""Closed lists of a case: channel, procedure, light."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
