"""The demo's world in the database: areas with outlines, units, posts, users and the responsibility list."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from shapely import Polygon, to_wkb

from wangge.domain.access.actor import Role, System
from wangge.domain.access.models import Post, StandIn, Unit, UnitKind, User
from wangge.domain.cases.models import Responsibility
from wangge.domain.places.models import (
    LEVELS,
    Area,
    AreaChange,
    AreaShape,
    AreaVersion,
    ChangeKind,
    GridCodeScheme,
    Kind,
)
from wangge.domain.places.services import assign_local_codes
from wangge.engines.codes import short_name
from wangge.faces.cli.demo.areas import haizhu_outline, make_simple_areas
from wangge.faces.cli.demo.households import settle
from wangge.faces.cli.demo.housing import furnish
from wangge.faces.cli.demo.people import People, departments
from wangge.faces.cli.demo.town import Town, divisions, make_town
from wangge.platform import clock

NANHUAXI, HAIZHU, LANGYA = "440105008", "440105", "341102"
LANGYA_CENTRE = (118.31, 32.30)
FOUNDED = date(2023, 6, 30)
_LEVEL_OF_LENGTH = {2: "province", 4: "city", 6: "district", 9: "street", 12: "community", 15: "grid"}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the demo prints: who it is and what it is good for."""

    username: str
    name: str
    role: str
    place: str


def build_world(password: str, seed: int = 440105008) -> tuple[Town, list[DemoAccount]]:
    """Fill an empty database; every account gets the installation's demo password."""
    town = make_town(seed)
    areas = _areas(town)
    units = _units(areas)
    accounts = _people(areas, units, make_password(password))
    _responsibilities(areas, units)
    furnish(town, areas, seed)
    settle(seed, clock.today())
    return town, accounts


# ---- areas


def _areas(town: Town) -> dict[str, Area]:
    """All areas by code, from the top down."""
    names = divisions()
    shapes: dict[str, Polygon] = {community.code: community.shape for community in town.communities}
    shapes |= {grid.key: grid.shape for grid in town.grids}
    shapes |= {NANHUAXI: town.outline, HAIZHU: haizhu_outline(town)}
    langya = make_simple_areas([code for code in names if code.startswith(LANGYA)], *LANGYA_CENTRE)
    grid_names = {grid.key: grid.name for grid in town.grids}
    dedicated = {grid.key for grid in town.grids if grid.dedicated}
    for code in langya:
        if len(code) == 15:
            grid_names[code] = f"{short_name(names[code[:12]])}第{int(code[12:])}网格"
    shapes |= langya
    AreaChange.objects.create(
        kind=ChangeKind.FOUND, effective_on=FOUNDED, note="初始建库", made_at=clock.now()
    )
    areas: dict[str, Area] = {}
    for level in LEVELS:
        codes = sorted(code for code in {**names, **grid_names} if _LEVEL_OF_LENGTH[len(code)] == level)
        _add_level(level, codes, {**names, **grid_names}, dedicated, areas)
    _shapes(areas, shapes)
    _local_codes(areas)
    return areas


def _local_codes(areas: dict[str, Area]) -> None:
    """The pinyin codes of our street, beside the national ones."""
    scheme = GridCodeScheme.objects.get(key="pinyin")
    assign_local_codes(System("demo"), scheme, areas[NANHUAXI])


def _add_level(
    level: str, codes: list[str], names: dict[str, str], dedicated: set[str], areas: dict[str, Area]
) -> None:
    parents = {
        code: areas.get(code[: max(n for n in _LEVEL_OF_LENGTH if n < len(code))]) if len(code) > 2 else None
        for code in codes
    }
    rows = [
        Area(
            level=level,
            kind=Kind.DEDICATED if code in dedicated else Kind.ORDINARY,
            code=code,
            name=names[code],
            short_name=short_name(names[code]) if level == "community" else names[code],
            parent=parents[code],
            path="",
        )
        for code in codes
    ]
    for area in Area.objects.bulk_create(rows):
        area.path = f"{area.parent.path if area.parent else ''}{area.pk}."
        areas[area.code] = area
    Area.objects.bulk_update(rows, ["path"], batch_size=500)
    AreaVersion.objects.bulk_create(
        AreaVersion(
            area=area,
            code=area.code,
            name=area.name,
            short_name=area.short_name,
            parent=area.parent,
            path=area.path,
            valid=(FOUNDED, None),
        )
        for area in rows
    )


def _shapes(areas: dict[str, Area], shapes: dict[str, Polygon]) -> None:
    versions = {version.code: version for version in AreaVersion.objects.filter(code__in=shapes)}
    rows = []
    for code, shape in shapes.items():
        west, south, east, north = shape.bounds
        rows.append(
            AreaShape(
                version=versions[code], wkb=to_wkb(shape), west=west, south=south, east=east, north=north
            )
        )
    AreaShape.objects.bulk_create(rows, batch_size=500)


# ---- units


_CENTRES = {
    "community": (UnitKind.STATION, "社区工作站", "工作站"),
    "street": (UnitKind.STREET_CENTRE, "综合指挥中心", "指挥中心"),
    "district": (UnitKind.DISTRICT_CENTRE, "网格化服务管理中心", "网格中心"),
}


def _units(areas: dict[str, Area]) -> dict[str, Unit]:
    """Stations and centres by area code, departments by "county-duty"."""
    rows: dict[str, Unit] = {}
    people = People(7)
    for code, area in areas.items():
        if area.level not in _CENTRES:
            continue
        kind, title, short_title = _CENTRES[area.level]
        place = area.short_name.removesuffix("社区") if kind == UnitKind.STATION else area.name
        rows[code] = Unit(
            name=place + title, short_name=place + short_title, kind=kind, area=area, phone=people.phone()
        )
    for county in (HAIZHU, LANGYA):
        for unit in departments(county, areas[county].name):
            kind = UnitKind.COMPANY if unit.company else UnitKind.DEPARTMENT
            rows[unit.key] = Unit(
                name=unit.name,
                short_name=unit.short,
                kind=kind,
                area=areas[county],
                duty=unit.lead_role,
                phone=people.phone(),
            )
    Unit.objects.bulk_create(rows.values())
    return rows


# ---- people


class _Staff:
    """Collects users and posts, to be written at once."""

    def __init__(self, password_hash: str) -> None:
        self.people = People(440105008)
        self.password_hash = password_hash
        self.users: list[User] = []
        self.posts: list[Post] = []
        self.starts_on = clock.today() - timedelta(days=500)

    def add(self, username: str, role: Role, area: Area, unit: Unit | None = None) -> User:
        person = self.people.staff(username)
        user = User(username=username, name=person.name, email=person.mail, password=self.password_hash)
        self.users.append(user)
        self.posts.append(Post(user=user, role=role, area=area, unit=unit, starts_on=self.starts_on))
        return user

    def write(self) -> None:
        User.objects.bulk_create(self.users, batch_size=500)
        Post.objects.bulk_create(self.posts, batch_size=500)


def _people(areas: dict[str, Area], units: dict[str, Unit], password_hash: str) -> list[DemoAccount]:
    staff = _Staff(password_hash)
    for code, area in sorted(areas.items()):
        match area.level:
            case "district":
                staff.add(f"dispatch-{code}", Role.DISTRICT_DISPATCHER, area, units[code])
                staff.add(f"leader-{code}", Role.DISTRICT_LEADER, area, units[code])
                staff.add(f"phone-{code}", Role.OPERATOR, area)
            case "street":
                staff.add(f"dispatch-{code}", Role.STREET_DISPATCHER, area, units[code])
                staff.add(f"leader-{code}", Role.STREET_LEADER, area, units[code])
            case "community":
                staff.add(f"station-{code}", Role.STATION_OFFICER, area, units[code])
                staff.add(f"station2-{code}", Role.STATION_OFFICER, area, units[code])
                staff.add(f"head-{code}", Role.STATION_HEAD, area, units[code])
            case "grid":
                staff.add(f"grid-{code}", Role.GRID_WORKER, area, units[code[:12]])
    for key, unit in units.items():
        if unit.duty:
            staff.add(f"unit-{key}", Role.UNIT_OFFICER, unit.area, unit)
            staff.add(f"unithead-{key}", Role.UNIT_HEAD, unit.area, unit)
    staff.add("admin", Role.ADMINISTRATOR, areas[HAIZHU])
    staff.add("privacy", Role.PRIVACY_OFFICER, areas[HAIZHU])
    staff.write()
    _short_names(staff)
    _one_stand_in(staff)
    return _accounts(staff)


# Accounts with names easy to type, for the demo's first steps.
_SHORT_LOGINS = {
    "grid": ("grid_worker", NANHUAXI),
    "station": ("station_officer", NANHUAXI),
    "head": ("station_head", NANHUAXI),
    "street": ("street_dispatcher", NANHUAXI),
    "streetleader": ("street_leader", NANHUAXI),
    "district": ("district_dispatcher", HAIZHU),
    "districtleader": ("district_leader", HAIZHU),
    "sanitation": ("unit_officer", "环卫"),
    "urban": ("unit_officer", "城管执法"),
    "phone": ("operator", HAIZHU),
    "admin": ("administrator", HAIZHU),
    "privacy": ("privacy_officer", HAIZHU),
}


def _short_names(staff: _Staff) -> None:
    """Give the first fitting account of each kind its short login."""
    for login, (role, where) in _SHORT_LOGINS.items():
        post = next(p for p in staff.posts if p.role == role and _is_at(p, where))
        post.user.username = login
        post.user.save(update_fields=["username"])


def _is_at(post: Post, where: str) -> bool:
    return post.area.code.startswith(where) or (
        post.unit is not None and post.unit.short_name == where and post.area.code == HAIZHU
    )


def _one_stand_in(staff: _Staff) -> None:
    """The second grid's worker is on leave this week; the first grid's worker stands in."""
    here = [
        post for post in staff.posts if post.role == Role.GRID_WORKER and post.area.code.startswith(NANHUAXI)
    ]
    today = clock.today()
    StandIn.objects.create(
        post=here[1],
        user=here[0].user,
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=5),
        reason="年休假",
    )


def _accounts(staff: _Staff) -> list[DemoAccount]:
    posts = {post.user.username: post for post in staff.posts}
    return [
        DemoAccount(
            login, posts[login].user.name, posts[login].role, (posts[login].unit or posts[login].area).name
        )
        for login in _SHORT_LOGINS
    ]


def _responsibilities(areas: dict[str, Area], units: dict[str, Unit]) -> None:
    """Each duty of a district to its department; the station's own duty to each station."""
    rows = [
        Responsibility(duty=unit.duty, area=unit.area, unit=unit, starts_on=FOUNDED)
        for unit in units.values()
        if unit.duty
    ]
    rows += [
        Responsibility(duty="station", area=areas[code], unit=unit, starts_on=FOUNDED)
        for code, unit in units.items()
        if unit.kind == UnitKind.STATION
    ]
    Responsibility.objects.bulk_create(rows)
