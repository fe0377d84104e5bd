"""Edits of matters: offered or not, their words, and local matters of a city's own."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.catalogue.models import Condition, Matter, MatterKind, Subject
from wangge.domain.catalogue.services.administering import must_administer
from wangge.domain.catalogue.services.revisions import hold_subject, recorded
from wangge.domain.catalogue.services.snapshots import of_matter
from wangge.domain.catalogue.words import DUTIES
from wangge.platform.errors import Invalid
from wangge.platform.given import whole

LOCAL_GROUPS = range(91, 100)
# A national matter keeps the name of the standard; its code and group never change.
_NATIONAL_FIELDS = ("name_en", "explain", "explain_en", "lead_role", "legacy_code", "position")
_LOCAL_FIELDS = ("name", *_NATIONAL_FIELDS)


@transaction.atomic
def set_enabled(actor: AnyActor, matter_id: int, enabled: bool, *, note: str = "") -> None:
    """Offer a matter for reporting, or stop offering it. Invalid for a matter without conditions."""
    must_administer(actor)
    hold_subject(Subject.MATTER, matter_id)
    if enabled and not Condition.objects.filter(matter_id=matter_id, valid__endswith__isnull=True).exists():
        raise Invalid({"enabled": _("请先给事项写上立案条件和时限，再启用。")})
    with recorded(actor, Subject.MATTER, matter_id, of_matter, note):
        Matter.objects.filter(pk=matter_id).update(enabled=enabled)


@transaction.atomic
def revise_matter(actor: AnyActor, matter_id: int, values: dict[str, Any], *, note: str = "") -> Matter:
    """Change a matter's own words, duty, old code and place in its group, at once; others of `values` are left.

    Invalid for a missing name or duty, or the name of another local matter of the same place.
    """
    must_administer(actor)
    hold_subject(Subject.MATTER, matter_id)
    matter = Matter.objects.select_for_update().get(pk=matter_id)
    allowed = _LOCAL_FIELDS if matter.kind == MatterKind.LOCAL else _NATIONAL_FIELDS
    for name in allowed:
        value = values.get(name, getattr(matter, name))
        setattr(matter, name, value.strip() if isinstance(value, str) else value)
    matter.position = matter.position or 0
    wrong = {}
    if not matter.name:
        wrong["name"] = _("请填写事项名称。")
    if matter.lead_role not in DUTIES:
        wrong["lead_role"] = _("请选择职责领域。")
    if matter.kind == MatterKind.LOCAL and _same_name(matter).exists():
        wrong["name"] = _("这里已有同名的本地事项。")
    if wrong:
        raise Invalid(wrong)
    with recorded(actor, Subject.MATTER, matter_id, of_matter, note):
        matter.save()
    return matter


@transaction.atomic
def rename_group(actor: AnyActor, group_code: str, name: str) -> None:
    """Another name for a group of the city's own; each of its matters notes it. Invalid for other groups."""
    must_administer(actor)
    if whole(group_code) not in LOCAL_GROUPS:
        raise Invalid({"group_name": _("只有本地大类可以改名。")})
    if not name.strip():
        raise Invalid({"group_name": _("请填写大类名称。")})
    for matter in Matter.objects.filter(
        kind=MatterKind.LOCAL, group_code=group_code, parent__isnull=True
    ).order_by("pk"):
        with recorded(actor, Subject.MATTER, matter.pk, of_matter):
            Matter.objects.filter(pk=matter.pk).update(group_name=name.strip()[:40])


@transaction.atomic
def add_matter(
    actor: AnyActor,
    *,
    name: str,
    lead_role: str,
    name_en: str = "",
    explain: str = "",
    explain_en: str = "",
    legacy_code: str = "",
    position: int | None = 0,
    group_code: str = "",
    group_name: str = "",
    parent_id: int | None = None,
) -> Matter:
    """A local matter, off until it has a condition: a fourth level under a national matter, or in a group
    of the city's own (91 to 99; group 90 stays the product's). The code follows the last one there.
    """
    must_administer(actor)
    wrong = {}
    parent = Matter.objects.filter(pk=parent_id).first() if parent_id else None
    if not name.strip():
        wrong["name"] = _("请填写事项名称。")
    if lead_role not in DUTIES:
        wrong["lead_role"] = _("请选择职责领域。")
    if parent_id and (parent is None or parent.parent_id):
        wrong["parent"] = _("本地细类只能设在国家事项之下。")
    if not parent_id and whole(group_code) not in LOCAL_GROUPS:
        wrong["group_code"] = _("本地大类用 91 至 99。")
    same = Matter.objects.filter(kind=MatterKind.LOCAL, name=name.strip())
    if same.filter(parent=parent, group_code=parent.group_code if parent else group_code).exists():
        wrong["name"] = _("这里已有同名的本地事项。")
    if wrong:
        raise Invalid(wrong)
    if parent is None:
        group_name = _group_name(group_code) or group_name.strip() or "本地事项"
    return Matter.objects.create(
        kind=MatterKind.LOCAL,
        code=_next_code(parent.code if parent else group_code, parent),
        group_code=parent.group_code if parent else group_code,
        group_name=parent.group_name if parent else group_name,
        name=name.strip(),
        name_en=name_en.strip(),
        explain=explain.strip(),
        explain_en=explain_en.strip(),
        legacy_code=legacy_code.strip(),
        position=position or 0,
        lead_role=lead_role,
        parent=parent,
        enabled=False,
    )


def _same_name(matter: Matter) -> Any:
    same = Matter.objects.filter(kind=MatterKind.LOCAL, name=matter.name, parent_id=matter.parent_id)
    return same.filter(group_code=matter.group_code).exclude(pk=matter.pk)


def _group_name(group_code: str) -> str:
    known = Matter.objects.filter(kind=MatterKind.LOCAL, group_code=group_code, parent__isnull=True)
    return known.values_list("group_name", flat=True).first() or ""


def _next_code(prefix: str, parent: Matter | None) -> str:
    """91001 after none in group 91; 0601201 after none under 06012."""
    digits = 2 if parent else 3
    taken = Matter.objects.select_for_update().filter(
        kind=MatterKind.LOCAL, code__startswith=prefix, code__regex=rf"^\d{{{len(prefix) + digits}}}$"
    )
    last = max((int(code[len(prefix) :]) for code in taken.values_list("code", flat=True)), default=0)
    if last + 1 >= 10**digits:
        raise Invalid({"name": _("这里的编码已经用完。")})
    return f"{prefix}{last + 1:0{digits}d}"
