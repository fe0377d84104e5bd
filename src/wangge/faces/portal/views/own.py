"""A resident's own data, opened by a code to the phone, with a receipt or without: what is kept, who looked, what to ask
for."""

import io
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Reporter, Role
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


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes to their data: by the receipt of a report, or by their phone alone."""

    receipt: Receipt | None
    reporter: Reporter

    def url(self, name: str = "", *words: str) -> str:
        """The address of this page or of one below it."""
        end = f"-{name}" if name else ""
        if self.receipt is None:
            return reverse(f"portal:mine{end}", args=words)
        return reverse(f"portal:own{end}", args=[self.receipt.code, *words])

    @property
    def back(self) -> str:
        return self.receipt.url if self.receipt else reverse("portal:home")


def _with_way(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the way that the address names; without a receipt, of whoever was confirmed in this browser."""

    @with_receipt
    def by_receipt(request: HttpRequest, receipt: Receipt, **given: Any) -> HttpResponse:
        return view(request, Way(receipt, receipt.reporter), **given)

    @wraps(view)
    def wrapped(request: HttpRequest, code: str | None = None, **given: Any) -> HttpResponse:
        if code is not None:
            return by_receipt(request, code=code, **given)
        kept = request.session.get(_SESSION) or {}
        return view(request, Way(None, Reporter(kept.get("receipt", ""))), **given)

    return wrapped


def _signed_in(request: Any, way: Way) -> Own | None:
    """Who confirmed the phone in this browser, for this very receipt or for none, within half an hour."""
    kept = request.session.get(_SESSION) or {}
    if kept.get("receipt") != way.reporter.receipt_hash or kept.get("until", 0) < time.time():
        return None
    if way.receipt:
        return services.own_of(way.reporter) if "residents" not in kept else None
    return Own(None, tuple(kept["residents"])) if "residents" in kept else None


def _must(request: Any, way: Way) -> Own:
    found = _signed_in(request, way)
    if found is None:
        raise NotFound(_("请先用短信验证码确认是您本人。"))
    return found


@require_safe
@_with_way
def own(request: HttpRequest, way: Way) -> HttpResponse:
    """The way in, or what is kept about the person."""
    found = _signed_in(request, way)
    return _door(request, way, sent="sent" in request.GET) if found is None else _page(request, way, found)


def _door(
    request: HttpRequest, way: Way, *, sent: bool, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {"way": way, "sent": sent, "refused": refused, "given": request.POST}
    return _private(render(request, "portal/own_door.html", context, status=status))


def _page(request: HttpRequest, way: Way, found: Own, refused: str = "", status: int = 200) -> HttpResponse:
    contact = services.contact_of(way.reporter, found)
    residents = services.residents_of(way.reporter, found)
    looks = _looks(found)
    context = {
        "way": way,
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
@_with_way
def send(request: HttpRequest, way: Way) -> HttpResponse:
    """A code goes to the phone of the report, or to the one that was typed."""
    limits.check(limits.ANSWERS, request)
    limits.count(limits.ANSWERS, request)
    try:
        if way.receipt:
            services.send_code(way.reporter)
            return redirect(f"{way.url()}?sent")
        services.send_code_to(request.POST.get("phone", "")[:40])
    except WanggeError as error:
        return _door(request, way, sent=False, refused=error.text, status=error.status)
    # Not by an address: a phone stands in no address.
    return _door(request, way, sent=True)


@require_POST
@_with_way
def confirm(request: HttpRequest, way: Way) -> HttpResponse:
    """The code is right: this browser is the person's for half an hour."""
    limits.check(limits.WRONG_CODES, request)
    given = request.POST
    phone, name = given.get("phone", "")[:40], given.get("name", "")[:40]
    try:
        reporter = way.reporter if way.receipt else services.by_phone(phone)
    except WanggeError as error:
        return _door(request, way, sent=False, refused=error.text, status=error.status)
    if not services.confirm(reporter, given.get("code", "")[:20]):
        limits.count(limits.WRONG_CODES, request)
        text = _("验证码不对或者已经过期。请核对短信，或重新发送。")
        return _door(request, way, sent=True, refused=text, status=422)
    kept: dict[str, Any] = {"receipt": reporter.receipt_hash, "until": time.time() + _KEPT_S}
    if way.receipt is None:
        kept["residents"] = services.residents_with(phone, name)
    request.session.cycle_key()
    request.session[_SESSION] = kept
    return redirect(way.url())


@require_POST
@_with_way
def leave(request: HttpRequest, way: Way) -> HttpResponse:
    """The browser forgets who this was."""
    request.session.pop(_SESSION, None)
    return redirect(way.back)


@require_POST
@_with_way
def act(request: HttpRequest, way: Way, what: str) -> HttpResponse:
    """Correct, ask why, withdraw a consent, erase; a refusal comes back with the person's words."""
    found = _must(request, way)
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
                asked = services.ask_why(way.reporter, found, number, key, given.get("words", ""))
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
        return _page(request, way, found, refused=text, status=status)
    return redirect(f"{way.url()}?done={what}")


@require_POST
@_with_way
def export(request: HttpRequest, way: Way, form: str) -> Any:
    """Everything that is kept about the person, for programs (JSON) or to read (xlsx)."""
    found = _must(request, way)
    contact = services.contact_of(way.reporter, found, "export")
    residents = services.residents_of(way.reporter, found, "export")
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
