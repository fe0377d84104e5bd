"""A list of staff: upload, look over, carry out; first passwords are in one download and nowhere else."""

import io
from dataclasses import astuple
from typing import Any

from django import forms
from django.core import signing
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wangge.domain.access import staff_list
from wangge.faces.desk.admin_pages import done, form_status, must_administer, page, posted
from wangge.faces.desk.forms import errors
from wangge.faces.desk.forms.widgets import TableInput
from wangge.faces.desk.views.people import first_password
from wangge.platform.errors import WanggeError
from wangge.platform.sheets.writing import XLSX, Column, write_xlsx

_SALT = "staff list"
_KEPT_SECONDS = 3600
DOES = {
    "new": gettext_lazy("新建账号和岗位"),
    "post": gettext_lazy("加一个岗位"),
    "changed": gettext_lazy("改结束日期"),
    "same": gettext_lazy("已有，不变"),
    "wrong": gettext_lazy("有错误"),
}


class StaffListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("人员清单"),
        help_text=gettext_lazy("xlsx、xls、ods 或 csv，一行一个岗位，最多 500 行。"),
        widget=TableInput(),
    )


@require_http_methods(["GET", "POST"])
def staff(request: Any) -> HttpResponse | FileResponse:
    """The upload, the look, and carrying out what was looked at: the list itself travels signed in the form."""
    must_administer(request)
    if "lines" in request.POST:
        return _carry_out(request)
    form = StaffListForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _looked(request, staff_list.lines_of(form.cleaned_data["file"].read()))
        except WanggeError as error:
            errors.show(form, error)
    return page(request, "staff_list.html", form=form, status=form_status(form))


def _looked(request: Any, lines: list[staff_list.Line], problem: str = "") -> HttpResponse:
    looked = staff_list.look(request.actor, lines)
    counts = {key: sum(one.does == key for one in looked) for key in DOES}
    return page(
        request,
        "staff_list.html",
        form=StaffListForm(),
        looked=[(one, DOES[one.does]) for one in looked],
        counts=[(DOES[key], count) for key, count in counts.items() if count],
        wrong=counts["wrong"],
        acts=counts["new"] + counts["post"] + counts["changed"],
        new=counts["new"],
        problem=problem,
        token=signing.dumps([astuple(line) for line in lines], salt=_SALT, compress=True),
    )


def _carry_out(request: Any) -> HttpResponse | FileResponse:
    try:
        rows = signing.loads(request.POST["lines"], salt=_SALT, max_age=_KEPT_SECONDS)
    except signing.BadSignature:
        return done(request, _("这一页打开太久了，请重新上传清单。"), reverse("desk:staff-list"))
    lines = [staff_list.Line(*row) for row in rows]
    try:
        made = staff_list.carry_out(request.actor, lines, first_password)
    except WanggeError as error:
        # Somebody else changed accounts meanwhile; nothing was written.
        return _looked(request, lines, error.text)
    if not made:
        return done(request, _("清单已办理，没有新账号。"), reverse("desk:users"))
    out = io.BytesIO()
    columns = [Column(_("账号")), Column(_("姓名")), Column(_("首次密码"), 24)]
    write_xlsx(out, _("首次密码"), columns, [(user.username, user.name, password) for user, password in made])
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{_('首次密码')}.xlsx", content_type=XLSX)


@require_safe
def template(request: Any) -> FileResponse:
    """An empty list with one row to show how."""
    must_administer(request)
    out = io.BytesIO()
    columns = [Column(name) for name in staff_list.TEMPLATE]
    write_xlsx(
        out,
        _("人员清单"),
        columns,
        [["zhangsan", _("张三"), _("网格员"), _("单位全称"), "440105008001001", "2026-12-01", ""]],
    )
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{_('人员清单')}.xlsx", content_type=XLSX)
