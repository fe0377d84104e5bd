"""What an administrator changed is kept in words, compared and brought back; nobody overwrites anybody."""

from django.urls import reverse

from factories import Town
from wangge.domain.access.actor import Role
from wangge.domain.cases.models import Responsibility
from wangge.domain.catalogue.models import CalendarOverride, Condition, Matter, Revision, Subject
from wangge.domain.catalogue.queries import last_revision
from wangge.faces.desk.views.catalogue import ConditionForm
from wangge.faces.desk.words import limit_words
from wangge.platform import clock


def event(code: str) -> Matter:
    return Matter.objects.get(kind="event", code=code)


def first_row(matter: Matter) -> Condition:
    return Condition.objects.filter(matter=matter, valid__endswith__isnull=True).order_by("number")[0]


def values(row: Condition, **changes: object) -> dict[str, object]:
    fields = {name: getattr(row, name) for name in ConditionForm.base_fields if name != "on_the_spot"}
    return fields | ({"on_the_spot": "on"} if row.on_the_spot else {}) | changes


def test_a_change_is_told_in_words_and_restoring_it_is_a_new_change(town: Town) -> None:
    browser, row = town.client(Role.ADMINISTRATOR), first_row(event("06011"))
    browser.post(reverse("desk:condition", args=[row.pk]), values(row, amount=row.amount + 3))
    address = reverse("desk:rule-history", args=["matter", row.matter_id])
    page = browser.get(address)
    [(revision, changes)] = page.context["changes"]
    assert revision.user.name == "郑卓宁"
    told = {(change.part, change.field): (change.before, change.after) for change in changes}
    assert told["条件 1", "处置时限"] == (
        limit_words(row.amount, row.unit),
        limit_words(row.amount + 3, row.unit),
    )
    browser.post(reverse("desk:rule-restore", args=[revision.pk]), {"before": "1"})
    assert first_row(row.matter).amount == row.amount
    assert Revision.objects.filter(matter=row.matter).count() == 2
    compared = browser.get(f"{address}?from=0").context["compared"]
    assert [change.field for change in compared] == ["从哪天起"]


def test_words_of_a_matter_come_back_too(town: Town) -> None:
    browser, matter = town.client(Role.ADMINISTRATOR), event("06011")
    form = {"explain": "大件垃圾。", "explain_en": "Bulky waste.", "lead_role": "municipal", "position": "5"}
    browser.post(reverse("desk:revise-matter", args=[matter.pk]), form)
    changed = event("06011")
    assert (changed.explain, changed.lead_role, changed.position) == ("大件垃圾。", "municipal", 5)
    revision = Revision.objects.get(matter=matter)
    browser.post(reverse("desk:rule-restore", args=[revision.pk]), {"before": "1"})
    assert event("06011").explain == matter.explain
    assert event("06011").lead_role == matter.lead_role


def test_an_areas_list_and_a_calendar_come_back(town: Town) -> None:
    browser, area = town.client(Role.ADMINISTRATOR), town.district
    address = f"{reverse('desk:new-responsibility')}?area={area.pk}"
    today = clock.today().isoformat()
    for unit in ("sanitation", "urban_management"):
        browser.post(
            address, {"duty": "sanitation", "unit_id": town.units[unit].pk, "starts_on": today, "note": unit}
        )
    last = Revision.objects.filter(subject=Subject.DUTIES).latest("pk")
    browser.post(reverse("desk:rule-restore", args=[last.pk]), {"before": "1"})
    [open_row] = Responsibility.objects.filter(area=area, ends_on__isnull=True)
    assert open_row.unit == town.units["sanitation"]

    day = f"{reverse('desk:calendar-day')}?area={area.pk}&day=2030-07-02"
    browser.post(day, {"working": "0", "note": "防台风"})
    browser.post(day, {"working": "", "note": ""})
    made = Revision.objects.filter(subject=Subject.CALENDAR).earliest("pk")
    browser.post(reverse("desk:rule-restore", args=[made.pk]), {"before": "0"})
    assert CalendarOverride.objects.get(area=area).note == "防台风"


def test_the_second_of_two_editors_sees_both_versions_and_overwrites_nothing(town: Town) -> None:
    browser, row = town.client(Role.ADMINISTRATOR), first_row(event("06011"))
    seen = last_revision(Subject.MATTER, row.matter_id)
    address = reverse("desk:condition", args=[row.pk])
    browser.post(address, values(row, amount=7, seen=seen))
    answer = browser.post(address, values(row, amount=9, seen=seen))
    assert answer.status_code == 409
    assert [(both.saved, both.mine) for both in answer.context["guard"].both] == [("7", "9")]
    assert 'value="9"' in answer.content.decode()
    assert first_row(row.matter).amount == 7
    again = answer.context["guard"].seen
    browser.post(address, values(row, amount=9, seen=again))
    assert first_row(row.matter).amount == 9


def test_history_is_read_by_all_staff_and_restored_by_administrators(town: Town) -> None:
    browser, row = town.client(Role.ADMINISTRATOR), first_row(event("06011"))
    browser.post(reverse("desk:condition", args=[row.pk]), values(row, amount=8))
    revision = Revision.objects.get()
    head = town.client(Role.STATION_HEAD)
    assert head.get(reverse("desk:rule-history", args=["matter", row.matter_id])).status_code == 200
    assert head.post(reverse("desk:rule-restore", args=[revision.pk]), {"before": "1"}).status_code == 403
    assert head.get(reverse("desk:rule-history", args=["nonsense", row.matter_id])).status_code == 404


def test_an_old_code_finds_the_matter(town: Town) -> None:
    found = Matter.objects.exclude(legacy_code="").filter(kind="event")[0]
    rows = town.client(Role.STATION_OFFICER).get(reverse("desk:catalogue"), {"q": found.legacy_code})
    assert found in list(rows.context["rows"])


def test_a_condition_is_checked_and_tried_as_it_is_typed(town: Town) -> None:
    browser, address = town.client(Role.ADMINISTRATOR), reverse("desk:check-when")
    told = {
        "case.hour >= 22 || case.emergency": "用这一条",
        "case.hour < 6": "不用这一条",
        "case.hours >= 22": "没有名为",
        "case.hour >=": "条件没有写完",
    }
    for source, words in told.items():
        assert words in browser.get(address, {"when": source}).content.decode()
    assert "用这一条" in browser.get(address, {"when": "case.hour < 6", "case.hour": "3"}).content.decode()
