"""Process definitions for reading: versions and drafts, the diagram, states, moves, and what differs."""

import difflib
import json
from dataclasses import dataclass
from typing import Any

import tomli_w
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from wangge.domain.access.policy import may_administer
from wangge.domain.cases.models import Process, ProcessDraft
from wangge.domain.cases.services.processes import built_in, definition_of, has_update
from wangge.domain.cases.vocabulary import VOCABULARY
from wangge.engines.flow import Definition, check, draw
from wangge.faces.desk.admin_pages import must_administer, page
from wangge.faces.desk.process_words import change_rows, part_rows
from wangge.platform.language import english


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a version, a draft, or the product's own process, by its place in the address."""

    ref: str
    name: str
    data: dict[str, Any]


def versions(request: Any) -> HttpResponse:
    """All published versions, the newest first, and for administrators the drafts."""
    rows = Process.objects.select_related("published_by").order_by("key", "-version")
    shown = [(row, row.definition) for row in rows]
    drafts = []
    if may_administer(request.actor):
        drafts = list(open_drafts().select_related("based_on", "edited_by"))
    update = bool(shown) and may_administer(request.actor) and has_update()
    return page(request, "processes.html", rows=shown, drafts=drafts, update=update)


def open_drafts() -> Any:
    """Drafts neither published nor put away, the one edited last first."""
    return ProcessDraft.objects.filter(published__isnull=True, discarded_at__isnull=True).order_by(
        "-edited_at"
    )


def process(request: Any, process_id: int) -> HttpResponse:
    """One version: its diagram and tables."""
    found = get_object_or_404(Process.objects.select_related("published_by"), pk=process_id)
    definition = definition_of(process_id)
    return page(
        request,
        "process.html",
        process=found,
        definition=definition,
        diagram=draw(definition, "en" if english() else "zh"),
        problems=check(definition, VOCABULARY),
        parts=part_rows(definition, []),
        earlier=Process.objects.filter(key=found.key, version__lt=found.version).order_by("-version").first(),
    )


def compare(request: Any) -> HttpResponse:
    """Two versions or drafts, in words and as text."""
    must_administer(request)
    sides = _sides()
    before, after = (_side(sides, request.GET.get(name, "")) for name in ("before", "after"))
    old, new = (
        tomli_w.dumps(Definition.from_data(side.data).to_data()).splitlines() for side in (before, after)
    )
    text = "\n".join(difflib.unified_diff(old, new, before.name, after.name, lineterm="", n=2))
    rows = change_rows(before.data, after.data)
    return page(
        request, "process_compare.html", sides=sides, before=before, after=after, rows=rows, text=text
    )


def _sides() -> list[Side]:
    """Everything that can be compared (2 statements)."""
    found = [Side("built-in", _("产品自带"), built_in().to_data())]
    for row in Process.objects.order_by("-version"):
        found.append(Side(f"v{row.pk}", _("第 %(version)d 版") % {"version": row.version}, row.definition))
    for draft in open_drafts():
        found.append(Side(f"d{draft.pk}", _("草稿：%(name)s") % {"name": draft.name}, draft.data))
    return found


def _side(sides: list[Side], ref: str) -> Side:
    side = next((side for side in sides if side.ref == ref), None)
    if side is None:
        raise Http404
    return side


def download(request: Any, process_id: int, form: str) -> HttpResponse:
    """The definition as TOML, as people write it, or as JSON, as it is stored."""
    found = get_object_or_404(Process, pk=process_id)
    return file_of(found.definition, f"{found.key}-{found.version}", form)


def file_of(data: dict[str, Any], name: str, form: str) -> HttpResponse:
    """A definition as a file; 404 for an unknown form."""
    writers: dict[str, tuple[str, Any]] = {
        "toml": ("application/toml", tomli_w.dumps),
        "json": ("application/json", lambda data: json.dumps(data, ensure_ascii=False, indent=2)),
    }
    if form not in writers:
        raise Http404
    kind, write = writers[form]
    return HttpResponse(
        write(Definition.from_data(data).to_data()),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )
