"""Records about a person: care that somebody asked for at the door."""

from typing import Any

from wangge.domain.access.actor import Actor
from wangge.domain.field.models import Record
from wangge.domain.field.services.making.reading import unreadable, words
from wangge.domain.register.services.doorstep import apply_at_door, apply_for
from wangge.platform.given import day, whole


def care(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """An application for care with the consent to it: for somebody whom the phone knew, or by name and dwelling."""
    agreed, resident, dwelling = (
        day(given.get("consent_on")),
        whole(given.get("resident")),
        whole(given.get("dwelling")),
    )
    if agreed is None:
        raise unreadable()
    asked: dict[str, Any] = {
        "span": whole(given.get("span")) or 0,
        "consent_on": agreed,
        **{
            name: words(given.get(name))
            for name in ("kind", "asks", "applicant", "consent_text", "consent_way")
        },
    }
    if resident is not None:
        made = apply_for(actor, resident, **asked)
    elif dwelling is not None:
        name, phone = words(given.get("name")), words(given.get("phone"))
        made = apply_at_door(actor, dwelling, name=name, phone=phone, **asked)
    else:
        raise unreadable()
    return {"care": str(made.pk)}
