"""The status page of one report: what a receipt code opens."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Reporter
from wangge.domain.access.serving import office_of
from wangge.domain.cases import services
from wangge.domain.cases.choices import reason_name
from wangge.domain.cases.models import Photo
from wangge.domain.cases.queries.looks import looks_at
from wangge.domain.cases.queries.progress import merged_progress, refusal_of
from wangge.domain.cases.queries.public import Status, reporter_of, status
from wangge.engines.codes import normalise_receipt_code
from wangge.faces.portal import limits, words
from wangge.faces.portal.forms import MoveForm
from wangge.faces.web import photos
from wangge.faces.web.qr import qr_of
from wangge.platform.errors import Invalid, NotFound, WanggeError
from wangge.platform.given import whole

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A right code with what it opens."""

    code: str
    reporter: Reporter
    found: Status

    @property
    def url(self) -> str:
        return reverse("portal:status", args=[self.code])


def with_receipt(view: View) -> View:
    """Gives the view the receipt of the code in the address; a wrong code is counted and answered kindly."""

    @wraps(view)
    def wrapped(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        limits.check(limits.WRONG_CODES, request)
        try:
            reporter = reporter_of(code)
            found = status(reporter)
        except NotFound as error:
            # Answered, not raised: the count must be kept.
            limits.count(limits.WRONG_CODES, request)
            page = {"code": code[:20], "text": error.text}
            return render(request, "portal/wrong_code.html", page, status=error.status)
        return view(request, Receipt(normalise_receipt_code(code), reporter, found), **kwargs)

    return wrapped


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The box "查进度": a code leads to its page, nothing to the box."""
    code = "".join(request.GET.get("code", "").split())[:40].replace("/", "")
    if code:
        return redirect("portal:status", code=code)
    return render(request, "portal/find.html")


@require_safe
@with_receipt
def show(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """Where the report stands, who has it, by when, and what the reporter may do."""
    return _page(request, receipt)


@require_safe
@with_receipt
def photo(request: HttpRequest, receipt: Receipt, photo_id: int) -> HttpResponse:
    """A picture of this report; any other's is not found."""
    row = next((row for row in receipt.found.photos if row.pk == photo_id and _shown(row)), None)
    if row is None:
        raise NotFound(_("没有找到这张照片。"))
    return photos.picture(row, small="small" in request.GET)


@require_POST
@with_receipt
def move(request: HttpRequest, receipt: Receipt, move: str) -> HttpResponse:
    """Rate, object or urge; refused input comes back with the person's words."""
    opened = next((found.move for found in receipt.found.moves if found.move.key == move), None)
    if opened is None:
        return _page(request, receipt, refused=words.TOO_LATE, status=409)
    form = MoveForm(opened, request.POST)
    form.is_valid()
    try:
        limits.check(limits.ANSWERS, request)
        case = receipt.found.case
        services.answer(receipt.reporter, case.pk, move, form.given(), version=_version(request))
    except Invalid as error:
        for name, text in error.fields.items():
            form.add_error(name if name in form.fields else None, text)
        return _page(request, receipt, form, status=error.status)
    except WanggeError as error:
        return _page(request, receipt, form, refused=error.text, status=error.status)
    limits.count(limits.ANSWERS, request)
    return redirect(f"{receipt.url}?done={move}#done")


def _version(request: HttpRequest) -> int | None:
    """The version of the case that the person saw."""
    return whole(request.POST.get("version", ""))


def _page(
    request: HttpRequest,
    receipt: Receipt,
    bound: MoveForm | None = None,
    refused: Any = "",
    status: int = 200,
) -> HttpResponse:
    found, case = receipt.found, receipt.found.case
    stands, follows = words.STATES.get(case.state, ("", ""))
    page = {
        "receipt": receipt,
        "case": case,
        "state": found.state,
        "found": found,
        "stands": stands,
        "follows": follows,
        "steps": words.steps(found.state),
        "deadline": words.deadline(case),
        "office": office_of(case.area),
        "entries": [words.entry_of(event, case.condition) for event in reversed(found.events)],
        "report_photos": _strip(receipt, Photo.Use.REPORT),
        "result_photos": _strip(receipt, Photo.Use.BEFORE, Photo.Use.AFTER),
        "forms": _forms(receipt, bound),
        "merged": merged_progress(case),
        "refusal": _refusal(case),
        "looks": looks_at(case.pk) if case.has_contact else [],
        "is_new": "new" in request.GET,
        "done": words.DONE.get(request.GET.get("done", ""), ""),
        "refused": refused,
        "qr": qr_of(receipt.url) if "new" in request.GET else "",
    }
    return render(request, "portal/status.html", page, status=status)


def _forms(receipt: Receipt, bound: MoveForm | None) -> list[MoveForm]:
    """A form for each open move; the one that was refused keeps its words."""
    moves = [opened.move for opened in receipt.found.moves]
    return [bound if bound and bound.move.key == move.key else MoveForm(move) for move in moves]


def _refusal(case: Any) -> dict[str, Any] | None:
    if case.state != "refused":
        return None
    value, note = refusal_of(case)
    return {"reason": reason_name(value), "note": note}


# Pictures of a check are for those who check.
def _shown(row: Photo) -> bool:
    return row.use in (Photo.Use.REPORT, Photo.Use.BEFORE, Photo.Use.AFTER)


def _strip(receipt: Receipt, *uses: str) -> list[dict[str, str]]:
    rows = [row for row in receipt.found.photos if row.use in uses]
    return [
        {
            "url": (url := reverse("portal:photo", args=[receipt.code, row.pk])),
            "thumb": f"{url}?small",
            "caption": "",
            "alt": str(Photo.Use(row.use).label),
        }
        for row in rows
    ]
