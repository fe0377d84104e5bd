"""Reads of drafts for the pages of administrators."""

from dataclasses import dataclass

from django.db.models import Case, Count, When
from django.utils.translation import gettext as _

from wangge.domain.rulebook.models import Draft, DraftChange, DraftState, Simulation, Upload
from wangge.platform.errors import NotFound


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with its changes, its newest simulation, and the files that wait to be taken."""

    draft: Draft
    changes: list[DraftChange]
    simulation: Simulation | None
    uploads: list[Upload]

    @property
    def open(self) -> bool:
        return self.draft.state == DraftState.OPEN


def drafts() -> list[Draft]:
    """All drafts, the open ones first, each with `size`, its number of changes (1 statement)."""
    first = Case(When(state=DraftState.OPEN, then=0), default=1)
    rows = Draft.objects.select_related("author", "published_by").annotate(size=Count("changes"))
    return list(rows.order_by(first, "-edited_at"))


def draft_page(draft_id: int) -> DraftPage:
    """A draft (4 statements); NotFound for none."""
    draft = Draft.objects.select_related("author", "published_by").filter(pk=draft_id).first()
    if draft is None:
        raise NotFound(_("没有这个变更方案。"))
    return DraftPage(
        draft,
        list(draft.changes.select_related("matter", "area", "edited_by")),
        draft.simulations.order_by("-pk").first(),
        list(draft.uploads.filter(taken_at__isnull=True).defer("rows").order_by("-pk")),
    )


def change_of(draft_id: int, subject: str) -> DraftChange | None:
    """The draft's change of a subject (1 statement)."""
    rows = DraftChange.objects.filter(draft_id=draft_id, subject=subject)
    return rows.select_related("edited_by").first()


def change_page(change_id: int) -> DraftChange:
    """A change by its id (1 statement); NotFound for none."""
    found = DraftChange.objects.filter(pk=change_id).select_related("edited_by").first()
    if found is None:
        raise NotFound(_("方案里没有这一条，可能已被移除。"))
    return found


def simulation_page(simulation_id: int) -> Simulation:
    """A simulation with its draft (1 statement); NotFound for none."""
    found = Simulation.objects.filter(pk=simulation_id).select_related("draft", "asked_by").first()
    if found is None:
        raise NotFound(_("没有这次试算。"))
    return found


def upload_page(upload_id: int) -> Upload:
    """A file with its draft (1 statement); NotFound for none."""
    found = Upload.objects.filter(pk=upload_id).select_related("draft", "made_by").first()
    if found is None:
        raise NotFound(_("没有这份文件。"))
    return found
