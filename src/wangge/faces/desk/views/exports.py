"""Lists of cases as spreadsheets: short ones at once, long ones by the worker while a page shows how far it is."""

import tempfile
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.domain.cases.queries import lists
from wangge.domain.exports import queries, services
from wangge.domain.exports.models import ListFile
from wangge.domain.exports.rules import AT_ONCE, MOST
from wangge.faces.desk.admin_pages import ServiceForm, form_page, posted
from wangge.faces.desk.views.papers import filter_words
from wangge.platform import clock
from wangge.platform.sheets.writing import XLSX

Asked = dict[str, str]


@require_safe
def export(request: Any) -> HttpResponse | FileResponse:
    """The list as a spreadsheet: what the filters show inside the actor's scope. Who took what is logged."""
    return _book(request, _of_list(request))


@require_safe
def export_work(request: Any) -> HttpResponse | FileResponse:
    """My work as a spreadsheet."""
    return _book(request, {"work": request.GET.get("asked", "")[:60]})


def new_list(request: Any) -> HttpResponse:
    """Ask the worker for a list that is too long to wait for."""
    asked = {"work": request.GET["work"][:60]} if "work" in request.GET else _of_list(request)
    form = ServiceForm(posted(request))

    def act() -> ListFile:
        key = form.cleaned_data["key"] or uuid.uuid4()
        return services.start(request.actor, key, asked, _words(request, asked))

    if request.method == "POST" and form.submit(act):
        return redirect("desk:list-file", form.result.pk)
    back = reverse("desk:work") if "work" in asked else f"{reverse('desk:cases')}?{urlencode(asked)}"
    note = _("这份清单超过 %(n)d 件，由后台写成表格，最多 %(most)d 件；写好就能下载，中间可以离开。") % {
        "n": AT_ONCE,
        "most": MOST,
    }
    return form_page(request, form, title=_("导出案件清单"), back=back, note=note, action=_("开始导出"))


@require_safe
def list_file(request: Any, list_id: int) -> HttpResponse:
    """How far a list is; while the worker is at it, only the part that changes is asked for again."""
    template = "desk/parts/list_file.html" if request.htmx else "desk/list_file.html"
    return render(request, template, {"list": queries.list_file(list_id)})


@require_safe
def take_list(request: Any, list_id: int) -> FileResponse:
    """The finished list."""
    return _download(services.take(request.actor, list_id).open("rb"))


def _book(request: Any, asked: Asked) -> HttpResponse | FileResponse:
    if services.is_long(request.actor, asked):
        return redirect(f"{reverse('desk:new-list')}?{urlencode(asked)}")
    out = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 - the answer closes it
    services.write_at_once(request.actor, asked, _words(request, asked), out)
    out.seek(0)
    return _download(out)


def _download(file: Any) -> FileResponse:
    day = timezone.localtime(clock.now()).strftime("%Y%m%d-%H%M")
    name = f"{_('案件清单')}-{day}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _of_list(request: Any) -> Asked:
    filters = lists.Filters.from_query(request.GET)
    return {name: value for name in filters.__slots__ if (value := getattr(filters, name))}


def _words(request: Any, asked: Asked) -> str:
    if "work" in asked:
        return _("我的工作")
    return " ".join(filter_words(request, lists.Filters.from_query(asked)))
