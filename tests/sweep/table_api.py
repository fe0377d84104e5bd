"""Operations of the REST API, called by a system in the post of each role; a browser's session opens none of them."""

from typing import Any

from kinds import Address, anybody, cases, rows

from casework import TESTS
from rings import WALL, sees_case
from scene import Scene
from wangge.domain.access.actor import AnyActor, Client
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Photo
from wangge.domain.exchange.models import Delivery


def caller(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Client)


def case_of_caller(actor: AnyActor, case: Any) -> bool:
    return isinstance(actor, Client) and sees_case(actor, case)


def own_hook(actor: AnyActor, hook: Any) -> bool:
    return isinstance(actor, Client) and WALL["exchange.Webhook"](actor, hook)


def _photos(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
    with acting_as(TESTS):
        photos = list(Photo.objects.select_related("case").order_by("case_id", "pk").distinct("case_id"))
    return [(photo.case, {"case_id": photo.case_id, "photo_id": photo.pk}) for photo in photos]


def _deliveries(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
    with acting_as(TESTS):
        found = list(Delivery.objects.select_related("webhook").order_by("pk"))
    return [(sent.webhook, {"webhook_id": sent.webhook_id, "delivery_id": sent.pk}) for sent in found]


HOOKS = rows("exchange.Webhook", "webhook_id")

ADDRESSES: dict[str, Address] = {
    "api:document": Address(anybody),
    "api:docs": Address(anybody),
    "api:nothing": Address(anybody, values=lambda scene: [(None, {"rest": "none"})], opened=(404,)),
    "api:list_areas": Address(caller, 401),
    "api:area_at_point": Address(caller, 401, opened=(422,)),
    "api:get_area": Address(caller, 401, rows("places.Area", "area_id")),
    "api:list_groups": Address(caller, 401),
    "api:list_matters": Address(caller, 401),
    "api:get_matter": Address(caller, 401, rows("catalogue.Matter", "matter_id")),
    "api:list_cases": Address(caller, 401),
    "api:report_case": Address(caller, 401, opened=(200,)),
    "api:get_case": Address(case_of_caller, 404, cases()),
    "api:get_photo": Address(case_of_caller, 404, _photos),
    "api:list_moves": Address(case_of_caller, 404, cases()),
    "api:make_move": Address(case_of_caller, 404, cases()),
    "api:list_webhooks": Address(caller, 401),
    "api:create_webhook": Address(caller, 401),
    "api:get_webhook": Address(own_hook, 404, HOOKS),
    "api:delete_webhook": Address(own_hook, 404, HOOKS),
    "api:rotate_secret": Address(own_hook, 404, HOOKS),
    "api:enable_webhook": Address(own_hook, 404, HOOKS),
    "api:list_deliveries": Address(own_hook, 404, HOOKS),
    "api:redeliver": Address(own_hook, 404, _deliveries),
}
