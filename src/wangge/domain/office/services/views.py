"""Saved views of the list of cases: saved, renamed, removed and brought back by their owner; opened first by choice."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import open_first, open_plain
from wangge.domain.cases.queries.lists import Filters
from wangge.domain.office.models import SavedView
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotFound

VIEWS = System("saved views")
LONGEST_NAME = 30
MOST = 30


def save_view(actor: Actor, name: str, filters: Mapping[str, str], unit_id: int | None = None) -> SavedView:
    """Keep filters and order under a name; with `unit_id`, for everybody with a post in that unit of the actor's.

    Raises Invalid naming the field: no filter, no name, a name twice, too many views.
    """
    found = Filters.from_query(filters)
    kept = {field: value for field in Filters.__slots__ if (value := getattr(found, field))}
    if not kept:
        raise Invalid({"name": _("请先在案件列表里筛选或排序，再保存。")})
    if unit_id not in (None, *(post.unit_id for post in actor.posts)):
        raise Invalid({"unit_id": _("只能和自己所在的单位共用。")})
    with transaction.atomic(), acting_as(VIEWS):
        mine = SavedView.objects.filter(user_id=actor.user_id, removed_at__isnull=True)
        if mine.count() >= MOST:
            raise Invalid({"name": _("最多保存 %(most)d 个视图，请先删除不用的。") % {"most": MOST}})
        return SavedView.objects.create(
            user_id=actor.user_id,
            unit_id=unit_id,
            name=_free_name(actor, name),
            filters=kept,
            made_at=clock.now(),
        )


def rename_view(actor: Actor, view_id: int, name: str) -> None:
    """Raises NotFound for a view of somebody else, Invalid for a name that cannot be."""
    with _own(actor, view_id) as view:
        view.name = _free_name(actor, name, view_id)
        view.save(update_fields=["name"])


def remove_view(actor: Actor, view_id: int) -> None:
    """It goes from everybody's tabs; its owner can bring it back."""
    with _own(actor, view_id) as view:
        view.removed_at = clock.now()
        view.save(update_fields=["removed_at"])
        open_plain(view_id)


def restore_view(actor: Actor, view_id: int) -> None:
    """Bring a removed view back; Invalid when its name was given to another one meanwhile."""
    with _own(actor, view_id) as view:
        view.name = _free_name(actor, view.name, view_id)
        view.removed_at = None
        view.save(update_fields=["removed_at"])


def choose_first(actor: Actor, view_id: int) -> None:
    """The actor's list of cases opens with this view; NotFound for one they do not see."""
    with acting_as(actor):
        view = SavedView.objects.filter(pk=view_id, removed_at__isnull=True).first()
    if view is None:
        raise NotFound(_("没有找到这个视图。"))
    open_first(actor.user_id, view.pk, view.address)


def choose_none(actor: Actor, view_id: int) -> None:
    """The actor's list of cases opens plain again."""
    open_plain(view_id, actor.user_id)


@contextmanager
def _own(actor: Actor, view_id: int) -> Iterator[SavedView]:
    with transaction.atomic(), acting_as(VIEWS):
        view = SavedView.objects.select_for_update().filter(pk=view_id, user_id=actor.user_id).first()
        if view is None:
            raise NotFound(_("没有找到这个视图。"))
        yield view


def _free_name(actor: Actor, name: str, view_id: int | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": _("请起一个名称，最多 %(most)d 字。") % {"most": LONGEST_NAME}})
    same = SavedView.objects.filter(user_id=actor.user_id, name=name, removed_at__isnull=True)
    if same.exclude(pk=view_id).exists():
        raise Invalid({"name": _("您已有一个同名的视图，请换个名称。")})
    return name
