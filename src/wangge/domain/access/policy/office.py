"""Lists of colleagues, uploaded lists, and what belongs to another system."""

from django.apps import apps
from django.db.models import Q

from wangge.domain.access.actor import Actor, AnyActor, Client, Role, System
from wangge.domain.access.policy.base import ALL, NONE, own

# Who heads a unit, and so sees and makes its hand-over lists.
HEAD_ROLES = (Role.STATION_HEAD, Role.STREET_LEADER, Role.DISTRICT_LEADER, Role.UNIT_HEAD)


def own_import_row(actor: AnyActor) -> Q:
    """The rows of an uploaded list, which is its uploader's alone."""
    return own(actor, "batch__")


def saved_view_view(actor: AnyActor) -> Q:
    """Saved views: one's own, and what a colleague shares with a unit in which one has a post; systems have none."""
    match actor:
        case System():
            return ALL
        case Actor() if not isinstance(actor, Client):
            units = {post.unit_id for post in actor.posts if post.unit_id}
            return Q(user_id=actor.user_id) | Q(unit_id__in=units, removed_at__isnull=True)
        case _:
            return NONE


def handover_view(actor: AnyActor) -> Q:
    """Who gives, who takes over, and who heads the unit."""
    match actor:
        case System():
            return ALL
        case Actor():
            heads = [post.unit_id for post in actor.posts if post.role in HEAD_ROLES and post.unit_id]
            return Q(giver_id=actor.user_id) | Q(receiver_id=actor.user_id) | Q(unit_id__in=heads)
        case _:
            return NONE


def of_visible_handover(actor: AnyActor) -> Q:
    if isinstance(actor, System):
        return ALL
    visible = apps.get_model("office", "HandOver")._base_manager.filter(handover_view(actor))
    return Q(handover_id__in=visible.values("pk"))


def own_of_client(actor: AnyActor) -> Q:
    """What belongs to another system is its own affair; administrators come by a service."""
    match actor:
        case System():
            return ALL
        case Client(user_id=user_id):
            return Q(client_id=user_id)
        case _:
            return NONE
