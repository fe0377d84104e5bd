"""A district's bounds of the size of grids: set with a reason, kept with their history."""

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.catalogue.models import Revision, Subject
from wangge.domain.catalogue.services.restoring import restored_words
from wangge.domain.catalogue.services.revisions import recorded
from wangge.domain.places.models import Area, GridSize, Level
from wangge.domain.places.sizes import of_grid_size
from wangge.platform.errors import Invalid, NotAllowed

LARGEST = 20_000


@transaction.atomic
def set_grid_size(actor: AnyActor, district_id: int, *, least: int, most: int, note: str) -> None:
    """How many homes a grid should hold from now on. Raises NotAllowed, Invalid for bounds out of order or no reason."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改网格规模。"))
    wrong = {}
    if not Area.objects.filter(pk=district_id, level=Level.DISTRICT).exists():
        wrong["area"] = _("网格规模按区县规定。")
    if not 0 < least < most <= LARGEST:
        wrong["most"] = _("上限须大于下限，且不超过 %(most)d 户。") % {"most": LARGEST}
    if not note.strip():
        wrong["note"] = _("请写明依据，例如通知的文号。")
    if wrong:
        raise Invalid(wrong)
    with recorded(actor, Subject.GRID_SIZE, district_id, of_grid_size, note.strip()):
        GridSize.objects.update_or_create(area_id=district_id, defaults={"least": least, "most": most})


@transaction.atomic
def restore_grid_size(actor: AnyActor, revision: Revision, *, before: bool = False) -> None:
    """The bounds as they were after (or `before`) a change."""
    assert revision.area_id is not None
    wanted = revision.before if before else revision.after
    set_grid_size(actor, revision.area_id, **wanted, note=restored_words(revision, before))
