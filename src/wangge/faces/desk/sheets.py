"""Pages of uploaded lists share these: the form of the file, the form of the columns, the first rows, the way back."""

import io
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.domain.sheets.models import Batch
from wangge.domain.sheets.queries import WrongRow
from wangge.faces.desk.forms import errors
from wangge.faces.desk.forms.widgets import TableInput
from wangge.platform.errors import WanggeError
from wangge.platform.sheets.writing import XLSX, Column, Value, write_xlsx

Row = tuple[int, str, list[tuple[str, str]]]


def file_field(label: Any, help_text: Any) -> forms.FileField:
    """The list itself."""
    return forms.FileField(label=label, help_text=help_text, widget=TableInput())


class FileForm(forms.Form):
    """`key` is made when the form is opened, so that a second sending is the same list."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class ColumnsForm(forms.Form):
    """For each field, its column. `names`: field: what people call it; `unread`: columns that are not taken in."""

    def __init__(
        self, batch: Batch, names: Mapping[str, Any], data: Any = None, unread: Collection[str] = ()
    ) -> None:
        super().__init__(data, initial={name: str(at) for name, at in batch.columns.items()})
        choices = [
            (str(at), f"{_letter(at)}  {name}") for at, name in enumerate(batch.header) if name not in unread
        ]
        for name, label in names.items():
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", gettext_lazy("没有这一列")), *choices]
            )

    def columns(self) -> dict[str, int]:
        return {name: int(at) for name, at in self.cleaned_data.items() if at}


def taken(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What `act` makes of a form that is valid; None, with the faults at their fields, when it or the form refuses."""
    if form.is_valid():
        try:
            return act()
        except WanggeError as error:
            errors.show(form, error)
    return None


def preview(batch: Batch, rows: Iterable[list[str]], personal: Iterable[str]) -> list[list[str]]:
    """These rows; what tells who somebody is is covered."""
    covered = {batch.columns.get(name) for name in personal}
    return [["***" if at in covered and cell else cell for at, cell in enumerate(row)] for row in rows]


def shown(row: WrongRow, names: Mapping[str, Any]) -> Row:
    """A wrong row for the page: its number, what the check says, and what is wrong in which field."""
    return row.number, row.outcome, [(str(names[field]), text) for field, text in row.problems]


def way_back(batch: Batch, title: str, columns: list[Column], rows: Iterable[list[Value]]) -> FileResponse:
    """The rows to correct as a file named after the list."""
    out = io.BytesIO()
    write_xlsx(out, title, columns, rows)
    out.seek(0)
    name = f"{batch.file_name.rsplit('.', 1)[0]}-{_('有误')}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def _letter(at: int) -> str:
    """The spreadsheet's name of a column, from 0: A, B, …, AA."""
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)
