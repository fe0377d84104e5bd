"""A resident's own data, opened by receipt code and a code to the phone: what is kept, who looked, what to ask for."""

import io
import json
import time
import uuid
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES
from wangge.domain.register.queries.homes import address_of
from wangge.domain.register.services import own as services
from wangge.domain.register.services.own import Own
from wangge.faces.portal import limits
from wangge.faces.portal.views.receipt import Receipt, with_receipt
from wangge.platform.errors import NotFound, WanggeError
from wangge.platform.given import whole
from wangge.platform.sheets.writing import Column, write_xlsx

_KEPT_S = 30 * 60
_SESSION = "own"


def _signed_in(request: Any, receipt: Receipt) -> Own | None:
    """Who confirmed the phone of this very receipt in this browser, within half an hour."""
    kept = request.session.get(_SESSION) or {}
    if kept.get("receipt") != receipt.reporter.receipt_hash or kept.get("until", 0) < time.time():
        return None
    return services.own_of(receipt.reporter)


def _must(request: Any, receipt: Receipt) -> Own:
    found = _signed_in(request, receipt)
    if found is None:
        raise NotFound(_("请先用短信验证码确认是您本人。"))
    return found


def _url(receipt: Receipt) -> str:
    return reverse("portal:own", args=[receipt.code])


@require_safe
@with_receipt
def own(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """The way in, or what is kept about the person."""
    found = _signed_in(request, receipt)
    if found is None:
        context = {"receipt": receipt, "sent": "sent" in request.GET}
        return _private(render(request, "portal/own_door.html", context))
    return _page(request, receipt, found)


def _page(
    request: HttpRequest, receipt: Receipt, found: Own, refused: str = "", status: int = 200
) -> HttpResponse:
    contact = services.contact_of(receipt.reporter, found)
    residents = services.residents_of(receipt.reporter, found)
    looks = _looks(found)
    context = {
        "receipt": receipt,
        "contact": contact,
        "residents": [(one, address_of(one.household.dwelling)) for one in residents],
        "care": services.care_of(found),
        "looks": [look for look in looks if not look["own"]],
        # A page of the person's own writes a look for each kind of data: by the minute it was opened once.
        "own_looks": list(
            {look["at"].replace(second=0, microsecond=0): look for look in looks if look["own"]}.values()
        ),
        "corrections": services.corrections_of(found),
        "key": uuid.uuid4(),
        "done": _DONE.get(request.GET.get("done", ""), ""),
        "refused": refused,
        "words": request.POST.dict() if refused else {},
    }
    return _private(render(request, "portal/own.html", context, status=status))


_DONE = {
    "correct": gettext_lazy("更正已交给社区确认，结果会显示在这里。"),
    "withdraw": gettext_lazy("已撤回同意，这项照料已停止。"),
    "erase": gettext_lazy("已删除。"),
}


def _looks(found: Own) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "at": row.at,
            "unit": unit.name if unit else "",
            "role": ROLE_NAMES[Role(row.role)] if row.role in set(Role) else "",
            "purpose": row.purpose,
            "data_class": row.data_class,
            "own": row.user_id is None,
        }
        for row, unit in services.looks_at(found)
    ]


@require_POST
@with_receipt
def send(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """A code goes to the phone of the report."""
    limits.check(limits.ANSWERS, request)
    limits.count(limits.ANSWERS, request)
    try:
        services.send_code(receipt.reporter)
    except WanggeError as error:
        context = {"receipt": receipt, "refused": error.text}
        return _private(render(request, "portal/own_door.html", context, status=error.status))
    return redirect(f"{_url(receipt)}?sent")


@require_POST
@with_receipt
def confirm(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """The code is right: this browser is the person's for half an hour."""
    limits.check(limits.WRONG_CODES, request)
    if not services.confirm(receipt.reporter, request.POST.get("code", "")[:20]):
        limits.count(limits.WRONG_CODES, request)
        text = _("验证码不对或者已经过期。请核对短信，或重新发送。")
        context = {"receipt": receipt, "sent": True, "refused": text}
        return _private(render(request, "portal/own_door.html", context, status=422))
    request.session.cycle_key()
    request.session[_SESSION] = {"receipt": receipt.reporter.receipt_hash, "until": time.time() + _KEPT_S}
    return redirect(_url(receipt))


@require_POST
@with_receipt
def leave(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """The browser forgets who this was."""
    request.session.pop(_SESSION, None)
    return redirect(receipt.url)


@require_POST
@with_receipt
def act(request: HttpRequest, receipt: Receipt, what: str) -> HttpResponse:
    """Correct, ask why, withdraw a consent, erase; a refusal comes back with the person's words."""
    found = _must(request, receipt)
    given = request.POST
    number = whole(given.get("of", "")) or 0
    try:
        match what:
            case "correct":
                names = ("name", "phone")
                proposed: dict[str, object] = {name: given.get(name, "").strip() for name in names}
                proposed["birth_year"] = whole(given.get("birth_year", ""))
                services.correct(found, number, proposed)
            case "ask":
                key = uuid.UUID(given.get("key", ""))
                asked = services.ask_why(receipt.reporter, found, number, key, given.get("words", ""))
                return redirect(f"{reverse('portal:status', args=[asked.receipt_code])}?new")
            case "withdraw":
                services.withdraw(found, number)
            case "erase":
                services.erase(found, given.get("what", ""))
            case _:
                raise NotFound(_("没有这个操作。"))
    except (WanggeError, ValueError) as error:
        text = error.text if isinstance(error, WanggeError) else _("请重新打开这一页再试。")
        status = error.status if isinstance(error, WanggeError) else 422
        return _page(request, receipt, found, refused=text, status=status)
    return redirect(f"{_url(receipt)}?done={what}")


@require_POST
@with_receipt
def export(request: HttpRequest, receipt: Receipt, form: str) -> Any:
    """Everything that is kept about the person, for programs (JSON) or to read (xlsx)."""
    found = _must(request, receipt)
    contact = services.contact_of(receipt.reporter, found, "export")
    residents = services.residents_of(receipt.reporter, found, "export")
    facts: list[tuple[str, str, str]] = []
    if contact:
        about = _("这次上报留下的联系方式")
        facts += [(about, _("姓名"), str(contact.name)), (about, _("电话"), str(contact.phone))]
        facts.append((about, _("电子邮箱"), str(contact.email)))
    for one in residents:
        about = _("居民登记")
        facts += [
            (about, _("姓名"), str(one.name)),
            (about, _("电话"), str(one.phone)),
            (about, _("出生年份"), str(one.birth_year or "")),
            (about, _("与户主关系"), one.get_relation_display()),
            (about, _("户籍类别"), one.get_residence_display()),
            (about, _("住址"), address_of(one.household.dwelling)),
        ]
    for need in services.care_of(found):
        facts.append((_("照料申请"), f"{need.applied_on}", str(need.asks)))
    for look in _looks(found):
        when = f"{timezone.localtime(look['at']):%Y-%m-%d %H:%M}"
        purpose, seen = look["purpose"], look["data_class"]
        who = " ".join(filter(None, (look["unit"], str(look["role"]), _(purpose), _(seen))))
        facts.append((_("谁看过"), when, who))
    return _private(_file(facts, form))


def _file(facts: list[tuple[str, str, str]], form: str) -> HttpResponse | FileResponse:
    if form == "json":
        body = json.dumps(
            [{"about": about, "what": what, "value": value} for about, what, value in facts],
            ensure_ascii=False,
            indent=1,
        )
        answer = HttpResponse(body, content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer
    out = io.BytesIO()
    columns = [Column(_("类别"), 24), Column(_("项目"), 18), Column(_("内容"), 50)]
    write_xlsx(out, _("我的信息"), columns, iter(facts))
    out.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(out, as_attachment=True, filename="my-data.xlsx", content_type=kind)


def _private(answer: Any) -> Any:
    answer["Cache-Control"] = "no-store"
    return answer
