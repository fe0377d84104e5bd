"""What the page of one case shows, made ready for its template."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from wangge.domain.access.actor import Actor
from wangge.domain.cases import timing
from wangge.domain.cases.choices import closing_words
from wangge.domain.cases.models import Case, Channel, Photo
from wangge.domain.cases.queries.page import CasePage, case_page
from wangge.domain.cases.queries.people import next_posts
from wangge.domain.cases.services import contacts
from wangge.domain.catalogue.queries import component_classes
from wangge.domain.orders.queries import order_of
from wangge.engines.flow import OpenMove
from wangge.faces.desk.history import entries, strip
from wangge.faces.desk.rows import light, marks
from wangge.faces.desk.words import STEP_NAMES, clock_words
from wangge.platform import clock
from wangge.platform.language import named

_BUTTONS = {"primary": "btn-primary", "danger": "btn-outline-danger", "quiet": "btn-quiet"}
_ORDER = ("primary", "normal", "danger", "quiet")


@dataclass(frozen=True, slots=True)
class Button:
    """One move as the page offers it; without `url` it is closed and `why` says so."""

    key: str
    name: str
    css: str
    url: str
    why: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A supporting unit's share with the moves that are the reader's."""

    unit: str
    state: str
    ended: bool
    task: str
    note: str
    buttons: list[Button]


def case_context(actor: Actor, case_id: int) -> dict[str, Any]:
    """Context of desk/case.html (a constant number of statements); NotFound outside the actor's scope."""
    page = case_page(actor, case_id)
    case = page.case
    buttons = case_buttons(page)
    return {
        "page": page,
        "case": case,
        "state": page.state,
        "steps": _steps(case),
        "light": light(case, page.now),
        "clock": clock_words(case, timing.time_left(case, page.state, page.now)),
        "marks": marks(case),
        "buttons": [button for button in buttons if button.url],
        "closed": [button for button in buttons if not button.url],
        "shares": [_share(page, share) for share in page.supports],
        "reported": strip(photo for photo in page.photos if photo.use == Photo.Use.REPORT),
        "result": strip(photo for photo in page.photos if photo.use != Photo.Use.REPORT),
        "spoken": [sound for sound in page.sounds if sound.made_at == case.reported_at],
        "entries": entries(page.definition, case, page.events, page.photos, page.sounds),
        "next_posts": [] if case.ended else next_posts(page.definition, case, clock.today()),
        "closing": closing_words(case.closing_condition, case.condition),
        "contact": contacts.masked(actor, case.pk) if case.has_contact else None,
        "order": order_of(case.pk) if case.channel == Channel.HOTLINE else None,
        "facility_class": _class_of(case),
        "purposes": contacts.PURPOSES,
        "point": f"{case.lon},{case.lat}" if case.lon is not None else "",
    }


def _class_of(case: Case) -> str:
    """The name of the class of the facility that the case is about."""
    of_class = component_classes().get(case.facility.class_code) if case.facility else None
    return named(of_class) if of_class else ""


def case_buttons(page: CasePage) -> list[Button]:
    """The moves that are the reader's, main ones first; closed ones with the reason."""
    found = [_button(move, "desk:move", page.case.pk) for move in _sorted(page.moves)]
    # A closed move is worth a line only while it could open again.
    return [button for button in found if button.url or not page.case.ended]


def _sorted(moves: list[OpenMove]) -> list[OpenMove]:
    return sorted(moves, key=lambda move: _ORDER.index(move.move.tone))


def _button(found: OpenMove, view: str, target: int) -> Button:
    move = found.move
    return Button(
        key=move.key,
        name=named(move),
        css=_BUTTONS.get(move.tone, ""),
        url=reverse(view, args=[target, move.key]) if found.open else "",
        why="" if found.open else named(found, "why"),
        primary=move.tone == "primary",
    )


def _share(page: CasePage, share: Any) -> Share:
    state = page.definition.state(share.state, "support")
    found = [
        _button(move, "desk:support-move", share.pk) for move in page.support_moves[share.pk] if move.open
    ]
    return Share(share.unit.name, named(state), state.end, share.task, share.note, found)


def _steps(case: Case) -> list[tuple[int, str, str]]:
    """(number, name, done | here | ahead) of the five steps."""

    def stand(number: int) -> str:
        if number < case.step or case.state == "closed":
            return "done"
        return "here" if number == case.step else "ahead"

    return [(number, str(name), stand(number)) for number, name in enumerate(STEP_NAMES, start=1)]
