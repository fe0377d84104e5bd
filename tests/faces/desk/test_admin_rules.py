"""Catalogue, responsibility list, calendar, areas and processes through the pages."""

import json
import tomllib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation

from factories import Town
from wangge.domain.access.actor import Role, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Process, Responsibility
from wangge.domain.cases.queries.responsibility import matrix
from wangge.domain.cases.services.dispatching import set_responsibility
from wangge.domain.catalogue.calendar import calendar_of
from wangge.domain.catalogue.models import CalendarOverride, Condition, Matter
from wangge.domain.places.models import Area, AreaVersion
from wangge.engines.flow import Definition
from wangge.engines.worktime import Duration
from wangge.platform import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


def event(code: str) -> Matter:
    return Matter.objects.get(kind="event", code=code)


def values(row: Condition, **changes: object) -> dict[str, object]:
    """What the form of a condition sends."""
    shared = ("text", "text_en", "amount", "unit", "level", "procedure", "proof")
    names = (*shared, "closing_condition", "closing_condition_en")
    return {name: getattr(row, name) for name in names} | changes


class TestCatalogue:
    def test_an_edit_begins_a_new_row_today_and_keeps_the_old_one(self, town: Town) -> None:
        row = Condition.objects.filter(matter=event("06011")).order_by("number")[0]
        browser = town.client(Role.ADMINISTRATOR)
        browser.post(reverse("desk:condition", args=[row.pk]), values(row, amount=row.amount + 1))
        row.refresh_from_db()
        new = Condition.objects.get(matter=row.matter, number=row.number, valid__endswith__isnull=True)
        assert row.valid.upper == new.valid.lower == clock.today()
        assert new.amount == row.amount + 1
        page = browser.get(reverse("desk:matter", args=[row.matter_id]))
        assert row in page.context["past"]
        assert new in [shown for shown, *_ in page.context["present"]]

    def test_a_second_edit_on_the_same_day_makes_no_third_row(self, town: Town) -> None:
        row = Condition.objects.filter(matter=event("06011")).order_by("number")[0]
        browser = town.client(Role.ADMINISTRATOR)
        browser.post(reverse("desk:condition", args=[row.pk]), values(row, amount=5))
        new = Condition.objects.get(matter=row.matter, number=row.number, valid__endswith__isnull=True)
        browser.post(reverse("desk:condition", args=[new.pk]), values(row, amount=6))
        assert Condition.objects.filter(matter=row.matter, number=row.number).count() == 2
        new.refresh_from_db()
        assert new.amount == 6

    def test_an_edit_of_an_ended_row_is_refused(self, town: Town) -> None:
        row = Condition.objects.filter(matter=event("06011")).order_by("number")[0]
        browser = town.client(Role.ADMINISTRATOR)
        address = reverse("desk:condition", args=[row.pk])
        browser.post(address, values(row, amount=5))
        answer = browser.post(address, values(row, amount=9))
        assert answer.status_code == 422
        assert "已有更新的版本" in answer.content.decode()

    def test_an_emergency_has_a_limit_that_runs_day_and_night(self, town: Town) -> None:
        row = Condition.objects.filter(matter=event("06011")).order_by("number")[0]
        answer = town.client(Role.ADMINISTRATOR).post(
            reverse("desk:condition", args=[row.pk]), values(row, procedure="emergency", unit="work_day")
        )
        assert answer.context["form"].errors["unit"]

    def test_a_local_matter_is_offered_only_with_a_condition(self, town: Town) -> None:
        browser, parent = town.client(Role.ADMINISTRATOR), event("06011")
        form = {"name": "内街暴露垃圾", "lead_role": "sanitation"}
        browser.post(f"{reverse('desk:new-matter')}?parent={parent.pk}", form)
        own = Matter.objects.get(parent=parent)
        assert (own.code, own.kind, own.enabled) == ("0601101", "local", False)
        switch = reverse("desk:matter-enabled", args=[own.pk])
        browser.post(switch, {"enabled": "1"})
        own.refresh_from_db()
        assert not own.enabled
        row = Condition.objects.filter(matter=parent)[0]
        browser.post(reverse("desk:new-condition", args=[own.pk]), values(row))
        browser.post(switch, {"enabled": "1"})
        own.refresh_from_db()
        assert own.enabled

    def test_codes_of_local_matters_follow_one_another(self, town: Town) -> None:
        browser = town.client(Role.ADMINISTRATOR)
        form = {"lead_role": "station", "group_code": "91", "group_name": "骑楼保护"}
        for name in ("骑楼破损", "骑楼被遮挡"):
            browser.post(reverse("desk:new-matter"), form | {"name": name})
        found = Matter.objects.filter(group_code="91").order_by("code")
        assert [(one.code, one.group_name) for one in found] == [("91001", "骑楼保护"), ("91002", "骑楼保护")]
        again = browser.post(reverse("desk:new-matter"), form | {"name": "骑楼破损"})
        assert again.status_code == 422

    def test_the_last_condition_of_a_matter_stays(self, town: Town) -> None:
        rows = list(Condition.objects.filter(matter=event("06011")))
        browser = town.client(Role.ADMINISTRATOR)
        for row in rows:
            browser.post(reverse("desk:end-condition", args=[row.pk]))
        left = Condition.objects.filter(matter=event("06011"), valid__endswith__isnull=True)
        assert left.count() == 1

    def test_others_read_but_do_not_change(self, town: Town) -> None:
        head, matter = town.client(Role.STATION_HEAD), event("06011")
        assert head.get(reverse("desk:matter", args=[matter.pk])).status_code == 200
        assert (
            head.post(reverse("desk:matter-enabled", args=[matter.pk]), {"enabled": "0"}).status_code == 403
        )
        assert head.post(reverse("desk:new-matter"), {"name": "x"}).status_code == 403
        matter.refresh_from_db()
        assert matter.enabled

    def test_matters_are_found_by_code_and_by_name(self, town: Town) -> None:
        browser = town.client(Role.STATION_OFFICER)
        for words in ("06011", event("06011").name):
            rows = browser.get(reverse("desk:catalogue"), {"q": words, "kind": "event"}).context["rows"]
            assert event("06011") in list(rows)


class TestResponsibility:
    def test_the_nearest_area_wins_and_says_where_it_comes_from(self, town: Town) -> None:
        with acting_as(System("test")):
            for area, unit in ((town.district, "sanitation"), (town.street, "street")):
                set_responsibility(
                    System("test"), area_id=area.pk, unit_id=town.units[unit].pk, duty="sanitation"
                )
        browser = town.client(Role.STATION_HEAD)
        for area, unit in ((town.communities[0], "street"), (town.district, "sanitation")):
            page = browser.get(f"{reverse('desk:responsibility')}?area={area.pk}")
            block = next(block for block in page.context["blocks"] if block.duty == "sanitation")
            assert block.line.row.unit == town.units[unit]
            assert not block.gaps

    def test_a_matter_of_its_own_wins_over_its_duty(self, town: Town) -> None:
        browser, matter = town.client(Role.ADMINISTRATOR), event("06011")
        today = clock.today().isoformat()
        address = reverse("desk:new-responsibility")
        general = {"duty": "sanitation", "unit_id": town.units["sanitation"].pk, "starts_on": today}
        browser.post(f"{address}?area={town.district.pk}", general)
        single = {"unit_id": town.units["urban_management"].pk, "starts_on": today, "note": "会议纪要"}
        browser.post(f"{address}?area={town.street.pk}&matter={matter.pk}", single)
        block = next(one for one in matrix(town.street, clock.today()) if one.duty == matter.lead_role)
        assert [(line.matter, line.row.unit) for line in block.exceptions if line.row] == [
            (matter, town.units["urban_management"])
        ]

    def test_enabled_matters_without_a_unit_are_gaps(self, town: Town) -> None:
        blocks = {block.duty: block for block in matrix(town.district, clock.today())}
        enabled = Matter.objects.filter(kind__in=("event", "local"), enabled=True).exclude(
            lead_role="station"
        )
        assert sum(len(block.gaps) for block in blocks.values()) == enabled.count()
        with acting_as(System("test")):
            set_responsibility(
                System("test"),
                area_id=town.district.pk,
                unit_id=town.units["sanitation"].pk,
                matter_id=event("06011").pk,
            )
        gaps = [matter for block in matrix(town.district, clock.today()) for matter in block.gaps]
        assert len(gaps) == enabled.count() - 1
        assert event("06011") not in gaps

    def test_a_closed_unit_leaves_a_gap(self, town: Town) -> None:
        with acting_as(System("test")):
            set_responsibility(
                System("test"),
                area_id=town.district.pk,
                unit_id=town.units["sanitation"].pk,
                duty="sanitation",
            )
        town.units["sanitation"].active = False
        town.units["sanitation"].save()
        block = next(one for one in matrix(town.district, clock.today()) if one.duty == "sanitation")
        assert block.line.row is None
        assert block.gaps

    def test_a_row_taken_out_today_still_held_yesterday(self, town: Town) -> None:
        with acting_as(System("test")):
            row = set_responsibility(
                System("test"),
                area_id=town.district.pk,
                unit_id=town.units["sanitation"].pk,
                duty="sanitation",
                starts_on=clock.today() - timedelta(days=9),
            )
        town.client(Role.ADMINISTRATOR).post(reverse("desk:end-responsibility", args=[row.pk]))
        held = {
            day: _row_of(town.district, day) for day in (clock.today(), clock.today() - timedelta(days=1))
        }
        assert held == {clock.today(): None, clock.today() - timedelta(days=1): row}

    def test_others_read_but_do_not_change(self, town: Town) -> None:
        head = town.client(Role.DISTRICT_LEADER)
        form = {"duty": "sanitation", "unit_id": town.units["sanitation"].pk, "starts_on": "2026-01-01"}
        address = f"{reverse('desk:new-responsibility')}?area={town.district.pk}"
        assert head.post(address, form).status_code == 403
        assert not Responsibility.objects.exists()


def _row_of(area: Area, day: date) -> Responsibility | None:
    return next(block.line.row for block in matrix(area, day) if block.duty == "sanitation")


class TestCalendar:
    def test_a_year_shows_holidays_and_make_up_days(self, town: Town) -> None:
        page = town.client(Role.STATION_OFFICER).get(f"{reverse('desk:calendar')}?year=2026")
        days = {d.date: d for m in page.context["months"] for week in m.weeks for d in week if d}
        assert len(days) == 365
        assert not days[date(2026, 10, 1)].working
        assert days[date(2026, 10, 10)].working
        assert days[date(2026, 10, 10)].official

    def test_the_calculator_counts_working_time_day_by_day(self, town: Town) -> None:
        asked = {"begin": "2026-11-20T16:00", "amount": "2", "unit": "work_day", "area": town.district.pk}
        answer = town.client(Role.ADMINISTRATOR).get(reverse("desk:calendar"), asked).context["answer"]
        assert answer.due == datetime(2026, 11, 24, 16, tzinfo=SHANGHAI)
        assert [(one.date.day, one.run) for one in answer.days] == [
            (20, timedelta(hours=2)),
            (23, timedelta(hours=8)),
            (24, timedelta(hours=6)),
        ]

    def test_an_override_changes_deadlines_until_it_is_taken_back(self, town: Town) -> None:
        browser = town.client(Role.ADMINISTRATOR)
        day = _coming_tuesday()
        begin = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI) - timedelta(days=1)
        before = calendar_of(town.district.pk).due(begin, Duration.parse("2 work_day"))
        address = f"{reverse('desk:calendar-day')}?area={town.street.pk}&day={day.isoformat()}"
        browser.post(address, {"working": "0", "note": "停水停电"})
        assert calendar_of(town.district.pk).due(begin, Duration.parse("2 work_day")) > before
        browser.post(address, {"working": "", "note": ""})
        assert calendar_of(town.district.pk).due(begin, Duration.parse("2 work_day")) == before

    def test_an_override_needs_a_note_and_a_day_to_come(self, town: Town) -> None:
        browser = town.client(Role.ADMINISTRATOR)
        yesterday = (clock.today() - timedelta(days=1)).isoformat()
        for day, note in ((_coming_tuesday().isoformat(), ""), (yesterday, "补休")):
            address = f"{reverse('desk:calendar-day')}?area={town.district.pk}&day={day}"
            assert browser.post(address, {"working": "0", "note": note}).status_code == 422
        assert not CalendarOverride.objects.exists()

    def test_hours_are_kept_as_typed_and_refused_out_of_order(self, town: Town) -> None:
        browser = town.client(Role.ADMINISTRATOR)
        address = f"{reverse('desk:calendar-hours')}?area={town.district.pk}"
        week = {f"day{number}": "08:30-12:00 14:00-17:30" if number < 5 else "" for number in range(7)}
        browser.post(address, week)
        assert browser.get(address).context["form"].initial["day0"] == "08:30-12:00 14:00-17:30"
        assert calendar_of(town.district.pk).normal_day == timedelta(hours=7)
        for wrong in ("12:00-09:00", "morning", "09:00-12:00 11:00-18:00"):
            assert browser.post(address, week | {"day1": wrong}).status_code == 422
        assert calendar_of(town.district.pk).normal_day == timedelta(hours=7)


def _coming_tuesday() -> date:
    """An ordinary Tuesday, far from holidays that are announced."""
    return date(clock.today().year + 2, 7, 1) + timedelta(
        days=-date(clock.today().year + 2, 7, 1).weekday() + 8
    )


class TestAreas:
    def test_an_area_is_found_by_code_and_by_name(self, town: Town) -> None:
        browser = town.client(Role.STATION_OFFICER)
        for words in ("440105008001", "东社区"):
            assert town.communities[0] in browser.get(reverse("desk:areas"), {"q": words}).context["hits"]

    def test_a_branch_of_the_tree_names_what_lies_below(self, town: Town) -> None:
        answer = town.client(Role.STATION_OFFICER).get(reverse("desk:area-children", args=[town.street.pk]))
        assert "东社区" in answer.content.decode()
        assert "2 个下级" in answer.content.decode()

    def test_a_new_name_holds_from_its_day_on_and_the_old_one_is_kept(self, town: Town) -> None:
        browser, area = town.client(Role.ADMINISTRATOR), town.communities[0]
        form = {"name": "朝阳社区", "on": clock.today().isoformat(), "note": "批复"}
        browser.post(reverse("desk:area-change", args=[area.pk, "rename"]), form)
        area.refresh_from_db()
        assert area.name == "朝阳社区"
        page = browser.get(reverse("desk:area", args=[area.pk]))
        assert [version.name for version in page.context["life"].versions] == ["朝阳社区", "东社区"]

    def test_a_merger_hands_over_the_grids_and_names_its_predecessor(self, town: Town) -> None:
        browser, (east, west) = town.client(Role.ADMINISTRATOR), town.communities
        form = {"sources": [west.pk], "on": clock.today().isoformat()}
        browser.post(reverse("desk:area-change", args=[east.pk, "merge"]), form)
        page = browser.get(reverse("desk:area", args=[east.pk]))
        assert [pair.predecessor for pair in page.context["life"].predecessors] == [west]
        assert len(page.context["below"]) == 4

    def test_a_split_needs_both_names_and_gives_each_child_a_home(self, town: Town) -> None:
        browser, east = town.client(Role.ADMINISTRATOR), town.communities[0]
        form = {
            "first_code": "440105008001",
            "first_name": "东一社区",
            "second_code": "440105008003",
            "second_name": "东二社区",
            "second_children": [town.grids[1].pk],
            "on": clock.today().isoformat(),
        }
        address = reverse("desk:area-change", args=[east.pk, "split"])
        assert browser.post(address, form | {"second_name": ""}).status_code == 422
        assert browser.post(address, form).status_code == 302
        parents = {grid.pk: Area.objects.get(pk=grid.pk).parent for grid in town.grids[:2]}
        assert [parent.name for parent in parents.values() if parent] == ["东一社区", "东二社区"]

    def test_an_area_with_areas_below_is_not_closed(self, town: Town) -> None:
        address = reverse("desk:area-change", args=[town.communities[0].pk, "close"])
        answer = town.client(Role.ADMINISTRATOR).post(address, {"on": clock.today().isoformat()})
        assert answer.status_code == 422
        assert "请先撤销" in answer.content.decode()

    def test_a_new_grid_is_founded_under_its_community(self, town: Town) -> None:
        form = {
            "code": "440105008001003",
            "name": "东3网格",
            "kind": "dedicated",
            "on": clock.today().isoformat(),
        }
        address = reverse("desk:area-change", args=[town.communities[0].pk, "found"])
        answer = town.client(Role.ADMINISTRATOR).post(address, form)
        made = Area.objects.get(code="440105008001003")
        assert answer["Location"] == reverse("desk:area", args=[made.pk])
        assert (made.parent, made.kind) == (town.communities[0], "dedicated")

    def test_a_grid_has_nothing_below_it(self, town: Town) -> None:
        address = reverse("desk:area-change", args=[town.grids[0].pk, "found"])
        assert town.client(Role.ADMINISTRATOR).get(address).status_code == 404

    def test_others_change_nothing(self, town: Town) -> None:
        area = town.communities[0]
        before = AreaVersion.objects.count()
        for kind in ("rename", "close", "split", "merge", "move", "found"):
            address = reverse("desk:area-change", args=[area.pk, kind])
            form = {"name": "x", "on": clock.today().isoformat()}
            assert town.client(Role.DISTRICT_LEADER).post(address, form).status_code == 403
        assert AreaVersion.objects.count() == before


class TestProcesses:
    def test_the_page_shows_the_diagram_and_every_state_and_move(self, town: Town) -> None:
        process = Process.objects.latest("pk")
        page = town.client(Role.STATION_OFFICER).get(reverse("desk:process", args=[process.pk]))
        text = page.content.decode()
        assert "<svg" in text
        assert page.context["problems"] == []
        definition = Definition.from_data(process.definition)
        assert all(f">{state.key}</code>" in text for state in definition.states)
        assert all(f">{move.key}</code>" in text for move in definition.moves)

    def test_what_is_downloaded_is_the_definition(self, town: Town) -> None:
        process = Process.objects.latest("pk")
        definition = Definition.from_data(process.definition)
        browser = town.client(Role.STATION_OFFICER)
        for form, read in (("toml", tomllib.loads), ("json", json.loads)):
            answer = browser.get(reverse("desk:process-download", args=[process.pk, form]))
            assert Definition.from_data(read(answer.content.decode())) == definition
            assert answer["Content-Disposition"].endswith(f'.{form}"')
        assert browser.get(reverse("desk:process-download", args=[process.pk, "exe"])).status_code == 404

    def test_english_readers_get_english_words(self, town: Town) -> None:
        process = Process.objects.latest("pk")
        browser = town.client(Role.STATION_OFFICER)
        browser.cookies["django_language"] = "en"
        # The middleware leaves the language behind; other tests go on in Chinese.
        with translation.override("zh-hans"):
            text = browser.get(reverse("desk:process", args=[process.pk])).content.decode()
        assert Definition.from_data(process.definition).name_en in text
