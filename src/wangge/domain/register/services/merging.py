"""Two rows of one person become one, and can be taken apart again."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.scope import acting_as
from wangge.domain.register.models import CareNeed, Detail, Merge, NameMark, Resident
from wangge.domain.register.services.base import kept, locked, save
from wangge.domain.register.services.people import KEEPER, mark_name
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

# What the row that stays takes over where it says nothing itself.
_FILLED = ("phone", "phone_mark", "birth_year", "since")
_EMPTY: dict[str, Any] = {"phone": "", "phone_mark": None, "birth_year": None, "since": None}
_MOVED: tuple[Any, ...] = (CareNeed, Detail)


@transaction.atomic
def merge(actor: AnyActor, kept_id: int, gone_id: int) -> Merge:
    """`gone` becomes `kept`: what `kept` does not say is taken over, care and details move. Both in the actor's ring."""
    if kept_id == gone_id:
        raise Invalid({"gone": _("请选择另一条登记。")})
    stays, goes = kept(actor, Resident, kept_id), kept(actor, Resident, gone_id)
    with acting_as(KEEPER):
        # In the order of their numbers, so that two merges the other way round do not wait in a ring.
        first, second = sorted((stays, goes), key=lambda one: one.pk)
        first, second = locked(first, None), locked(second, None)
        stays, goes = (first, second) if first.pk == kept_id else (second, first)
        if stays.merged_into_id or goes.merged_into_id:
            raise Conflict(_("其中一条已经合并过了。"))
        filled = [name for name in _FILLED if getattr(stays, name) in ("", None) and getattr(goes, name)]
        save(stays, **{name: getattr(goes, name) for name in filled})
        moved = {model.__name__: _move(model, goes, stays) for model in _MOVED}
        save(goes, merged_into=stays)
        NameMark.objects.filter(resident=goes).delete()
        return Merge.objects.create(
            area_id=stays.area_id,
            kept=stays,
            gone=goes,
            filled=filled,
            moved=moved,
            made_at=clock.now(),
            made_by_id=actor.user_id if isinstance(actor, Actor) else None,
        )


@transaction.atomic
def undo(actor: AnyActor, merge_id: int) -> Merge:
    """Both rows as they were before. What was changed on the row that stayed since then stays there."""
    found = kept(actor, Merge, merge_id)
    with acting_as(KEEPER):
        merge = locked(found, None)
        if merge.undone_at is not None:
            raise Conflict(_("这次合并已经撤销过了。"))
        stays, goes = locked(merge.kept, None), locked(merge.gone, None)
        same = [name for name in merge.filled if getattr(stays, name) == getattr(goes, name)]
        save(stays, **{name: _EMPTY[name] for name in same})
        for model in _MOVED:
            model.objects.filter(pk__in=merge.moved.get(model.__name__, []), resident=stays).update(
                resident=goes, area_id=goes.area_id
            )
        save(goes, merged_into=None)
        mark_name(goes)
        save(merge, undone_at=clock.now())
    return merge


def _move(model: Any, goes: Resident, stays: Resident) -> list[int]:
    """Hang the rows of one resident on another; those that the other has already stay. Ids of what moved."""
    rows = model.objects.filter(resident=goes)
    if model is Detail:
        there = Detail.objects.filter(resident=stays).values_list("kind", "need")
        rows = [row for row in rows if (row.kind, row.need) not in set(there)]
    ids = [row.pk for row in rows]
    model.objects.filter(pk__in=ids).update(resident=stays, area_id=stays.area_id)
    return ids
