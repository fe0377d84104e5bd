"""A small town for tests: one street of two communities with two grids each, its units, one user a role."""

import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.test import Client

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.models import Post, Unit, User
from wangge.domain.access.queries import actor_of
from wangge.domain.cases.services.processes import in_use
from wangge.domain.places.models import (
    Area,
    AreaShape,
    AreaVersion,
    Building,
    Compound,
    Dwelling,
    Facility,
    Level,
    Stairwell,
)
from wangge.domain.places.queries import forget_shapes
from wangge.platform import clock

BEGINNING = date(2024, 1, 1)
WEST, SOUTH = 113.25, 23.10
# Side of a grid in degrees, about 200 m.
SIDE = 0.002


@dataclass
class Town:
    """What make_town made. Areas by name; `users` and `units` by role and by key."""

    city: Area
    district: Area
    street: Area
    communities: list[Area]
    grids: list[Area]
    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, role: str) -> Actor:
        """The user of a role with the posts of today."""
        return actor_of(self.users[role], clock.today())

    def client(self, role: str) -> Client:
        """A browser in which the user of a role is signed in."""
        return client_for(self.users[role])


def make_town() -> Town:
    """Areas, units and users. Grid n lies in column n of a row of squares that begins at (WEST, SOUTH)."""
    province = _area("44", "广东省", Level.PROVINCE, None)
    city = _area("4401", "广州市", Level.CITY, province)
    district = _area("440105", "海珠区", Level.DISTRICT, city)
    street = _area("440105008", "南华西街道", Level.STREET, district)
    communities = [
        _area("440105008001", "东社区", Level.COMMUNITY, street),
        _area("440105008002", "西社区", Level.COMMUNITY, street),
    ]
    grids = [
        _area(f"{community.code}00{n}", f"{community.name[0]}{n}网格", Level.GRID, community)
        for community in communities
        for n in (1, 2)
    ]
    _shapes(district, street, communities, grids)
    town = Town(city, district, street, communities, grids)
    _units(town)
    _people(town)
    forget_shapes()
    in_use.forget()
    return town


def client_for(user: User) -> Client:
    """Somebody who signed in just now."""
    client = Client()
    client.force_login(user)
    signed_in(client, user, ago_s=0)
    return client


def signed_in(client: Client, user: User, *, ago_s: float) -> None:
    """As if the password had been given so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago_s}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def point_in(town: Town, grid: Area) -> tuple[float, float]:
    """(lon, lat) in the middle of a grid."""
    return WEST + (town.grids.index(grid) + 0.5) * SIDE, SOUTH + SIDE / 2


def outline(shape: shapely.Geometry) -> dict[str, Any]:
    """The values of an Outlined."""
    return {"wkb": shape.wkb} | dict(zip(("west", "south", "east", "north"), shape.bounds, strict=True))


def make_dwelling(town: Town, grid: Area, room: str = "101") -> Dwelling:
    """A flat in the first stairwell of the grid's one house, which stands in the middle; as the system."""
    lon, lat = point_in(town, grid)
    walls = shapely.box(lon - 0.0001, lat - 0.0001, lon + 0.0001, lat + 0.0001)
    house, _new = Building.objects.get_or_create(
        area=grid,
        address=f"{grid.name}正街1号",
        defaults=outline(walls) | {"lon": lon, "lat": lat, "floors": 7},
    )
    stairwell, _new = Stairwell.objects.get_or_create(building=house, number=1)
    return Dwelling.objects.create(
        building=house, stairwell=stairwell, area=grid, floor=int(room[:-2]), room=room
    )


def make_facility(town: Town, grid: Area, class_code: str = "01001", **values: Any) -> Facility:
    """A well cover in the middle of the grid; its serial is the grid's place in the row."""
    lon, lat = point_in(town, grid)
    serial = town.grids.index(grid) + 1
    return Facility.objects.create(
        code=f"{grid.code[:6]}{class_code}{serial:06d}",
        class_code=class_code,
        area=grid,
        lon=lon,
        lat=lat,
        **{"place": f"{grid.name}正街1号门口", "owner": town.units["urban_management"]} | values,
    )


def make_compound(grid: Area, name: str = "") -> Compound:
    """A compound of the grid's community over the ground of the whole grid."""
    shape = AreaShape.objects.get(version__area=grid)
    ground = outline(shapely.from_wkb(bytes(shape.wkb)))
    return Compound.objects.create(area=grid.parent, name=name or f"{grid.name}花园", **ground)


def make_user(username: str, name: str) -> User:
    user = User(username=username, name=name)
    user.set_unusable_password()
    user.save()
    return user


def give(user: User, role: str, area: Area, unit: Unit | None = None) -> Post:
    return Post.objects.create(user=user, role=role, area=area, unit=unit, starts_on=BEGINNING)


def _area(code: str, name: str, level: str, parent: Area | None) -> Area:
    area = Area.objects.create(code=code, name=name, short_name=name, level=level, parent=parent, path="")
    area.path = f"{parent.path if parent else ''}{area.pk}."
    area.save()
    AreaVersion.objects.create(
        area=area,
        code=code,
        name=name,
        short_name=name,
        parent=parent,
        path=area.path,
        valid=(BEGINNING, None),
    )
    return area


def _shapes(district: Area, street: Area, communities: list[Area], grids: list[Area]) -> None:
    for column, grid in enumerate(grids):
        _shape(grid, column, column + 1)
    for column, community in enumerate(communities):
        _shape(community, 2 * column, 2 * column + 2)
    _shape(street, 0, len(grids))
    _shape(district, 0, len(grids))


def _shape(area: Area, first: int, last: int) -> None:
    west, east, north = WEST + first * SIDE, WEST + last * SIDE, SOUTH + SIDE
    square = shapely.box(west, SOUTH, east, north)
    AreaShape.objects.create(
        version=area.versions.get(), wkb=square.wkb, west=west, south=SOUTH, east=east, north=north
    )


def _units(town: Town) -> None:
    east, west = town.communities
    for key, name, kind, area, duty in (
        ("station", "东社区工作站", "station", east, ""),
        ("station_west", "西社区工作站", "station", west, ""),
        ("street", "南华西街道综合治理中心", "street_centre", town.street, ""),
        ("district", "海珠区网格化服务中心", "district_centre", town.district, ""),
        ("sanitation", "海珠区环卫作业中心", "company", town.district, "sanitation"),
        ("urban_management", "海珠区城市管理局", "department", town.district, "urban_management"),
    ):
        town.units[key] = Unit.objects.create(name=name, short_name=name, kind=kind, area=area, duty=duty)


def _people(town: Town) -> None:
    east, grid = town.communities[0], town.grids[0]
    for role, name, area, unit in (
        (Role.GRID_WORKER, "陈秋芬", grid, "station"),
        (Role.GRID_LEAD, "李浩泉", grid, "station"),
        (Role.STATION_OFFICER, "黄慧珍", east, "station"),
        (Role.STATION_HEAD, "张健辉", east, "station"),
        (Role.STREET_DISPATCHER, "梁婉琼", town.street, "street"),
        (Role.STREET_LEADER, "林永坤", town.street, "street"),
        (Role.DISTRICT_DISPATCHER, "王巧云", town.district, "district"),
        (Role.DISTRICT_LEADER, "吴景和", town.district, "district"),
        (Role.UNIT_OFFICER, "刘佩莲", town.district, "sanitation"),
        (Role.UNIT_HEAD, "何锐钧", town.district, "sanitation"),
        (Role.OPERATOR, "罗静蓉", town.district, None),
        (Role.ADMINISTRATOR, "郑卓宁", town.district, None),
        (Role.PRIVACY_OFFICER, "谢颖桐", town.district, None),
    ):
        user = town.users[role.value] = make_user(role.value, name)
        give(user, role, area, town.units[unit] if unit else None)
