"""A notice in one good sentence, by its kind."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.domain.cases.services.processes import definitions_in_use
from wangge.domain.office.models import Notice
from wangge.platform.language import named

SENTENCES: dict[str, str | Promise] = {
    "report": _("有新的上报，请受理"),
    "settle": _("网格员已当场解决，请核查"),
    "file": _("已立案，请派遣"),
    "file_emergency": _("应急事件已立案派遣，请立即处置"),
    "ask_check": _("请到现场核实"),
    "report_check": _("现场核实已反馈，请受理"),
    "propose_refusal": _("建议不予立案，请复核"),
    "overturn_refusal": _("复核认为应予立案，请受理"),
    "approve_station": _("社区已同意，请审批"),
    "approve_street": _("街道已同意，请审批"),
    "end_publicity": _("公示期满，请派遣"),
    "stop_publicity": _("公示中有异议，请重新审批"),
    "dispatch": _("有案件派给本单位，请接单"),
    "escalate": _("下级上报的案件，请派遣"),
    "send_down": _("案件已下派，请派遣"),
    "return": _("案件被退单，请处理"),
    "recall": _("派遣已撤回，请重新派遣"),
    "arbitrate": _("已裁定责任单位，请接单"),
    "accept": _("案件已接单"),
    "finish": _("处置完成，请核查"),
    "ask_extension": _("有延期申请，请审批"),
    "approve_extension": _("延期申请已初审，请复审"),
    "grant_extension": _("延期已批准"),
    "refuse_extension": _("延期未获批准"),
    "ask_suspension": _("有挂账申请，请审批"),
    "approve_suspension": _("挂账已批准"),
    "refuse_suspension": _("挂账未获批准，请继续处置"),
    "resume": _("案件恢复办理"),
    "pass_check": _("核查已通过"),
    "fail_check": _("核查不通过，请返工"),
    "call_back": _("回访已记录"),
    "rate": _("上报人已评价"),
    "object": _("上报人提出异议，请重新处置"),
    "urge": _("案件被催办，请尽快办理"),
    "supervise": _("案件被督办，请按要求办理"),
    "comment": _("领导有批示，请查看"),
    "raise_alarm": _("案件升级为应急，请立即处置"),
    "appeal": _("有超期申诉，请审查"),
    "review_appeal": _("超期申诉已初审，请复审"),
    "timer_remind": _("这一步还没有办，请尽快办理"),
    "timer_escalate": _("案件逾期未办，已上报上级"),
    "yellow": _("案件即将到期"),
    "red": _("案件已超期"),
    "repeat": _("同一地点同类问题再次发生"),
    "handover": _("有交接单等您接收"),
    "handover_accepted": _("交接单已被接收"),
    "handover_sent_back": _("交接单被退回，请补充后重新交出"),
    "process_published": _("办理流程有新版本，新的事件按新版本办理"),
    "webhook_disabled": _("推送地址多日送不到，已停用，请联系对方系统"),
    "new_device": _("您的账号在一台新设备上登录。不是您本人时，请立即结束那次登录并修改密码"),
    "account_locked": _("您的账号输错次数太多，曾被暂时锁定。不是您本人时，请修改密码"),
    "factor_added": _("您的账号添加了第二步验证。不是您本人时，请立即找平台管理员"),
    "factor_removed": _("您的账号移除了第二步验证。不是您本人时，请立即找平台管理员"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as its row shows it."""

    notice: Notice
    sentence: str
    url: str


def lines(notices: Iterable[Notice]) -> list[Line]:
    return [line(notice) for notice in notices]


def line(notice: Notice) -> Line:
    url = reverse("desk:case", args=[notice.case_id]) if notice.case_id else reverse("mfa_index")
    if handover := notice.params.get("handover"):
        url = reverse("desk:handover", args=[handover])
    if process := notice.params.get("process"):
        url = reverse("desk:process", args=[process])
    if notice.kind == "bulk_reading":
        url = reverse("desk:notices")
    if notice.kind == "diary_digest":
        url = f"{reverse('desk:diary-week')}?day={notice.params['monday']}"
    if notice.kind == "webhook_disabled":
        url = reverse("desk:client", args=[notice.params["client"]])
    return Line(notice, sentence(notice), url)


def sentence(notice: Notice) -> str:
    """The words of the kind; for a move of an installation's own process, its name."""
    if notice.kind == "bulk_reading":
        words = _("%(name)s今天查看了 %(count)s 人次的居民信息，平时约 %(usual)s。请了解原因")
        return str(words) % notice.params
    if notice.kind == "diary_digest":
        words = _("上周记了 %(notes)s 条民情日记，其中 %(cases)s 条转为案件，看一周摘要")
        return str(words) % notice.params
    if notice.kind in SENTENCES:
        return str(SENTENCES[notice.kind])
    for _pk, definition in definitions_in_use():
        if definition.has_move(notice.kind):
            return named(definition.move(notice.kind))
    return str(_("案件有新进展"))
