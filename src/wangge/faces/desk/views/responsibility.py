"""The responsibility list: which unit leads which class of case in an area."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.access.models import Unit
from wangge.domain.access.queries import units_serving
from wangge.domain.cases.models import Responsibility
from wangge.domain.cases.queries.responsibility import arbitration_numbers, rows_set_in
from wangge.domain.cases.queries.responsibility import matrix as matrix_of
from wangge.domain.cases.services import dispatching
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.words import DUTIES
from wangge.domain.places.models import Area
from wangge.faces.desk.admin_pages import (
    DayField,
    ServiceForm,
    area_bar,
    asked_day,
    asked_id,
    attempt,
    done,
    form_page,
    must_administer,
    page,
    posted,
)
from wangge.platform import clock
from wangge.platform.language import named


def matrix(request: Any) -> HttpResponse:
    """Duty by duty: the unit that leads in this area on a day, where that comes from, and what is open."""
    bar, day = area_bar(request), asked_day(request)
    blocks = matrix_of(bar.area, day)
    own = list(rows_set_in(bar.area))
    applied = [line.row for block in blocks for line in (block.line, *block.exceptions) if line.row]
    return page(
        request,
        "responsibility.html",
        bar=bar,
        day=day,
        blocks=blocks,
        gaps=sum(len(block.gaps) for block in blocks),
        own=own,
        numbers=arbitration_numbers([*applied, *own]),
    )


class RowForm(ServiceForm):
    unit_id = forms.TypedChoiceField(label=gettext_lazy("主办单位"), coerce=int)
    starts_on = DayField(label=gettext_lazy("从哪天起"))
    note = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("例如三定方案、会议纪要的文号。"),
    )

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit_id"].choices = [  # type: ignore[attr-defined]
            (unit.pk, _unit_words(unit)) for unit in units_serving(area)
        ]


class DutyRowForm(RowForm):
    duty = forms.ChoiceField(label=gettext_lazy("职责领域"), choices=list(DUTIES.items()))
    field_order = ("duty", "unit_id", "starts_on", "note")


def new_row(request: Any) -> HttpResponse:
    """Give a duty, or with `?matter=` one matter, to a unit in the area of the address."""
    must_administer(request)
    area = area_bar(request).area
    matter = Matter.objects.filter(pk=asked_id(request, "matter") or 0).first()
    initial = {"starts_on": clock.today(), "duty": request.GET.get("duty")}
    form = (RowForm if matter else DutyRowForm)(area, posted(request), initial=initial)
    back = f"{reverse('desk:responsibility')}?area={area.pk}"
    if request.method == "POST" and form.submit(
        lambda **v: dispatching.set_responsibility(
            request.actor, area_id=area.pk, matter_id=matter.pk if matter else None, **v
        )
    ):
        return done(request, _("已写入责任清单。"), back)
    what = named(matter) if matter else _("一个职责领域")
    title = _("%(area)s：%(what)s由谁主办") % {"area": area.name, "what": what}
    note = _("本级的规定优先于上级的；事项的规定优先于职责领域的。")
    return form_page(request, form, title=title, back=back, note=note)


@require_POST
def end_row(request: Any, row_id: int) -> HttpResponse:
    """Take a row out of the list from today on."""
    must_administer(request)
    row = get_object_or_404(Responsibility, pk=row_id)
    return attempt(
        request,
        lambda: dispatching.end_responsibility(request.actor, row_id),
        _("已从清单中停用，历史仍可查。"),
        f"{reverse('desk:responsibility')}?area={row.area_id}",
    )


def _unit_words(unit: Unit) -> str:
    duty = str(DUTIES.get(unit.duty, ""))
    return _("%(name)s（%(more)s）") % {"name": unit.name, "more": duty} if duty else unit.name
