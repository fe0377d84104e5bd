"""What stands on the board of a grid: who serves it, where to go, what for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES, Post, Unit, UnitKind
from wangge.domain.access.queries import grid_teams
from wangge.domain.boards.models import Card, Duties, PrintRun
from wangge.domain.boards.rules import hours_words, usual_duties
from wangge.domain.catalogue.calendar import hours_of
from wangge.domain.places.models import LEVELS, Area, Level
from wangge.platform import clock
from wangge.platform.errors import NotFound


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a board. Phone and photo are there when they themselves gave them."""

    user_id: int
    name: str
    role: str
    phone: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """All words of one board. `above` are street and community; `people` are the worker first, then lead and helpers."""

    area: Area
    above: tuple[str, ...]
    people: tuple[Person, ...]
    office: Unit | None
    hours: str
    duties: tuple[str, ...]

    @property
    def worker(self) -> Person | None:
        return next((one for one in self.people if one.role == Role.GRID_WORKER), None)


def board_of(area: Area) -> Board:
    """The board of one grid (at most 8 statements)."""
    return boards_below(area)[0] if area.level == Level.GRID else _bare(area)


def boards_below(area: Area) -> list[Board]:
    """The boards of all grids of an area, or of the grid itself, in code order (at most 8 statements)."""
    teams = grid_teams(area, clock.today())
    grids = {grid.pk: grid for grid in Area.objects.filter(pk__in=[team.grid.area_id for team in teams])}
    posts = [post for team in teams for post in _posts(team.worker, team.leads, team.helpers)]
    cards = Card.objects.in_bulk({post.user_id for post in posts})
    shared = _Shared([*grids.values()])
    return [
        shared.board(
            grids[team.grid.area_id],
            [_person(post, cards) for post in _posts(team.worker, team.leads, team.helpers)],
        )
        for team in teams
        if team.grid.area_id in grids
    ]


def _bare(area: Area) -> Board:
    """Of a street or community: its office and hours, nobody of a grid."""
    return _Shared([area]).board(area, [])


def _posts(worker: Post | None, leads: Sequence[Post], helpers: Sequence[Post]) -> list[Post]:
    return [*([worker] if worker else []), *leads, *helpers]


def _person(post: Post, cards: dict[int, Card]) -> Person:
    card = cards.get(post.user_id)
    known = (card.phone, card.photo) if card else ("", "")
    return Person(post.user_id, post.user.name, post.role, *known)


class _Shared:
    """What many boards have in common, read once (4 statements and one a district)."""

    def __init__(self, areas: list[Area]) -> None:
        ids = {part for area in areas for part in _ids(area)}
        self._areas = {one.pk: one for one in Area.objects.filter(pk__in=ids)}
        kinds = [UnitKind.STREET_CENTRE, UnitKind.STATION]
        units = Unit.objects.filter(active=True, kind__in=kinds, area_id__in=ids)
        self._offices = {unit.area_id: unit for unit in units}
        self._duties = dict(Duties.objects.filter(area__in=ids).values_list("area_id", "lines"))
        self._hours: dict[int, str] = {}

    def board(self, area: Area, people: list[Person]) -> Board:
        line = [self._areas[pk] for pk in _ids(area)]
        nearest = [one.pk for one in reversed(line)]
        return Board(
            area=area,
            above=tuple(
                one.name for one in line if one.level in (Level.STREET, Level.COMMUNITY) and one != area
            ),
            people=tuple(people),
            office=next((self._offices[pk] for pk in nearest if pk in self._offices), None),
            hours=self._hours_at(line),
            duties=self._duties_at(nearest),
        )

    def _duties_at(self, nearest: list[int]) -> tuple[str, ...]:
        lines = next((self._duties[pk] for pk in nearest if pk in self._duties), "")
        return tuple(lines.splitlines()) or tuple(usual_duties())

    def _hours_at(self, line: list[Area]) -> str:
        district = next((one.pk for one in line if one.level == Level.DISTRICT), None)
        if district is None:
            return ""
        if district not in self._hours:
            self._hours[district] = hours_words(hours_of(district))
        return self._hours[district]


def duties_of(area: Area) -> tuple[Area | None, str]:
    """(where the lines stand that hold in an area, the lines); (None, the usual ones) where nobody wrote any (1 statement)."""
    rows = Duties.objects.filter(area__in=_ids(area)).select_related("area")
    row = max(rows, key=lambda one: LEVELS.index(one.area.level), default=None)
    return (row.area, row.lines) if row else (None, "\n".join(usual_duties()))


def card_of(user_id: int) -> Card | None:
    """What somebody gave for the public board (1 statement)."""
    return Card.objects.filter(pk=user_id).first()


def photo_on_a_board(user_id: int) -> str:
    """The photo of somebody who serves a grid today and gave it; NotFound for everybody else (2 statements)."""
    card = card_of(user_id)
    today = clock.today()
    serving = Post.objects.filter(
        user_id=user_id,
        user__is_active=True,
        role__in=[Role.GRID_WORKER, Role.GRID_LEAD],
        starts_on__lte=today,
    ).exclude(ends_on__lt=today)
    if card is None or not card.photo or not serving.exists():
        raise NotFound(_("没有找到这张照片。"))
    return card.photo


def print_run(run_id: int) -> PrintRun:
    """A set of one's own (1 statement); NotFound otherwise."""
    run: PrintRun | None = PrintRun.objects.filter(pk=run_id).select_related("area").first()
    if run is None:
        raise NotFound(_("没有找到这份公示牌。"))
    return run


def role_words(role: str) -> str:
    """ "网格员"."""
    return str({key.value: name for key, name in ROLE_NAMES.items()}.get(role, role))


def _ids(area: Area) -> list[int]:
    return [int(part) for part in area.path.rstrip(".").split(".")]
