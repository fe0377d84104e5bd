"""Drafts of the rules through the pages: who opens them, what they show, what they cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from factories import Town
from wangge.domain.access.actor import Role, System
from wangge.domain.catalogue.models import Condition
from wangge.domain.catalogue.services.snapshots import of_condition
from wangge.domain.rulebook.files import as_workbook, tables
from wangge.domain.rulebook.models import Draft, Simulation
from wangge.domain.rulebook.services import changes, drafts, simulations
from wangge.faces.desk.views.catalogue import ConditionForm
from wangge.platform import clock

TESTS = System("test")
# Statements of a page, those of the session, the actor and the frame among them.
MOST_STATEMENTS = 34


@pytest.fixture
def draft(town: Town) -> Draft:
    return drafts.new_draft(TESTS, "汛期调整")


@pytest.fixture
def admin(town: Town) -> Client:
    return town.client(Role.ADMINISTRATOR)


def row_of(code: str = "06011") -> Condition:
    rows = Condition.objects.filter(matter__kind="event", matter__code=code, number=1)
    return rows.get(valid__endswith__isnull=True)


def values(row: Condition, **changed: object) -> dict[str, object]:
    sent = {name: getattr(row, name) for name in ConditionForm.base_fields if name != "on_the_spot"}
    return sent | ({"on_the_spot": "on"} if row.on_the_spot else {}) | changed


def condition_page(draft: Draft, row: Condition) -> str:
    return f"{reverse('desk:draft-condition', args=[draft.pk, row.matter_id])}?number={row.number}"


def test_a_draft_is_begun_filled_published_and_read_afterwards(town: Town, admin: Client) -> None:
    form = admin.get(reverse("desk:new-draft")).context["form"]
    sent = {"key": form["key"].value(), "name": "汛期调整", "note": "防汛会议"}
    for _again in range(2):
        answer = admin.post(reverse("desk:new-draft"), sent)
    draft = Draft.objects.get()
    assert answer["Location"] == reverse("desk:draft", args=[draft.pk])
    row = row_of()
    admin.post(condition_page(draft, row), values(row, amount=row.amount + 2, seen="0"))
    duty = {"duty": "sanitation", "unit_id": town.units["sanitation"].pk}
    admin.post(f"{reverse('desk:draft-duty', args=[draft.pk])}?area={town.district.pk}", duty)
    day = (clock.today() + timedelta(days=30)).isoformat()
    off = {"day": day, "working": "0", "note": "停工"}
    admin.post(f"{reverse('desk:draft-day', args=[draft.pk])}?area={town.district.pk}", off)
    page = admin.get(reverse("desk:draft", args=[draft.pk]))
    assert len(page.context["lines"]) == 3
    assert page.context["blocked"] == 0
    for text in ("汛期调整", "防汛会议", "海珠区环卫作业中心", day):
        assert text in page.content.decode()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    sent = {"version": page.context["draft"].version, "starts_on": tomorrow}
    admin.post(reverse("desk:publish-draft", args=[draft.pk]), sent)
    page = admin.get(reverse("desk:draft", args=[draft.pk]))
    assert not page.context["is_open"]
    assert row_of().amount == row.amount + 2
    coming = admin.get(reverse("desk:matter", args=[row.matter_id])).context["coming"]
    assert [one.valid.lower.isoformat() for one in coming] == [tomorrow]


def test_publishing_what_one_has_not_seen_is_refused(admin: Client, draft: Draft) -> None:
    row = row_of()
    changes.put_condition(TESTS, draft.pk, row.matter_id, 1, of_condition(row) | {"amount": 9})
    sent = {"version": 1, "starts_on": clock.today().isoformat()}
    answer = admin.post(reverse("desk:publish-draft", args=[draft.pk]), sent)
    assert answer.status_code == 422
    assert "又改过" in answer.content.decode()
    assert row_of().amount == row.amount


def test_the_second_editor_sees_both_versions(admin: Client, draft: Draft) -> None:
    row = row_of()
    address = condition_page(draft, row)
    admin.post(address, values(row, amount=7, seen="0"))
    answer = admin.post(address, values(row, amount=9, seen="0"))
    assert answer.status_code == 409
    assert [(one.saved, one.mine) for one in answer.context["guard"].both] == [("7", "9")]
    assert draft.changes.get().values["amount"] == 7
    admin.post(address, values(row, amount=9, seen=answer.context["guard"].seen))
    assert draft.changes.get().values["amount"] == 9


def test_a_condition_is_checked_while_it_is_typed(admin: Client, draft: Draft) -> None:
    row = row_of()
    address = f"{condition_page(draft, row)}&check=1"
    good = admin.post(address, values(row, amount=2, unit="work_day")).content.decode()
    assert "没有发现问题" in good
    assert "17:00立案" in good
    wrong = admin.post(address, values(row, procedure="emergency", unit="work_day"))
    assert "昼夜计时" in wrong.content.decode()
    assert not draft.changes.exists()


def test_changes_are_ended_removed_and_found_again(town: Town, admin: Client, draft: Draft) -> None:
    row = row_of()
    admin.post(f"{reverse('desk:draft-end-condition', args=[draft.pk, row.matter_id])}?number=1")
    change = draft.changes.get()
    assert change.kind == "end_condition"
    assert admin.get(reverse("desk:draft-change", args=[change.pk]))["Location"] == condition_page(draft, row)
    admin.post(reverse("desk:remove-change", args=[change.pk]))
    assert not draft.changes.exists()
    found = admin.get(reverse("desk:draft", args=[draft.pk]), {"q": "06011"}).context["matters"]
    assert row.matter in found


def test_a_simulation_shows_its_progress_and_its_result(admin: Client, draft: Draft) -> None:
    empty = admin.post(reverse("desk:simulate-draft", args=[draft.pk]))
    assert empty["Location"] == reverse("desk:draft", args=[draft.pk])
    row = row_of()
    changes.put_condition(TESTS, draft.pk, row.matter_id, 1, of_condition(row) | {"amount": 9})
    admin.post(reverse("desk:simulate-draft", args=[draft.pk]))
    made = Simulation.objects.get()
    address = reverse("desk:simulation", args=[made.pk])
    assert admin.get(address).context["under_way"]
    simulations.run(made.pk)
    page = admin.get(address, headers={"HX-Request": "true"})
    assert page.context["result"]["cases"] == 0
    assert b"<html" not in page.content


def test_a_file_is_looked_at_before_it_enters_the_draft(admin: Client, draft: Draft) -> None:
    book = admin.get(reverse("desk:export-rules", args=["xlsx"])).content
    assert book[:2] == b"PK"
    found = tables()
    found["conditions"][0]["amount"] = 77
    file = SimpleUploadedFile("rules.xlsx", as_workbook(found))
    answer = admin.post(reverse("desk:upload-rules", args=[draft.pk]), {"file": file})
    page = admin.get(answer["Location"])
    assert page.context["counts"]["changed"] == 1
    assert page.context["counts"]["error"] == 0
    admin.post(f"{answer['Location']}take")
    assert draft.changes.get().values["amount"] == 77
    bad = SimpleUploadedFile("rules.xlsx", b"nothing")
    answer = admin.post(reverse("desk:upload-rules", args=[draft.pk]), {"file": bad})
    assert answer.status_code == 422


def test_export_knows_two_forms(admin: Client) -> None:
    assert admin.get(reverse("desk:export-rules", args=["json"])).json()["format"] == "wangge-rules"
    assert admin.get(reverse("desk:export-rules", args=["csv"])).status_code == 404


def test_others_open_no_draft_and_write_none(town: Town, draft: Draft) -> None:
    for role in (Role.DISTRICT_LEADER, Role.STATION_HEAD, Role.PRIVACY_OFFICER):
        browser = town.client(role)
        for address in (
            reverse("desk:drafts"),
            reverse("desk:new-draft"),
            reverse("desk:draft", args=[draft.pk]),
            reverse("desk:draft-duty", args=[draft.pk]),
            condition_page(draft, row_of()),
        ):
            assert browser.get(address).status_code == 403
        assert browser.post(reverse("desk:drop-draft", args=[draft.pk])).status_code == 403


def test_pages_of_a_draft_cost_the_same_for_many_changes(
    town: Town, admin: Client, draft: Draft, django_assert_max_num_queries: Any
) -> None:
    rows = Condition.objects.filter(matter__kind="event", valid__endswith__isnull=True).order_by("pk")[:30]
    for row in rows:
        changes.put_condition(
            TESTS, draft.pk, row.matter_id, row.number, of_condition(row) | {"amount": row.amount + 1}
        )
    unit = town.units["sanitation"].pk
    changes.put_duty(TESTS, draft.pk, town.district.pk, {"duty": "sanitation", "unit_id": unit})
    for address in (
        reverse("desk:drafts"),
        reverse("desk:draft", args=[draft.pk]),
        condition_page(draft, rows[0]),
        f"{reverse('desk:draft-duty', args=[draft.pk])}?area={town.district.pk}",
        f"{reverse('desk:draft-day', args=[draft.pk])}?area={town.district.pk}",
    ):
        with django_assert_max_num_queries(MOST_STATEMENTS):
            assert admin.get(address).status_code == 200


def test_what_is_unknown_is_not_found(admin: Client, draft: Draft) -> None:
    assert admin.get(reverse("desk:draft", args=[10**6])).status_code == 404
    assert admin.get(reverse("desk:simulation", args=[10**6])).status_code == 404
    assert admin.get(reverse("desk:draft-condition", args=[draft.pk, 10**6])).status_code == 404
