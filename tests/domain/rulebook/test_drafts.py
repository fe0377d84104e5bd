"""A draft of the rules: collected, checked, published together from a day on, never over somebody's head."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework import TESTS
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.cases.models import Responsibility
from wangge.domain.cases.queries.responsibility import matrix
from wangge.domain.cases.services.dispatching import set_responsibility
from wangge.domain.catalogue.models import CalendarOverride, Condition, Matter, Revision
from wangge.domain.catalogue.services import revise_condition
from wangge.domain.catalogue.services.snapshots import of_condition
from wangge.domain.rulebook.models import Draft
from wangge.domain.rulebook.problems import problems_of
from wangge.domain.rulebook.services import changes, drafts
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed


def row_of(code: str = "06011", number: int = 1) -> Condition:
    rows = Condition.objects.filter(matter__kind="event", matter__code=code, number=number)
    return rows.get(valid__endswith__isnull=True)


def longer(row: Condition, **other: Any) -> dict[str, Any]:
    return of_condition(row) | {"amount": row.amount + 3} | other


def put(draft: Draft, row: Condition, **more: Any) -> Any:
    return changes.put_condition(TESTS, draft.pk, row.matter_id, row.number, longer(row), **more)


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def test_everything_begins_together_on_the_day_and_nothing_before(town: Town, draft: Draft) -> None:
    row, day = row_of(), date(clock.today().year + 2, 7, 2)
    put(draft, row)
    unit = town.units["sanitation"]
    changes.put_duty(TESTS, draft.pk, town.district.pk, {"duty": "sanitation", "unit_id": unit.pk})
    changes.put_day(TESTS, draft.pk, town.district.pk, day, False, "防台风")
    assert not Responsibility.objects.exists()
    assert not CalendarOverride.objects.exists()

    drafts.publish(TESTS, draft.pk, tomorrow())
    held = {
        on: Condition.objects.get(matter=row.matter, number=1, valid__contains=on)
        for on in (clock.today(), tomorrow())
    }
    assert [one.amount for one in held.values()] == [row.amount, row.amount + 3]
    block = {on: next(b for b in matrix(town.district, on) if b.duty == "sanitation") for on in held}
    assert [one.line.row and one.line.row.unit for one in block.values()] == [None, unit]
    assert CalendarOverride.objects.get().day == day
    assert {revision.note for revision in Revision.objects.all()} == {"变更方案“汛期调整”"}
    assert Revision.objects.count() == 3


def test_a_change_that_cannot_be_carried_out_keeps_all_others_back(town: Town, draft: Draft) -> None:
    row, unit = row_of(), town.units["sanitation"]
    put(draft, row)
    changes.put_duty(TESTS, draft.pk, town.district.pk, {"duty": "sanitation", "unit_id": unit.pk})
    unit.active = False
    unit.save()
    with pytest.raises(Invalid) as refused:
        drafts.publish(TESTS, draft.pk, tomorrow())
    assert "已停用" in refused.value.text
    assert row_of().amount == row.amount
    draft.refresh_from_db()
    assert draft.state == "open"


def test_what_was_changed_meanwhile_is_not_overwritten_until_somebody_chooses(
    town: Town, draft: Draft
) -> None:
    row = row_of()
    change = put(draft, row)
    revise_condition(TESTS, row.pk, {"amount": 9})
    [problem] = [found for found in problems_of(draft) if found.moved]
    assert problem.change == change
    with pytest.raises(Invalid):
        drafts.publish(TESTS, draft.pk, tomorrow())
    assert row_of().amount == 9
    changes.take_anew(TESTS, change.pk)
    drafts.publish(TESTS, draft.pk, tomorrow())
    assert row_of().amount == row.amount + 3


def test_the_second_editor_of_a_change_is_refused(town: Town, draft: Draft) -> None:
    row = row_of()
    change = put(draft, row, seen=0)
    with pytest.raises(Conflict):
        put(draft, row, seen=0)
    put(draft, row, seen=change.version)
    draft.refresh_from_db()
    with pytest.raises(Conflict):
        drafts.publish(TESTS, draft.pk, tomorrow(), version=draft.version - 1)


def test_a_published_draft_takes_no_more_changes(town: Town, draft: Draft) -> None:
    put(draft, row_of())
    drafts.publish(TESTS, draft.pk, clock.today())
    with pytest.raises(Conflict):
        put(draft, row_of())
    with pytest.raises(Conflict):
        drafts.publish(TESTS, draft.pk, clock.today())


def test_wrong_values_are_refused_at_once(town: Town, draft: Draft) -> None:
    row = row_of()
    for wrong, field in (({"amount": 0}, "amount"), ({"procedure": "emergency", "unit": "work_day"}, "unit")):
        with pytest.raises(Invalid) as refused:
            changes.put_condition(TESTS, draft.pk, row.matter_id, 1, longer(row) | wrong)
        assert field in refused.value.fields
    with pytest.raises(Invalid):
        changes.put_day(TESTS, draft.pk, town.district.pk, clock.today() - timedelta(days=1), True, "补班")
    with pytest.raises(Invalid):
        drafts.publish(TESTS, draft.pk, clock.today())


def test_a_matter_left_without_conditions_and_a_class_without_a_unit_are_found(
    town: Town, draft: Draft
) -> None:
    matter = Matter.objects.get(kind="event", code="06011")
    for row in Condition.objects.filter(matter=matter):
        changes.put_condition(TESTS, draft.pk, matter.pk, row.number, None)
    held = set_responsibility(
        TESTS, area_id=town.district.pk, unit_id=town.units["sanitation"].pk, duty="sanitation"
    )
    changes.end_duty(TESTS, draft.pk, held.pk)
    found = {problem.text: problem.blocks for problem in problems_of(draft)}
    assert found[f"“{matter.name}”将没有立案条件。不再受理时请停用整个事项。"]
    [gap] = [text for text in found if "没有主办单位" in text]
    assert not found[gap]


def test_problems_cost_the_same_for_many_changes(
    town: Town, draft: Draft, django_assert_max_num_queries: Any
) -> None:
    rows = Condition.objects.filter(matter__kind="event", valid__endswith__isnull=True).order_by("pk")[:40]
    for row in rows:
        put(draft, row)
    changes.put_duty(
        TESTS, draft.pk, town.district.pk, {"duty": "sanitation", "unit_id": town.units["sanitation"].pk}
    )
    with django_assert_max_num_queries(14):
        problems_of(draft)


def test_only_administrators_write_drafts(town: Town, people: dict[str, Actor], draft: Draft) -> None:
    leader, row = people["district_leader"], row_of()
    for act in (
        lambda: drafts.new_draft(leader, "x"),
        lambda: changes.put_condition(leader, draft.pk, row.matter_id, 1, longer(row)),
        lambda: drafts.publish(leader, draft.pk, tomorrow()),
        lambda: drafts.drop(leader, draft.pk),
    ):
        with pytest.raises(NotAllowed):
            act()
