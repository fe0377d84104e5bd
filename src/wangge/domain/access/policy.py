"""Who may see and do what: the whole truth, one entry for each model and action.

An entry answers with a Q over the model's rows. A model of the domain that is neither in POLICY nor
in PUBLISHED stops the start. PostgreSQL's row security (rowsecurity.py) is the net below.
"""

from collections.abc import Callable

from django.apps import apps
from django.db.models import Exists, Q

from wangge.domain.access.actor import Actor, AnyActor, Client, Public, Reporter, Role, System
from wangge.platform import clock

Rule = Callable[[AnyActor], Q]

ALL = Q()
NONE = Q(pk__in=[])

# Who may call a reporter back, and so may see how to reach them while a case waits for it.
CALL_BACK_ROLES = (Role.STATION_OFFICER, Role.STATION_HEAD, Role.STREET_DISPATCHER)
# Who heads a unit, and so sees and makes its hand-over lists.
HEAD_ROLES = (Role.STATION_HEAD, Role.STREET_LEADER, Role.DISTRICT_LEADER, Role.UNIT_HEAD)


# Who keeps the buildings, dwellings and facilities of the area of their post.
KEEPER_ROLES = frozenset(
    {Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD, Role.STREET_DISPATCHER}
)

# Who drafts how the communities of the area of their post are divided into grids; administrators do so everywhere.
PLANNER_ROLES = frozenset({Role.STATION_HEAD, Role.STREET_DISPATCHER, Role.STREET_LEADER})

# Who sees to what phones of their community brought and the server could not carry out.
STATION_ROLES = frozenset({Role.STATION_OFFICER, Role.STATION_HEAD})

# Who keeps the register of the area of their post and sees it; a street sees it on an errand only.
REGISTER_ROLES = frozenset({Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD})
# Who may take a file of it away: a right of its own.
EXPORT_ROLES = frozenset({Role.STATION_HEAD})
ERRAND_ROLES = frozenset({Role.STREET_DISPATCHER, Role.STREET_LEADER})

# By the number of areas on the path: the column that holds the last one's id.
_COLUMNS = {3: "in_district", 4: "in_street", 5: "in_community", 6: "area_id"}


def within(path: str, prefix: str = "") -> Q:
    """Cases of an area and of all below it: by an indexed id from the district down, by the path above."""
    column = _COLUMNS.get(path.count("."))
    if column is None:
        return Q(**{f"{prefix}area_path__startswith": path})
    return Q(**{f"{prefix}{column}": int(path.rstrip(".").rpartition(".")[2])})


def _paths(paths: tuple[str, ...], prefix: str = "") -> Q:
    found = NONE
    for path in paths:
        found |= within(path, prefix)
    return found


def case_ways(actor: Actor) -> list[Q]:
    """The ways in which a member of staff may see a case: in their area, reported by them, responsible or in the lead,
    called back by the operator; and, when they have units, last of all, supporting. An index serves each but that."""
    ways = [*(within(path) for path in actor.area_paths), Q(reported_by_id=actor.user_id)]
    # The phone operator calls back for the whole area, and for nothing else.
    called = (post.area_path for post in actor.posts if post.role == Role.OPERATOR)
    ways += [within(path) & Q(state="callback") for path in called]
    if actor.unit_ids:
        ways += [Q(responsible_id__in=actor.unit_ids), Q(lead_id__in=actor.unit_ids)]
        ways.append(Q(support_units__overlap=list(actor.unit_ids)))
    return ways


def _case_view(actor: AnyActor) -> Q:
    """Staff: the ways above; a reporter: the case of their receipt."""
    match actor:
        case System():
            return ALL
        case Reporter(receipt_hash=receipt):
            return Q(receipt_hash=receipt)
        case Actor():
            seen = NONE
            for way in case_ways(actor):
                seen |= way
            return seen
        case Public():
            return NONE


def _of_visible_case(actor: AnyActor) -> Q:
    if isinstance(actor, System):
        return ALL
    visible = apps.get_model("cases", "Case")._base_manager.filter(_case_view(actor))
    return Q(case_id__in=visible.values("pk"))


def _event_view(actor: AnyActor) -> Q:
    """Staff see the whole history of their cases; a reporter sees the entries made for them."""
    seen = _of_visible_case(actor)
    return seen & Q(public=True) if isinstance(actor, Reporter) else seen


def _support_view(actor: AnyActor) -> Q:
    return NONE if isinstance(actor, Reporter | Public) else _of_visible_case(actor)


def _contact_view(actor: AnyActor) -> Q:
    """Only who must call back, only while the case waits for it; the reporter sees their own."""
    match actor:
        case System():
            return ALL
        case Reporter(receipt_hash=receipt):
            return Q(case__receipt_hash=receipt)
        case Actor():
            callers = (post for post in actor.posts if post.role in (*CALL_BACK_ROLES, Role.OPERATOR))
            return Q(case__state="callback") & _paths(tuple(post.area_path for post in callers), "case__")
        case Public():
            return NONE


def _own_import(actor: AnyActor, prefix: str = "") -> Q:
    """An uploaded list is its uploader's alone."""
    match actor:
        case System():
            return ALL
        case Actor():
            return Q(**{f"{prefix}user_id": actor.user_id})
        case _:
            return NONE


def _own_import_row(actor: AnyActor) -> Q:
    return _own_import(actor, "batch__")


def _own(actor: AnyActor) -> Q:
    match actor:
        case System():
            return ALL
        case Actor():
            return Q(user_id=actor.user_id)
        case _:
            return NONE


def _in_ring(actor: AnyActor) -> Q:
    """Rows of a grid, by its id: whoever serves an area sees those of the grids below it."""
    match actor:
        case System():
            return ALL
        case Actor():
            found = NONE
            for path in actor.area_paths:
                found |= Q(area__path__startswith=path)
            return found
        case _:
            return NONE


def _shift_view(actor: AnyActor) -> Q:
    """Rosters: one's own shifts, and those of the areas one serves."""
    return _own(actor) | _in_ring(actor)


def _aside_view(actor: AnyActor) -> Q:
    """What a phone brought: its owner, and the station of the place where they work."""
    if isinstance(actor, System):
        return ALL
    return _own(actor) | _of_station(actor)


def _record_view(actor: AnyActor) -> Q:
    """Its owner; the station only where the server could not carry it out."""
    if isinstance(actor, System):
        return ALL
    return _own(actor) | _of_station(actor) & Q(state__in=["refused", "differs"])


def _of_station(actor: AnyActor) -> Q:
    found = NONE
    for path in _paths_of(actor, STATION_ROLES) if isinstance(actor, Actor) else ():
        found |= Q(area__path__startswith=path)
    return found


def near_paths(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas whose register the actor keeps; a system keeps none."""
    return _paths_of(actor, REGISTER_ROLES)


def export_paths(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas of whose register the actor may take a file away."""
    return _paths_of(actor, EXPORT_ROLES)


def errand_paths(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas whose register the actor may see on an errand."""
    return _paths_of(actor, ERRAND_ROLES)


def _paths_of(actor: Actor, roles: frozenset[Role]) -> tuple[str, ...]:
    if isinstance(actor, Client):
        return ()
    return tuple(sorted({post.area_path for post in actor.posts if post.role in roles}))


def _register(actor: AnyActor) -> Q:
    """Rows of the register: whoever keeps it there; a street while an errand of the actor is open."""
    match actor:
        case System():
            return ALL
        case Actor():
            found = NONE
            for path in near_paths(actor):
                found |= Q(area__path__startswith=path)
            for path in errand_paths(actor):
                found |= Q(_errand(actor, path), area__path__startswith=path)
            return found
        case _:
            return NONE


def _errand(actor: Actor, path: str) -> Exists:
    """Whether the actor is on an errand in this very area."""
    errands = apps.get_model("register", "Errand")._base_manager
    return Exists(errands.filter(user_id=actor.user_id, area__path=path, until__gt=clock.now()))


def _resident_view(actor: AnyActor) -> Q:
    """Residents of one's ring, and single ones by a grant."""
    seen = _register(actor)
    if isinstance(actor, Actor):
        grants = apps.get_model("register", "Grant")._base_manager
        running = grants.filter(user_id=actor.user_id, ended_at__isnull=True, until__gt=clock.now())
        seen |= Q(pk__in=running.values("resident_id"))
    return seen


def _grant_view(actor: AnyActor) -> Q:
    return _register(actor) | _own(actor)


def _view_view(actor: AnyActor) -> Q:
    """Saved views: one's own, and what a colleague shares with a unit in which one has a post; systems have none."""
    match actor:
        case System():
            return ALL
        case Actor() if not isinstance(actor, Client):
            units = {post.unit_id for post in actor.posts if post.unit_id}
            return Q(user_id=actor.user_id) | Q(unit_id__in=units, removed_at__isnull=True)
        case _:
            return NONE


def _handover_view(actor: AnyActor) -> Q:
    """Who gives, who takes over, and who heads the unit."""
    match actor:
        case System():
            return ALL
        case Actor():
            heads = [post.unit_id for post in actor.posts if post.role in HEAD_ROLES and post.unit_id]
            return Q(giver_id=actor.user_id) | Q(receiver_id=actor.user_id) | Q(unit_id__in=heads)
        case _:
            return NONE


def _of_visible_handover(actor: AnyActor) -> Q:
    if isinstance(actor, System):
        return ALL
    visible = apps.get_model("office", "HandOver")._base_manager.filter(_handover_view(actor))
    return Q(handover_id__in=visible.values("pk"))


def _plan_view(actor: AnyActor) -> Q:
    """Plans of grids: who drafts them in the area, and administrators."""
    match actor:
        case System():
            return ALL
        case Actor():
            if actor.has(Role.ADMINISTRATOR):
                return ALL
            found = NONE
            for path in planned_paths(actor):
                found |= Q(area__path__startswith=path)
            return found
        case _:
            return NONE


def _of_visible_plan(actor: AnyActor, prefix: str = "") -> Q:
    if isinstance(actor, System):
        return ALL
    visible = apps.get_model("planning", "Plan")._base_manager.filter(_plan_view(actor))
    return Q(**{f"{prefix}plan_id__in": visible.values("pk")})


def _edit_view(actor: AnyActor) -> Q:
    return _of_visible_plan(actor, "alternative__")


def _system_only(actor: AnyActor) -> Q:
    return ALL if isinstance(actor, System) else NONE


def _own_of_client(actor: AnyActor) -> Q:
    """What belongs to another system is its own affair; administrators come by a service."""
    match actor:
        case System():
            return ALL
        case Client(user_id=user_id):
            return Q(client_id=user_id)
        case _:
            return NONE


POLICY: dict[tuple[str, str], Rule] = {
    ("places.Dwelling", "view"): _in_ring,
    ("places.Panorama", "view"): _in_ring,
    ("register.Household", "view"): _register,
    ("register.Resident", "view"): _resident_view,
    ("register.NameMark", "view"): _register,
    ("register.Detail", "view"): _register,
    ("register.Merge", "view"): _register,
    ("register.Tenancy", "view"): _register,
    ("register.HomeCheck", "view"): _register,
    ("register.Organisation", "view"): _register,
    ("register.CareNeed", "view"): _register,
    ("register.Correction", "view"): _register,
    ("visits.DiaryEntry", "view"): _register,
    ("visits.Comment", "view"): _register,
    ("visits.VisitPlan", "view"): _register,
    ("visits.Visit", "view"): _register,
    ("visits.Meeting", "view"): _register,
    ("visits.FollowUp", "view"): _register,
    ("shifts.Shift", "view"): _shift_view,
    ("register.Errand", "view"): _own,
    ("register.Grant", "view"): _grant_view,
    ("cases.Case", "view"): _case_view,
    ("cases.CaseEvent", "view"): _event_view,
    ("cases.Support", "view"): _support_view,
    ("cases.Photo", "view"): _of_visible_case,
    ("cases.Sound", "view"): _support_view,
    ("cases.Contact", "view"): _contact_view,
    ("cases.RepeatAlarm", "view"): _support_view,
    ("orders.OrderImport", "view"): _own_import,
    ("orders.OrderRow", "view"): _own_import_row,
    ("orders.Order", "view"): _support_view,
    ("enrolment.Enrolment", "view"): _own_import,
    ("enrolment.EnrolmentRow", "view"): _own_import_row,
    ("enrolment.Enrolled", "view"): _own_import_row,
    ("bulk.Run", "view"): _own,
    ("boards.PrintRun", "view"): _own,
    ("exports.ListFile", "view"): _own,
    ("field.Device", "view"): _own,
    ("field.Record", "view"): _record_view,
    ("field.Aside", "view"): _aside_view,
    ("field.Upload", "view"): _own,
    ("planning.Plan", "view"): _plan_view,
    ("planning.Alternative", "view"): _of_visible_plan,
    ("planning.Edit", "view"): _edit_view,
    ("office.Notice", "view"): _own,
    ("office.SavedView", "view"): _view_view,
    ("office.HandOver", "view"): _handover_view,
    ("office.HandOverLine", "view"): _of_visible_handover,
    ("office.Mail", "view"): _system_only,
    ("exchange.Answer", "view"): _own_of_client,
    ("exchange.Webhook", "view"): _own_of_client,
    ("exchange.Delivery", "view"): _own_of_client,
}

# Reference data that anybody may read; writing is for administrators, in the services.
PUBLISHED = frozenset(
    {
        "places.Area",
        "places.AreaVersion",
        "places.AreaShape",
        "places.AreaChange",
        "places.Succession",
        "places.GridCodeScheme",
        "places.GridSize",
        "places.LocalCode",
        "places.MapFeature",
        "places.MapStamp",
        "places.Compound",
        "places.Building",
        "places.Stairwell",
        "places.Facility",
        "boards.Duties",
        "boards.Card",
        "access.Unit",
        "access.Post",
        "access.StandIn",
        "access.LookDay",
        "access.LookHead",
        "catalogue.Matter",
        "catalogue.Condition",
        "catalogue.WorkingHours",
        "catalogue.CalendarOverride",
        "catalogue.Revision",
        "cases.Process",
        "cases.Responsibility",
    }
)

# Tables of the machinery: no page lists them; services read and write them by key.
INTERNAL = frozenset(
    {
        "places.DwellingBatch",
        "register.PhoneCode",
        "access.User",
        "access.ReadLog",
        "access.LookLink",
        "access.PersonKey",
        "access.Session",
        "access.Lock",
        "cases.CaseWords",
        "cases.Serial",
        "orders.ColumnLayout",
        "enrolment.ColumnMemory",
        "rulebook.Draft",
        "rulebook.DraftChange",
        "rulebook.Simulation",
        "rulebook.Upload",
        "cases.ProcessDraft",
        "cases.DraftStep",
        "cases.Simulation",
        "exchange.Client",
        "exchange.Token",
        "exchange.Usage",
    }
)


def may_inspect(actor: AnyActor) -> bool:
    """Whether the actor may read who looked at personal data and why."""
    return isinstance(actor, Actor) and actor.has(Role.PRIVACY_OFFICER)


def may_administer(actor: AnyActor) -> bool:
    """Whether the actor may change organisations, posts, catalogue, calendar and lists."""
    return isinstance(actor, System) or (isinstance(actor, Actor) and actor.has(Role.ADMINISTRATOR))


def may_settle_records(actor: AnyActor) -> bool:
    """Whether the actor reads records of the phones of a community that could not be carried out."""
    return isinstance(actor, Actor) and bool(_paths_of(actor, STATION_ROLES))


def may_keep_places(actor: AnyActor, path: str) -> bool:
    """Whether the actor may change buildings, dwellings and facilities in the area of this path."""
    if isinstance(actor, Actor):
        return any(post.role in KEEPER_ROLES and path.startswith(post.area_path) for post in actor.posts)
    return isinstance(actor, System)


def planned_paths(actor: AnyActor) -> tuple[str, ...]:
    """Paths of the areas whose communities the actor drafts plans for, by a post."""
    return _paths_of(actor, PLANNER_ROLES) if isinstance(actor, Actor) else ()


def may_plan(actor: AnyActor, path: str) -> bool:
    """Whether the actor may draft how the community of this path is divided into grids."""
    return may_administer(actor) or any(path.startswith(own) for own in planned_paths(actor))
