"""Who sees what: POLICY and PostgreSQL's own rules against a second telling of the rings."""

import pytest
from django.db import DatabaseError, connection, transaction

from casework import TESTS
from rings import NET, WALL, by_net, by_wall, seen, told
from scene import Scene
from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import POLICY
from wangge.domain.access.rowsecurity import ROWS
from wangge.domain.access.scope import NoActor, acting_as, current_actor
from wangge.domain.cases.models import Case, CaseEvent, Contact, Photo, RepeatAlarm, Sound, Support
from wangge.domain.office.models import Mail, Notice
from wangge.domain.orders.models import Order, OrderImport, OrderRow

MODELS = (
    Case,
    CaseEvent,
    Support,
    Photo,
    Sound,
    Contact,
    RepeatAlarm,
    Notice,
    Mail,
    OrderImport,
    OrderRow,
    Order,
)


def test_every_scoped_model_has_its_rings_told() -> None:
    assert set(WALL) == set(NET) == {label for label, action in POLICY if action == "view"}


def test_everybody_sees_the_rows_of_their_rings_and_no_other(scene: Scene) -> None:
    rows = scene.rows()
    assert all(rows.values()), "a model without a row proves nothing"
    assert seen(by_wall, scene.everybody(), WALL) == told(WALL, scene.everybody(), rows)


def test_the_net_shows_what_the_wall_shows_and_more_only_where_it_says_so(scene: Scene) -> None:
    assert seen(by_net, scene.everybody(), NET) == told(NET, scene.everybody(), scene.rows())


def test_a_department_sees_only_what_was_dispatched_to_it(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    assert by_wall(Case, people["urban_officer"]) == {cases[2].pk, cases[6].pk}


def test_who_administers_sees_no_case_and_nothing_that_hangs_on_one(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    for name in ("administrator", "privacy_officer"):
        for model in (Case, CaseEvent, Support, Photo, Sound, Contact, RepeatAlarm, Notice, Mail):
            assert by_wall(model, people[name]) == set()


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
        for model in (CaseEvent, Photo, Sound, Contact, Support, RepeatAlarm):
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
