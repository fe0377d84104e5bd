"""Who is told what: from a state's moves to the people who hold the posts."""

from datetime import date

from wangge.domain.access.actor import ActivePost, Role
from wangge.domain.access.queries import holders
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case
from wangge.domain.places.models import LEVELS
from wangge.engines.flow import Definition

LEADERS = {
    "community": (Role.STATION_HEAD,),
    "street": (Role.STREET_DISPATCHER, Role.STREET_LEADER),
    "district": (Role.DISTRICT_DISPATCHER, Role.DISTRICT_LEADER),
}
_AT_GRID = (Role.GRID_WORKER, Role.GRID_LEAD)
_AT_COMMUNITY = (Role.STATION_OFFICER, Role.STATION_HEAD)


def who_is_next(definition: Definition, case: Case, day: date) -> list[int]:
    """Users who can make a main move in the case's state now; not who handled what is judged."""
    wanted = {
        who
        for move in definition.moves
        if case.state in move.sources and move.tone == "primary" and rules.is_work(move.key, case)
        for who in move.who
        if "@" in who and rules.asks(who, definition.state(case.state).owner)
    }
    found = {user for who in sorted(wanted) for user in _holders_of(who, case, day)}
    return sorted(found - set(case.handlers) if case.state in rules.INDEPENDENT else found)


def everybody(case: Case, day: date) -> list[int]:
    """All levels round a case, for an emergency: grid, station, street, district and the lead unit."""
    users = set(holders(day, roles=_AT_GRID + _AT_COMMUNITY, path=case.area_path))
    for level in ("street", "district"):
        users |= set(holders(day, roles=LEADERS[level], path=case.area_path))
    if case.lead_id:
        users |= set(holders(day, roles=(Role.UNIT_OFFICER, Role.UNIT_HEAD), unit_id=case.lead_id))
    return sorted(users)


def supervisors(case: Case, day: date) -> list[int]:
    """Leaders one level above the case."""
    return holders(day, roles=LEADERS[rules.above(case.level)], path=case.area_path)


def heads_over(post: ActivePost, day: date) -> list[int]:
    """Who answers for the holder of a post: the head of the station or centre at its level, or of the unit; for a head
    the leaders one level up."""
    if post.role in (Role.UNIT_OFFICER, Role.UNIT_HEAD):
        return holders(day, roles=(Role.UNIT_HEAD,), unit_id=post.unit_id)
    heads = (Role.STATION_HEAD, Role.STREET_LEADER, Role.DISTRICT_LEADER)
    level = "community" if post.area_level == "grid" else post.area_level
    if post.role in heads:
        level = rules.above(level)
    roles = {"community": heads[0], "street": heads[1], "district": heads[2]}
    return holders(day, roles=(roles[level],), path=post.area_path) if level in roles else []


def _holders_of(who: str, case: Case, day: date) -> list[int]:
    role, _, place = who.partition("@")
    roles = (Role(role),)
    match place:
        case "lead":
            # A station's grid workers act in their own grid alone.
            within = case.area_path if roles[0] in _AT_GRID else None
            return holders(day, roles=roles, unit_id=case.lead_id, path=within) if case.lead_id else []
        case "owner":
            return holders(day, roles=roles, unit_id=case.responsible_id)
        case "level":
            return _at(case.level, roles, case, day)
        case "above":
            return _at(rules.above(case.level), roles, case, day)
        case level if level in LEVELS:
            return _at(level, roles, case, day)
        case _:
            return []


def _at(level: str, roles: tuple[Role, ...], case: Case, day: date) -> list[int]:
    """Holders in the area of this very level: a district's dispatcher is not asked about a street's case."""
    area_id = rules.area_id_at(case.area_path, level)
    return holders(day, roles=roles, area_id=area_id) if area_id else []
