"""What care can be asked for, and the text that is agreed to first."""

from collections.abc import Iterator
from typing import Any

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import near_paths
from wangge.domain.register.consents import newest
from wangge.domain.register.models import Applicant, CareKind, ConsentWay
from wangge.domain.register.services.doorstep import SPANS
from wangge.platform.language import named

# At a door; online the person agrees without us.
_WAYS = (ConsentWay.SIGNED, ConsentWay.SPOKEN, ConsentWay.GUARDIAN)


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """One row for who keeps a register (no statement): the newest text under its name, and what is asked with it."""
    if not near_paths(actor):
        return
    text = newest()
    yield {
        "id": text.name,
        "title": named(text, "title"),
        "body": named(text, "body").strip(),
        "kinds": [[value, str(label)] for value, label in CareKind.choices],
        "applicants": [[value, str(label)] for value, label in Applicant.choices],
        "ways": [[way.value, str(way.label)] for way in _WAYS],
        "spans": list(SPANS),
    }
