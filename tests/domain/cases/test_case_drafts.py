"""Drafts of the case process: edited by steps, in two at once, simulated on past cases, published."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import START, TESTS, Road, condition
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Process, ProcessDraft, Simulation
from wangge.domain.cases.queries import lists
from wangge.domain.cases.services import drafts, simulating
from wangge.domain.cases.services.drafts import Edited, mark
from wangge.domain.cases.services.processes import (
    built_in,
    has_update,
    in_use,
    newest,
    publish,
    publish_built_in,
)
from wangge.domain.office.models import Notice
from wangge.domain.office.services.notices import HANDLERS
from wangge.engines.flow import Definition, Element
from wangge.engines.flow.editing import find, put
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound
from wangge.platform.outbox.models import Message
from wangge.platform.outbox.services import deliver

CHECKING = Element("", "state", "checking")
RETURN = Element("", "move", "return")
PASS_CHECK = Element("", "move", "pass_check")
STREET = {"level": "street", "procedure": "ordinary", "unit": "work_day"}


@pytest.fixture
def admin(people: dict[str, Actor]) -> Actor:
    return people["administrator"]


@pytest.fixture
def draft(admin: Actor) -> ProcessDraft:
    return drafts.begin(admin, name="核查限时", base=newest())


def edit(actor: Actor, draft: ProcessDraft, element: Element, **values: Any) -> ProcessDraft:
    """One edit of an element as its form makes it."""
    draft.refresh_from_db()
    present = find(draft.data, element)
    assert present
    return drafts.put(actor, draft.pk, element, copy.deepcopy(present) | values, mark(present))


def simulated(actor: Actor, draft: ProcessDraft) -> dict[str, Any]:
    run = simulating.start(actor, draft.pk)
    simulating.run(run.pk)
    run.refresh_from_db()
    assert run.state == Simulation.State.DONE
    found: dict[str, Any] = run.result
    return found


class TestEditing:
    @pytest.mark.parametrize("who", ["station_head", "street_dispatcher", "district_leader"])
    def test_nobody_but_an_administrator_may(
        self, people: dict[str, Actor], draft: ProcessDraft, who: str
    ) -> None:
        acts = (
            lambda: drafts.begin(people[who], name="x"),
            lambda: edit(people[who], draft, CHECKING, limit="2 work_day"),
            lambda: drafts.remove(people[who], draft.pk, CHECKING, draft.version),
            lambda: drafts.step_to(people[who], draft.pk, -1, draft.version),
            lambda: drafts.discard(people[who], draft.pk),
            lambda: drafts.publish_draft(people[who], draft.pk, draft.version, reason="x"),
            lambda: simulating.start(people[who], draft.pk),
            lambda: simulating.cancel(people[who], draft.pk),
        )
        for act in acts:
            with pytest.raises(NotAllowed):
                act()

    def test_undo_and_redo_walk_the_steps_and_a_new_edit_forgets_what_was_undone(
        self, admin: Actor, draft: ProcessDraft
    ) -> None:
        began = draft.data
        edit(admin, draft, CHECKING, limit="2 work_day")
        two = edit(admin, draft, CHECKING, limit="3 work_day").data
        draft.refresh_from_db()
        drafts.step_to(admin, draft.pk, -1, draft.version)
        back = drafts.step_to(admin, draft.pk, -1, draft.version + 1)
        assert back.data == began
        drafts.step_to(admin, draft.pk, 1, back.version)
        again = drafts.step_to(admin, draft.pk, 1, back.version + 1)
        assert again.data == two
        drafts.step_to(admin, draft.pk, -1, again.version)
        edit(admin, draft, CHECKING, limit="9 work_day")
        draft.refresh_from_db()
        assert drafts.step_to(admin, draft.pk, 1, draft.version).version == draft.version

    def test_edits_of_different_elements_by_two_people_both_stand(
        self, admin: Actor, draft: ProcessDraft
    ) -> None:
        was = {element: find(draft.data, element) for element in (CHECKING, RETURN)}
        drafts.put(
            admin, draft.pk, CHECKING, {**(was[CHECKING] or {}), "limit": "2 work_day"}, mark(was[CHECKING])
        )
        drafts.put(admin, draft.pk, RETURN, {**(was[RETURN] or {}), "name": "退回"}, mark(was[RETURN]))
        draft.refresh_from_db()
        assert find(draft.data, CHECKING)["limit"] == "2 work_day"  # type: ignore[index]
        assert find(draft.data, RETURN)["name"] == "退回"  # type: ignore[index]

    def test_the_second_to_edit_an_element_is_shown_the_first_and_nothing_is_overwritten(
        self, admin: Actor, draft: ProcessDraft
    ) -> None:
        was = find(draft.data, CHECKING) or {}
        drafts.put(admin, draft.pk, CHECKING, {**was, "limit": "2 work_day"}, mark(was))
        with pytest.raises(Edited) as conflict:
            drafts.put(admin, draft.pk, CHECKING, {**was, "limit": "3 work_day"}, mark(was))
        present = conflict.value.present
        assert present is not None
        assert present["limit"] == "2 work_day"
        drafts.put(admin, draft.pk, CHECKING, {**was, "limit": "3 work_day"}, mark(present))
        draft.refresh_from_db()
        assert find(draft.data, CHECKING)["limit"] == "3 work_day"  # type: ignore[index]

    def test_an_edit_of_what_somebody_removed_is_a_conflict_too(
        self, admin: Actor, draft: ProcessDraft
    ) -> None:
        was = find(draft.data, RETURN) or {}
        drafts.remove(admin, draft.pk, RETURN, draft.version)
        with pytest.raises(Edited) as conflict:
            drafts.put(admin, draft.pk, RETURN, {**was, "name": "退回"}, mark(was))
        assert conflict.value.present is None

    def test_removing_on_an_old_look_at_the_draft_is_refused(self, admin: Actor, draft: ProcessDraft) -> None:
        edit(admin, draft, CHECKING, limit="2 work_day")
        with pytest.raises(Conflict):
            drafts.remove(admin, draft.pk, RETURN, draft.version)

    def test_the_start_is_not_removed(self, admin: Actor, draft: ProcessDraft) -> None:
        with pytest.raises(Invalid):
            drafts.remove(admin, draft.pk, Element("", "state", "reported"), draft.version)

    def test_an_element_that_is_not_there_is_not_found(self, admin: Actor, draft: ProcessDraft) -> None:
        with pytest.raises(NotFound):
            drafts.remove(admin, draft.pk, Element("", "move", "nothing"), draft.version)

    def test_what_is_no_definition_is_refused_with_its_path(self, admin: Actor, draft: ProcessDraft) -> None:
        with pytest.raises(Invalid) as refusal:
            edit(admin, draft, CHECKING, clock="sundial")
        assert list(refusal.value.fields) == ["states[13].clock"]

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("a.toml", b"key = ", "文件读不懂"),
            ("a.json", b"{", "文件读不懂"),
            ("a.json", b'{"key": "case", "name": "x", "start": "a", "states": [{"key": "a"}], "moves": []}', "states[0].name"),
            ("a.toml", b"\xff\xfe", "文件读不懂"),
            ("a.json", b"[" * 100_000, "文件读不懂"),
            ("a.toml", b" " * (drafts.LARGEST_FILE + 1), "1 MB"),
        ],
    )  # fmt: skip
    def test_a_bad_file_is_refused_with_what_is_wrong(self, name: str, content: bytes, said: str) -> None:
        with pytest.raises(Invalid) as refusal:
            drafts.read_file(name, content)
        assert said in refusal.value.fields["file"]


class TestSimulation:
    def test_an_unchanged_draft_differs_nowhere(
        self, town: Town, people: dict[str, Actor], admin: Actor, draft: ProcessDraft
    ) -> None:
        for lived in (Road.closed, Road.closing, Road.handling, Road.dispatched, Road.filed):
            lived(Road(town, people, phone="13800001234"), condition(**STREET))
        Road(town, people).dispatched(condition(**STREET)).move("unit_officer", "return")
        found = simulated(admin, draft)
        assert (found["cases"], found["same"], found["otherwise"], found["unclear"]) == (6, 6, 0, 0)
        assert found["differences"] == found["units"] == []
        assert all(
            row["late"] == row["late_then"] and row["stays"] == row["stays_then"] for row in found["states"]
        )

    def test_a_person_taken_away_is_found_in_exactly_the_cases_where_they_acted(
        self, town: Town, people: dict[str, Actor], admin: Actor, draft: ProcessDraft
    ) -> None:
        hit = Road(town, people).dispatched(condition(**STREET)).move("unit_officer", "return").case
        Road(town, people).dispatched(condition(**STREET)).move("unit_head", "return")
        Road(town, people).closed(condition(**STREET))
        edit(admin, draft, RETURN, who=["unit_head@lead"])
        found = simulated(admin, draft)
        [group] = found["differences"]
        assert (group["kind"], group["move"], group["count"], group["code"]) == (
            "refused",
            "return",
            1,
            "not_yours",
        )
        assert group["examples"] == [[hit.pk, hit.number]]
        assert (found["same"], found["otherwise"], found["unclear"]) == (2, 1, 0)

    def test_another_target_is_found_with_where_it_leads(
        self, town: Town, people: dict[str, Actor], admin: Actor, draft: ProcessDraft
    ) -> None:
        Road(town, people).dispatched(condition(**STREET)).move("unit_officer", "return")
        ways = [{"when": "case.returns >= 0", "to": "arbitration"}, {"to": "filed"}]
        edit(admin, draft, RETURN, to=ways)
        [group] = simulated(admin, draft)["differences"]
        assert (group["kind"], group["target"], group["leads"]) == ("target", "filed", "arbitration")

    def test_a_shorter_limit_counts_who_would_be_overdue_and_another_owner_who_gets_it(
        self, town: Town, people: dict[str, Actor], admin: Actor, draft: ProcessDraft
    ) -> None:
        for minutes in (5, 300):
            road = Road(town, people).checking(condition(**STREET)).later(minutes=minutes)
            road.move("station_officer", "pass_check")
        edit(admin, draft, CHECKING, limit="1 work_hour", owner="street")
        with clock.at(START + timedelta(days=1)):
            found = simulated(admin, draft)
        [checking] = [row for row in found["states"] if row["key"] == "checking"]
        assert (checking["stays"], checking["late"], checking["late_then"]) == (2, 0, 1)
        units = {
            row["name"]: (row["stays_then"] - row["stays"], row["late_then"] - row["late"])
            for row in found["units"]
        }
        assert units == {town.units["station"].name: (-2, 0), town.units["street"].name: (2, 1)}

    def test_statements_grow_with_chunks_not_with_cases(
        self, town: Town, people: dict[str, Actor], admin: Actor, draft: ProcessDraft
    ) -> None:
        def cost() -> int:
            run = simulating.start(admin, draft.pk)
            with CaptureQueriesContext(connection) as asked:
                simulating.run(run.pk)
            return len(asked)

        Road(town, people).closed(condition(**STREET))
        edit(admin, draft, CHECKING, limit="2 work_day", owner="street")
        cost()
        one = cost()
        for _ in range(4):
            Road(town, people).closed(condition(**STREET))
        assert cost() == one

    def test_a_cancelled_run_stops_and_keeps_nothing(
        self, town: Town, people: dict[str, Actor], admin: Actor, draft: ProcessDraft
    ) -> None:
        Road(town, people)
        run = simulating.start(admin, draft.pk)
        simulating.cancel(admin, draft.pk)
        simulating.run(run.pk)
        run.refresh_from_db()
        assert (run.state, run.result, run.done) == (Simulation.State.CANCELLED, None, 0)

    def test_asking_twice_is_one_run_and_an_edit_makes_it_stale(
        self, admin: Actor, draft: ProcessDraft
    ) -> None:
        first = simulating.start(admin, draft.pk)
        assert simulating.start(admin, draft.pk).pk == first.pk
        simulating.run(first.pk)
        assert drafts.is_simulated(draft)
        assert not drafts.is_simulated(edit(admin, draft, CHECKING, limit="2 work_day"))

    def test_a_run_whose_worker_died_may_be_asked_for_again(self, admin: Actor, draft: ProcessDraft) -> None:
        first = simulating.start(admin, draft.pk)
        with clock.at(clock.now() + simulating.LOST_AFTER + timedelta(seconds=1)):
            assert simulating.is_lost(first)
            assert simulating.start(admin, draft.pk).pk != first.pk

    def test_a_draft_with_problems_is_not_simulated(self, admin: Actor, draft: ProcessDraft) -> None:
        edit(admin, draft, RETURN, to="nowhere")
        with pytest.raises(Invalid):
            simulating.start(admin, draft.pk)


class TestPublishing:
    def test_new_cases_follow_the_new_version_and_running_ones_stay(
        self, town: Town, people: dict[str, Actor], admin: Actor, draft: ProcessDraft
    ) -> None:
        running = Road(town, people).checking(condition(**STREET))
        now = edit(admin, draft, CHECKING, limit="5 work_day")
        simulated(admin, now)
        process = drafts.publish_draft(admin, draft.pk, now.version)
        assert (process.version, process.origin, process.published_by_id) == (2, "edited", admin.user_id)
        later = Road(town, people)
        assert (running.case.process.version, later.case.process.version) == (1, 2)
        running.move("station_officer", "pass_check")
        assert running.case.process.version == 1

    def test_it_takes_a_simulation_of_this_very_draft_or_a_reason(
        self, admin: Actor, draft: ProcessDraft
    ) -> None:
        simulated(admin, draft)
        now = edit(admin, draft, CHECKING, limit="5 work_day")
        with pytest.raises(Invalid):
            drafts.publish_draft(admin, draft.pk, now.version)
        process = drafts.publish_draft(admin, draft.pk, now.version, reason="防汛期间先行")
        assert "防汛期间先行" in process.note

    def test_a_problem_stops_it_whatever_the_reason(self, admin: Actor, draft: ProcessDraft) -> None:
        now = edit(admin, draft, RETURN, to="nowhere")
        with pytest.raises(Invalid):
            drafts.publish_draft(admin, draft.pk, now.version, reason="急")
        assert Process.objects.count() == 1

    def test_an_old_look_and_a_published_draft_are_conflicts(self, admin: Actor, draft: ProcessDraft) -> None:
        now = edit(admin, draft, CHECKING, limit="5 work_day")
        with pytest.raises(Conflict):
            drafts.publish_draft(admin, draft.pk, now.version - 1, reason="x")
        drafts.publish_draft(admin, draft.pk, now.version, reason="x")
        for act in (
            lambda: drafts.publish_draft(admin, draft.pk, now.version, reason="x"),
            lambda: edit(admin, draft, CHECKING, limit="6 work_day"),
            lambda: drafts.discard(admin, draft.pk),
        ):
            with pytest.raises(Conflict):
                act()

    def test_the_whole_staff_is_told_once(
        self, people: dict[str, Actor], admin: Actor, draft: ProcessDraft
    ) -> None:
        now = edit(admin, draft, CHECKING, limit="5 work_day")
        drafts.publish_draft(admin, draft.pk, now.version, reason="x")
        for _ in range(2):
            Message.objects.filter(topic="process.published").update(done_at=None)
            deliver(HANDLERS)
        with acting_as(TESTS):
            told = list(Notice.objects.filter(kind="process_published").values_list("user_id", flat=True))
        assert sorted(told) == sorted(actor.user_id for actor in people.values())

    def test_an_upgrade_follows_an_untouched_process_and_is_offered_to_an_edited_one(
        self, admin: Actor, draft: ProcessDraft, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = built_in().to_data()
        later = Definition.from_data(changed(data, CHECKING, limit="7 work_day"))
        monkeypatch.setattr("wangge.domain.cases.services.processes.built_in", lambda: later)
        assert not has_update()
        assert publish_built_in().version == 2
        assert publish_built_in().version == 2
        now = edit(admin, draft, CHECKING, limit="5 work_day")
        drafts.publish_draft(admin, draft.pk, now.version, reason="x")
        assert publish_built_in().version == 3
        assert not has_update()
        newer = Definition.from_data(changed(data, CHECKING, limit="8 work_day"))
        monkeypatch.setattr("wangge.domain.cases.services.processes.built_in", lambda: newer)
        assert publish_built_in().version == 3
        assert has_update()


class TestOlderVersions:
    def test_a_case_on_an_older_version_is_the_work_of_whom_that_version_asks(
        self, town: Town, people: dict[str, Actor]
    ) -> None:
        old = Road(town, people).checking(condition(**STREET)).case
        data = changed(built_in().to_data(), PASS_CHECK, who=["station_head@community"])
        publish(Definition.from_data(data), origin=Process.Origin.EDITED)
        in_use.forget()
        new = Road(town, people).checking(condition(**STREET)).case
        assert work(people["station_officer"]) == {old.pk}
        assert work(people["station_head"]) == {old.pk, new.pk}

    def test_my_work_costs_the_same_with_several_versions(self, town: Town, people: dict[str, Actor]) -> None:
        def cost() -> int:
            work(people["station_officer"])
            with CaptureQueriesContext(connection) as asked:
                work(people["station_officer"])
            return len(asked)

        Road(town, people)
        one = cost()
        for limit in ("2 work_day", "3 work_day"):
            data = changed(built_in().to_data(), CHECKING, limit=limit)
            publish(Definition.from_data(data))
            Road(town, people)
            in_use.forget()
        assert cost() == one


def changed(data: dict[str, Any], element: Element, **values: Any) -> dict[str, Any]:
    """The definition's data with other values in one element."""
    return put(data, element, {**(find(data, element) or {}), **values})


def work(actor: Actor) -> set[int]:
    with acting_as(actor):
        return {case.pk for case in lists.my_work(actor)}
