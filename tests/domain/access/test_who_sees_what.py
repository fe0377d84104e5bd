"""Who sees what: POLICY against a second telling of the rules, and PostgreSQL's own rules below it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction

from casework import START, TESTS, Road, condition, crowd
from factories import Town, give, make_town, make_user
from wangge.domain.access import apps as access_apps
from wangge.domain.access.actor import ActivePost, Actor, AnyActor, Public, Reporter, Role
from wangge.domain.access.models import Post, ReadLog, StandIn
from wangge.domain.access.policy import POLICY
from wangge.domain.access.queries import actor_of, holders
from wangge.domain.access.rowsecurity import APPEND_ONLY, ROWS
from wangge.domain.access.scope import NoActor, acting_as, current_actor
from wangge.domain.cases.models import Case, CaseEvent, Contact, Photo, RepeatAlarm, Support
from wangge.domain.cases.services import contacts
from wangge.domain.office.models import Mail, Notice
from wangge.domain.office.services import HANDLERS
from wangge.domain.places.queries import forget_shapes
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotFound
from wangge.platform.outbox.services import deliver

STREET = {"level": "street", "proof": "photo_after", "unit": "work_day", "procedure": "ordinary"}
PEOPLE = (
    "grid_worker", "grid_lead", "grid_worker_2", "grid_worker_beside", "grid_worker_west", "station_officer", "station_head",
    "station_officer_west", "street_dispatcher", "street_leader", "district_dispatcher", "district_leader", "unit_officer",
    "unit_head", "urban_officer", "operator", "administrator", "privacy_officer",
)  # fmt: skip


Scene = tuple[Town, dict[str, Actor], list[Case]]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Made once for all tests here, which undo what they do."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(START):
            town = make_town()
        people = crowd(town)
        yield town, people, some_cases(town, people)
        transaction.set_rollback(True)
    forget_shapes()


@pytest.fixture
def undone(scene: Scene) -> Iterator[Scene]:
    with transaction.atomic():
        yield scene
        transaction.set_rollback(True)


@pytest.fixture
def town(undone: Scene) -> Town:
    return undone[0]


@pytest.fixture
def people(undone: Scene) -> dict[str, Actor]:
    return undone[1]


@pytest.fixture
def cases(undone: Scene) -> list[Case]:
    return undone[2]


def some_cases(town: Town, people: dict[str, Actor]) -> list[Case]:
    """East: new, dispatched, supported, waiting for a call (with a contact), closed; west: new, waiting; the neighbour's."""
    chosen = condition(**STREET)
    supported = Road(town, people).filed(chosen)
    urban = town.units["urban_management"].pk
    supported.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=[urban])
    west = Road(town, people, grid=2, phone="13800001111")
    west.move("station_officer_west", "file", matter=chosen.matter_id, condition=chosen.pk)
    west.move("street_dispatcher", "dispatch", unit=urban, supports=[]).move("urban_officer", "accept")
    west.move("urban_officer", "finish").move("street_dispatcher", "pass_check")
    roads = [
        Road(town, people, images=[]),
        Road(town, people, phone="13800002222").dispatched(chosen),
        supported,
        Road(town, people, phone="13800003333", name="王小明")
        .checking(chosen)
        .move("station_officer", "pass_check"),
        Road(town, people, grid=1).closed(chosen),
        Road(town, people, grid=2),
        west,
        Road(town, people, grid=3, actor=people["grid_worker"], channel="worker"),
    ]
    assert [road.case.state for road in roads] == [
        "reported", "dispatched", "dispatched", "callback", "closed", "reported", "callback", "reported",
    ]  # fmt: skip
    with acting_as(TESTS), clock.at(START):
        RepeatAlarm.objects.create(case=roads[0].case, earlier=roads[4].case, made_at=START)
        Mail.objects.create(case=roads[1].case, event_id=1, made_at=START, changed_at=START)
    with clock.at(START + timedelta(days=1)):
        assert deliver(HANDLERS, limit=10_000)
    return [road.case for road in roads]


def everybody(town: Town, people: dict[str, Actor], cases: list[Case]) -> dict[str, AnyActor]:
    neighbour = ActivePost(10**9, Role.STATION_OFFICER, None, 0, f"{cases[0].area_path[:-1]}0.", "community")
    others: dict[str, AnyActor] = {
        "reporter": Reporter(cases[3].receipt_hash),
        "stranger": Reporter("0" * 64),
        "nobody": Reporter(""),
        "public": Public(),
        "without a post": Actor(10**9, "x"),
        # Its path begins like the first case's grid without the dot.
        "beside": Actor(10**9, "x", (neighbour,)),
    }
    return others | {name: people[name] for name in PEOPLE}


def expected(actor: AnyActor, case: Case) -> bool:
    """The rings in other words than POLICY's: ids of areas instead of prefixes."""
    if isinstance(actor, Reporter):
        return case.receipt_hash == actor.receipt_hash
    if not isinstance(actor, Actor):
        return False
    above = {int(part) for part in case.area_path.split(".") if part}
    for post in actor.posts:
        if post.role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER):
            continue
        if post.role in (Role.UNIT_OFFICER, Role.UNIT_HEAD):
            if post.unit_id in (case.lead_id, case.responsible_id, *case.support_units):
                return True
        elif post.role == Role.OPERATOR:
            if post.area_id in above and case.state == "callback":
                return True
        elif post.area_id in above:
            return True
    return case.reported_by_id == actor.user_id


def expected_contact(actor: AnyActor, case: Case) -> bool:
    if isinstance(actor, Reporter):
        return case.receipt_hash == actor.receipt_hash
    callers = (Role.STATION_OFFICER, Role.STATION_HEAD, Role.STREET_DISPATCHER, Role.OPERATOR)
    above = {int(part) for part in case.area_path.split(".") if part}
    here = isinstance(actor, Actor) and any(p.role in callers and p.area_id in above for p in actor.posts)
    return here and case.state == "callback"


def by_wall(model: Any, actor: AnyActor) -> set[int]:
    with acting_as(actor):
        return set(model.objects.values_list("pk", flat=True))


def by_net(model: Any, actor: AnyActor) -> set[int]:
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT {model._meta.pk.column} FROM {model._meta.db_table}")
        return {row[0] for row in cursor.fetchall()}


def test_everybody_sees_the_cases_of_their_ring_and_no_other(
    town: Town, people: dict[str, Actor], cases: list[Case]
) -> None:
    for name, actor in everybody(town, people, cases).items():
        assert by_wall(Case, actor) == {case.pk for case in cases if expected(actor, case)}, name


def test_a_department_sees_only_what_was_dispatched_to_it(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    assert by_wall(Case, people["urban_officer"]) == {cases[2].pk, cases[6].pk}


def test_who_administers_sees_no_case_and_nothing_that_hangs_on_one(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    for name in ("administrator", "privacy_officer"):
        for model in (Case, CaseEvent, Support, Photo, Contact, RepeatAlarm, Notice, Mail):
            assert by_wall(model, people[name]) == set()


def test_a_contact_is_seen_by_the_callers_of_the_place_while_the_call_waits(
    town: Town, people: dict[str, Actor], cases: list[Case]
) -> None:
    with_contact = [case for case in cases if case.has_contact]
    assert len(with_contact) == 3
    for name, actor in everybody(town, people, cases).items():
        wanted = {case.pk for case in with_contact if expected_contact(actor, case)}
        assert by_wall(Contact, actor) == wanted, name


MODELS = (Case, CaseEvent, Support, Photo, Contact, RepeatAlarm, Notice, Mail)


def test_the_net_never_shows_less_than_the_wall_and_more_only_where_it_says_so(
    town: Town, people: dict[str, Actor], cases: list[Case]
) -> None:
    waiting = {case.pk for case in cases if case.state == "callback"}
    own = {cases[3].pk}
    for name, actor in everybody(town, people, cases).items():
        staff = isinstance(actor, Actor)
        for model in MODELS:
            wall, net = by_wall(model, actor), by_net(model, actor)
            assert wall <= net, f"{name} {model.__name__}: row security hides what POLICY shows"
            if model in (Notice, Mail):
                assert net == wall, f"{name} {model.__name__}"
                continue
            # Staff: any case that waits for a call. A reporter: all rows of the own case.
            more = waiting if staff else own if name == "reporter" else set()
            with acting_as(TESTS):
                column = "pk" if model is Case else "case_id"
                allowed = set(model.objects.filter(**{f"{column}__in": more}).values_list("pk", flat=True))
            assert net - wall <= allowed, f"{name} {model.__name__}: row security shows too much"


def test_what_hangs_on_a_case_is_seen_with_the_case(
    town: Town, people: dict[str, Actor], cases: list[Case]
) -> None:
    for name in PEOPLE:
        seen = by_wall(Case, people[name])
        for model in (CaseEvent, Support, Photo, RepeatAlarm):
            with acting_as(TESTS):
                wanted = set(model.objects.filter(case_id__in=seen).values_list("pk", flat=True))
            assert by_wall(model, people[name]) == wanted, f"{name} {model.__name__}"


def test_a_reporter_sees_the_entries_made_for_them_and_no_paper_of_the_staff(cases: list[Case]) -> None:
    reporter = Reporter(cases[3].receipt_hash)
    with acting_as(TESTS):
        public = set(CaseEvent.objects.filter(case=cases[3], public=True).values_list("pk", flat=True))
        assert CaseEvent.objects.filter(case=cases[2], public=False).count() == 0 or public
    assert by_wall(CaseEvent, reporter) == public
    for model in (Support, RepeatAlarm, Notice, Mail):
        assert by_wall(model, reporter) == set()


def test_notices_are_seen_by_their_reader_alone(people: dict[str, Actor], cases: list[Case]) -> None:
    with acting_as(TESTS):
        assert Notice.objects.count() > 10
    for name in PEOPLE:
        with acting_as(TESTS):
            wanted = set(Notice.objects.filter(user_id=people[name].user_id).values_list("pk", flat=True))
        assert by_wall(Notice, people[name]) == wanted == by_net(Notice, people[name])


def test_without_an_actor_there_is_an_error_not_everything(cases: list[Case]) -> None:
    for model in MODELS:
        with pytest.raises(NoActor):
            list(model.objects.all())
    with pytest.raises(NoActor):
        current_actor()


def test_without_settings_raw_sql_shows_no_row(cases: list[Case]) -> None:
    with connection.cursor() as cursor:
        for table in ROWS:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize("kind", ["staff", "reporter", "public", "", "SYSTEM"])
def test_empty_settings_match_nothing(cases: list[Case], kind: str) -> None:
    """After a SET LOCAL the setting is '' and not NULL; a careless rule would then match everything."""
    with connection.cursor() as cursor:
        for name in ("user_id", "patterns", "units", "receipt"):
            cursor.execute(f"SELECT set_config('wangge.{name}', '', true)")
        cursor.execute("SELECT set_config('wangge.kind', %s, true)", [kind])
        shown = {}
        for table in ROWS:
            cursor.execute(f"SELECT count(*) FROM {table}")
            shown[table] = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('wangge.kind', '', true)")
    with acting_as(TESTS):
        waiting = {"cases_case": Case.objects.filter(state="callback").count()}
        for model in (CaseEvent, Photo, Contact, Support, RepeatAlarm):
            waiting[model._meta.db_table] = model.objects.filter(case__state="callback").count()
    stated = waiting if kind == "staff" else {}
    assert shown == {table: stated.get(table, 0) for table in ROWS}


def test_the_scope_of_before_comes_back(people: dict[str, Actor], cases: list[Case]) -> None:
    officer = people["urban_officer"]
    with acting_as(officer):
        with acting_as(TESTS):
            assert Case.objects.count() == len(cases)
        assert Case.objects.count() == len(by_net(Case, officer) - {cases[3].pk}) == 2
        with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_as(TESTS):
            raise ZeroDivisionError
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(TESTS):
            Case.objects.extra(where=["no_such_column"]).count()
        assert current_actor() == officer
        assert by_net(Contact, officer) == {cases[3].pk, cases[6].pk}
    assert by_wall(Case, officer) == {cases[2].pk, cases[6].pk}


# ---- what the database itself refuses


def refused(statement: str) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError, DatabaseError)),
        transaction.atomic(),
        acting_as(TESTS),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_history_and_read_log_are_never_changed(cases: list[Case], table: str) -> None:
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        refused(statement)


def test_the_web_role_owns_nothing_and_cannot_open_the_net(cases: list[Case]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        tables = list(ROWS)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity",
            [tables],
        )
        assert cursor.fetchone() == (len(tables),)
    for table in ROWS:
        refused(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        refused(f"DROP POLICY seen ON {table}")
        refused(f"TRUNCATE {table} CASCADE")
        refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    refused("CREATE OR REPLACE FUNCTION wangge_kind() RETURNS text LANGUAGE sql AS $$ SELECT 'system' $$")


@pytest.mark.django_db
def test_every_table_of_a_scoped_model_has_row_rules() -> None:
    scoped = {apps.get_model(label)._meta.db_table for label, action in POLICY if action == "view"}
    assert set(ROWS) == scoped
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'")
        assert {row[0] for row in cursor.fetchall()} == scoped


@pytest.mark.parametrize("statement", [
    "UPDATE cases_case SET state = 'closed', ended = true",
    "DELETE FROM cases_contact",
    "UPDATE cases_contact SET phone = ''",
])  # fmt: skip
def test_staff_write_nothing_past_the_services(
    people: dict[str, Actor], cases: list[Case], statement: str
) -> None:
    with acting_as(people["district_leader"]), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0


def test_staff_add_nothing_past_the_services(people: dict[str, Actor], cases: list[Case]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(people["station_officer"]):
        CaseEvent.objects.create(
            case=cases[0], seq=99, at=START, move="close", target="closed", actor_kind="x"
        )


# ---- start


def test_a_model_nobody_thought_about_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    config = apps.get_app_config("access")
    config.ready()
    for name, kept in (
        ("POLICY", {key: rule for key, rule in POLICY.items() if key[0] != "cases.Contact"}),
        ("PUBLISHED", access_apps.PUBLISHED - {"places.Area"}),
        ("INTERNAL", access_apps.INTERNAL - {"access.ReadLog"}),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(access_apps, name, kept)
            with pytest.raises(ImproperlyConfigured):
                config.ready()


# ---- contacts


def test_a_look_is_written_down_before_anything_is_shown(people: dict[str, Actor], cases: list[Case]) -> None:
    officer, case = people["station_officer"], cases[3]
    with clock.at(START):
        shown = contacts.unmask(officer, case.pk, contacts.PURPOSES[0])
    assert (shown.name, shown.phone) == ("王小明", "13800003333")
    log = ReadLog.objects.get()
    assert (log.user_id, log.subject, log.purpose) == (
        officer.user_id,
        f"case {case.pk}",
        contacts.PURPOSES[0],
    )


def test_no_log_no_data(people: dict[str, Actor], cases: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(contacts, "log_look", broken)
    with pytest.raises(DatabaseError):
        contacts.unmask(people["station_officer"], cases[3].pk, contacts.PURPOSES[0])


@pytest.mark.parametrize("purpose", ["", "好奇", "回访"])
def test_without_a_stated_purpose_nothing_is_shown(
    people: dict[str, Actor], cases: list[Case], purpose: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        contacts.unmask(people["station_officer"], cases[3].pk, purpose)
    assert "purpose" in wrong.value.fields
    assert not ReadLog.objects.exists()


def test_who_does_not_call_back_is_shown_nothing_and_no_look_is_logged(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    for name in sorted(set(PEOPLE) - {"station_officer", "station_head", "street_dispatcher", "operator"}):
        with pytest.raises(NotFound):
            contacts.unmask(people[name], cases[3].pk, contacts.PURPOSES[0])
        assert contacts.masked(people[name], cases[3].pk) is None
    with pytest.raises(NotFound):
        contacts.unmask(people["station_officer"], cases[1].pk, contacts.PURPOSES[0])
    assert not ReadLog.objects.exists()


def test_a_masked_contact_cannot_be_called(people: dict[str, Actor], cases: list[Case]) -> None:
    shown = contacts.masked(people["station_officer"], cases[3].pk)
    assert shown
    assert (shown.name, shown.phone) == ("王**", "*******3333")


# ---- stand-ins and days


def lend(post: Post, town: Town, first: int, last: int) -> Any:
    helper = make_user("helper", "helper")
    day = START.date()
    StandIn.objects.create(
        post=post, user=helper, starts_on=day + timedelta(days=first), ends_on=day + timedelta(days=last)
    )
    return helper


@pytest.mark.parametrize("name", ["grid_worker", "unit_officer", "operator", "street_dispatcher"])
def test_a_stand_in_sees_exactly_the_scope_of_the_post_on_its_days(
    town: Town, people: dict[str, Actor], cases: list[Case], name: str
) -> None:
    helper = lend(town.users[name].posts.get(), town, 1, 2)
    day = START.date()
    own = {case.pk for case in cases if case.reported_by_id == people[name].user_id}
    scope = by_wall(Case, people[name]) - own
    assert scope
    for after, seen in ((0, set()), (1, scope), (2, scope), (3, set())):
        assert by_wall(Case, actor_of(helper, day + timedelta(days=after))) == seen


def test_standing_in_for_a_post_that_has_not_begun_or_has_ended_gives_nothing(town: Town) -> None:
    day = START.date()
    for begins, ends in ((5, None), (-9, -5)):
        post = Post.objects.create(
            user=town.users["unit_officer"],
            role=Role.UNIT_HEAD,
            area=town.district,
            unit=town.units["sanitation"],
            starts_on=day + timedelta(days=begins),
            ends_on=day + timedelta(days=ends) if ends else None,
        )
        helper = make_user(f"helper{begins}", "helper")
        StandIn.objects.create(post=post, user=helper, starts_on=day, ends_on=day + timedelta(days=9))
        assert actor_of(helper, day).posts == ()


def test_an_operator_of_two_places_sees_the_waiting_calls_of_both(
    town: Town, people: dict[str, Actor], cases: list[Case]
) -> None:
    """A street's operator who stands in for another's."""
    user = make_user("two places", "two places")
    for community in town.communities:
        give(user, Role.OPERATOR, community)
    waiting = {case.pk for case in cases if case.state == "callback"}
    actor = actor_of(user, START.date())
    assert by_wall(Contact, actor) == waiting
    assert by_wall(Case, actor) == waiting


def test_a_closed_account_is_told_nothing(town: Town) -> None:
    helper = lend(town.users["unit_officer"].posts.get(), town, 0, 5)
    find: Callable[[], list[int]] = lambda: holders(  # noqa: E731
        START.date(), roles=(Role.UNIT_OFFICER,), unit_id=town.units["sanitation"].pk
    )
    assert helper.pk in find()
    helper.is_active = False
    helper.save()
    assert helper.pk not in find()
