"""The responsibility list: which unit leads which class of case in an area."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.access.models import Unit
from wangge.domain.access.queries import units_serving
from wangge.domain.cases.leading import FACTS, LONGEST_CONDITION, applies, example_facts, when_faults
from wangge.domain.cases.models import Responsibility
from wangge.domain.cases.queries.responsibility import arbitration_numbers, rows_set_in
from wangge.domain.cases.queries.responsibility import matrix as matrix_of
from wangge.domain.cases.services import dispatching
from wangge.domain.catalogue.models import Matter, Subject
from wangge.domain.catalogue.words import DUTIES
from wangge.domain.places.models import Area
from wangge.faces.desk.admin_pages import (
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
    revision_guard,
)
from wangge.faces.desk.forms.widgets import DayField
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


class WhenField(forms.CharField):
    """A condition of the list, checked on the server while it is typed."""

    def __init__(self) -> None:
        check = {"hx-get": reverse_lazy("desk:check-when"), "hx-trigger": "input changed delay:300ms"}
        super().__init__(
            label=gettext_lazy("什么时候用这一条"),
            max_length=LONGEST_CONDITION,
            required=False,
            help_text=gettext_lazy("不填就是任何时候。例如 case.hour >= 22 || case.emergency"),
            widget=forms.TextInput(
                attrs={"hx-target": "#when-check", "autocomplete": "off", "spellcheck": "false", **check}
            ),
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

    when = WhenField()
    when_name = forms.CharField(
        label=gettext_lazy("条件说明"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("例如：夜间或应急。派遣员看到的就是这句话。"),
    )

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit_id"].choices = [  # type: ignore[attr-defined]
            (unit.pk, _unit_words(unit)) for unit in units_serving(area)
        ]


class DutyRowForm(RowForm):
    duty = forms.ChoiceField(label=gettext_lazy("职责领域"), choices=list(DUTIES.items()))
    field_order = ("duty", "unit_id", "starts_on", "note", "when", "when_name")


def new_row(request: Any) -> HttpResponse:
    """Give a duty, or with `?matter=` one matter, to a unit in the area of the address."""
    must_administer(request)
    area = area_bar(request).area
    matter = Matter.objects.filter(pk=asked_id(request, "matter") or 0).first()
    initial = {"starts_on": clock.today(), "duty": request.GET.get("duty")}
    form = (RowForm if matter else DutyRowForm)(area, posted(request), initial=initial)
    guard = revision_guard(request, Subject.DUTIES, area.pk)
    back = f"{reverse('desk:responsibility')}?area={area.pk}"
    if request.method == "POST" and form.submit(
        lambda **v: dispatching.set_responsibility(
            request.actor, area_id=area.pk, matter_id=matter.pk if matter else None, **v
        ),
        guard,
    ):
        return done(request, _("已写入责任清单。"), back)
    what = named(matter) if matter else _("一个职责领域")
    title = _("%(area)s：%(what)s由谁主办") % {"area": area.name, "what": what}
    note = _("先看单个事项的规定，再看职责领域的；同样的，近处的区划在先，带条件的在先，新写的在先。")
    return form_page(request, form, title=title, back=back, note=note, guard=guard, **when_part())


def when_part() -> dict[str, Any]:
    """What stands below a form with a condition: the names it may read, and the place of the answer."""
    return {"part": "desk/admin/when_help.html", "facts": FACTS}


def check_when(request: Any) -> HttpResponse:
    """While a condition is typed: what is wrong with it, or what it says of the example values."""
    must_administer(request)
    source = request.GET.get("when", "").strip()
    found = when_faults(source) if source else []
    holds = None
    if source and not found:
        row = Responsibility(when=source)
        holds = applies(row, example_facts(request.GET.dict()))
    return page(request, "when_check.html", source=source, faults=found, holds=holds)


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
