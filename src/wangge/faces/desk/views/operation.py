"""How the installation runs, in plain words, for administrators."""

from dataclasses import dataclass
from typing import Any

import django
from django.db import connection
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.office.queries import failed_mail
from wangge.domain.office.services.mail import try_failed_again
from wangge.faces.desk.admin_pages import done, must_administer, page
from wangge.platform.health import Health, measure
from wangge.platform.outbox.services import try_given_up_again
from wangge.platform.slow import slowest

_PARTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "delivery": (
        gettext_lazy("通知投递"),
        gettext_lazy(
            "后台程序没有在投递通知和邮件。请在服务器上检查 wangge worker（或 wangge serve）是否在运行。"
        ),
    ),
    "jobs": (
        gettext_lazy("后台任务"),
        gettext_lazy(
            "后台程序没有在运行定时任务。请在服务器上检查 wangge worker（或 wangge serve）是否在运行。"
        ),
    ),
    "sweep": (
        gettext_lazy("时限巡检"),
        gettext_lazy("超期提醒和升级已停。后台程序正常时，请看日志中 cases.sweep 的错误。"),
    ),
    "webhooks": (
        gettext_lazy("事件推送"),
        gettext_lazy(
            "登记了推送地址的系统收不到事件。请在服务器上检查 wangge worker（或 wangge serve）是否在运行。"
        ),
    ),
    "outbox": (
        gettext_lazy("待投递的消息"),
        gettext_lazy("消息积压，当事人还没有收到通知。后台程序正常时会自己赶上；一直不减少请看日志。"),
    ),
    "disk": (
        gettext_lazy("磁盘空间"),
        gettext_lazy("剩余空间不足 1 GB，照片和数据库将写不进去。请清理磁盘或扩容。"),
    ),
}
_DATABASE = """
    SELECT pg_database_size(current_database()), current_setting('server_version'),
           pg_postmaster_start_time()
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the installation: how it stands in words, and what to do when it is red."""

    name: str
    late: bool
    state: str
    advice: str


@require_safe
def operation(request: Any) -> HttpResponse:
    """Everything /healthz looks at, with what to do, and the statements that cost most (3 statements of its own)."""
    must_administer(request)
    health = measure()
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        size, version, since = cursor.fetchone()
    return page(
        request,
        "operation.html",
        health=health,
        rows=[_row(health, name) for name in _PARTS],
        database={"size": filesizeformat(size), "version": version, "since": since},
        django_version=django.get_version(),
        slow=slowest(),
        failed_mail=failed_mail(),
    )


@require_POST
def deliver_again(request: Any) -> HttpResponse:
    """Messages that were given up are tried anew."""
    must_administer(request)
    count = try_given_up_again()
    return done(request, _("已重新投递 %d 条消息。") % count, "desk:operation")


@require_POST
def send_again(request: Any) -> HttpResponse:
    """Mail that failed for good is tried anew."""
    must_administer(request)
    count = try_failed_again()
    return done(request, _("已重新发送 %d 封邮件。") % count, "desk:operation")


def _row(health: Health, name: str) -> Row:
    title, advice = _PARTS[name]
    late = name in health.late
    return Row(str(title), late, _state(health, name), str(advice) if late else "")


def _state(health: Health, name: str) -> str:
    if name == "outbox":
        return _("%d 条等待") % health.waiting
    if name == "disk":
        return _("剩余 %s") % filesizeformat(health.disk_free)
    age = getattr(health, f"{name}_s")
    if name == "webhooks" and age is None:
        return _("没有系统登记推送地址")
    return _("从未运行") if age is None else _("%d 秒前") % age
