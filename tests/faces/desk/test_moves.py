"""Making moves from the desk: forms that ask only what they need, errors at the field, and two people at once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework import PHOTO, STREET, Road, condition, reported, stored
from factories import Town
from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Responsibility, Support
from wangge.domain.catalogue.models import Matter

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def url(case: Case, key: str) -> str:
    return f"/desk/cases/{case.pk}/moves/{key}"


def test_a_form_asks_only_for_the_fields_of_its_move(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town).case
    form = town.client("station_officer").get(url(case, "ask_check")).content.decode()
    assert 'name="note"' in form
    assert 'name="matter"' not in form


def test_htmx_gets_a_dialog_and_a_browser_without_scripts_a_page(
    town: Town, people: dict[str, Actor]
) -> None:
    case = reported(town).case
    client = town.client("station_officer")
    assert client.get(url(case, "file"), headers=HTMX).content.decode().strip().startswith("<dialog")
    assert "<html" in client.get(url(case, "file")).content.decode()


def test_a_move_is_made_and_leads_back_to_the_case(town: Town, people: dict[str, Actor]) -> None:
    case, chosen = reported(town).case, condition(**STREET)
    data = {"version": case.version, "matter": chosen.matter_id, "condition": chosen.pk}
    answer = town.client("station_officer").post(url(case, "file"), data)
    assert answer["Location"] == f"/desk/cases/{case.pk}"
    assert stored(case.pk).state == "filed"


def test_after_giving_a_case_away_the_department_goes_back_to_its_work(
    town: Town, people: dict[str, Actor]
) -> None:
    case = Road(town, people).dispatched(condition(**STREET)).case
    data = {"version": case.version, "reason": "not_our_duty", "note": "按清单不属本单位"}
    answer = town.client("unit_officer").post(url(case, "return"), data, headers=HTMX)
    assert answer["HX-Redirect"] == "/desk/"
    assert stored(case.pk).state == "filed"


def test_a_missing_field_is_said_beside_it_and_nothing_changes(town: Town, people: dict[str, Actor]) -> None:
    case = Road(town, people).dispatched(condition(**STREET)).case
    answer = town.client("unit_officer").post(
        url(case, "return"), {"version": case.version, "note": "为什么"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reason"}
    assert "为什么" in answer.content.decode()
    assert stored(case.pk).state == "dispatched"


def test_an_error_of_the_domain_stands_at_its_field(town: Town, people: dict[str, Actor]) -> None:
    case = Road(town, people).handling(condition(**STREET)).case
    answer = town.client("unit_officer").post(url(case, "finish"), {"version": case.version, "note": "好了"})
    assert answer.status_code == 422
    assert "照片" in answer.context["form"].errors["photos"][0]


def test_proof_is_uploaded_with_the_move(town: Town, people: dict[str, Actor]) -> None:
    case = Road(town, people).handling(condition(**STREET)).case
    proof = SimpleUploadedFile("after.jpg", PHOTO, "image/jpeg")
    data = {"version": case.version, "note": "清运完毕", "photos": proof}
    assert town.client("unit_officer").post(url(case, "finish"), data).status_code == 302
    page = town.client("grid_worker").get(f"/desk/cases/{case.pk}").content.decode()
    assert "处置后" in page
    assert "/photos/" in page


def test_the_second_of_two_people_sees_what_the_first_did_and_keeps_their_words(
    town: Town, people: dict[str, Actor]
) -> None:
    road = Road(town, people).dispatched(condition(**STREET))
    seen = road.case.version
    road.move("street_dispatcher", "urge", note="请今天办完")
    data = {"version": seen, "reason": "not_our_duty", "note": "写了很久的说明"}
    answer = town.client("unit_officer").post(url(road.case, "return"), data, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 422
    for words in ("案件有了新进展", "请今天办完", "写了很久的说明"):
        assert words in shown
    assert f'name="version" value="{road.case.version}"' in shown
    assert stored(road.case.pk).state == "dispatched"


def test_when_the_step_is_gone_the_words_can_be_copied_but_not_sent(
    town: Town, people: dict[str, Actor]
) -> None:
    road = Road(town, people).dispatched(condition(**STREET))
    seen = road.case.version
    road.move("unit_officer_2", "accept")
    data = {"version": seen, "reason": "not_our_duty", "note": "写了很久的说明"}
    shown = town.client("unit_officer").post(url(road.case, "return"), data).content.decode()
    assert "这一步现在不能办了" in shown
    assert "写了很久的说明" in shown


def test_a_move_of_another_role_is_not_found(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town).case
    assert town.client("grid_worker").get(url(case, "void")).status_code == 404
    assert town.client("grid_worker").get(url(case, "no_such_move")).status_code == 404
    assert town.client("grid_worker").post(url(case, "no_such_move"), {"version": 1}).status_code == 404


def test_a_forged_move_of_another_role_changes_nothing(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town).case
    data = {"version": case.version, "reason": "test_entry", "note": "x"}
    assert town.client("grid_worker").post(url(case, "void"), data).status_code == 422
    assert stored(case.pk).state == "reported"


def test_the_picker_begins_with_the_ten_frequent_and_finds_by_name_and_code(town: Town) -> None:
    client = town.client("station_officer")
    first = client.get("/desk/matters").content.decode()
    assert first.count('name="matter"') == 10
    assert "不要混同：" in first
    matter = Matter.objects.filter(enabled=True, kind="event", frequent_rank__isnull=True).first()
    assert matter is not None
    for words in (matter.name, matter.code):
        assert matter.name in client.get("/desk/matters", {"matter_words": words}).content.decode()


def test_without_scripts_a_search_comes_back_with_what_was_typed_and_makes_nothing(
    town: Town, people: dict[str, Actor]
) -> None:
    case, chosen = reported(town).case, condition(**STREET)
    data = {"version": case.version, "look": "1", "matter_words": chosen.matter.code, "note": "写了一半"}
    shown = town.client("station_officer").post(url(case, "file"), data).content.decode()
    assert chosen.matter.name in shown
    assert "写了一半" in shown
    shown = town.client("station_officer").post(url(case, "file"), data | {"matter": chosen.matter_id})
    assert chosen.text in shown.content.decode()
    assert stored(case.pk).state == "reported"


def test_choosing_a_matter_brings_its_conditions_and_the_unit_of_the_list(
    town: Town, people: dict[str, Actor]
) -> None:
    case, chosen = reported(town).case, condition(**STREET)
    Responsibility.objects.create(
        matter=chosen.matter, area=town.district, unit=town.units["sanitation"], starts_on="2024-01-01"
    )
    query = {"matter": chosen.matter_id, "unit": "1"}
    shown = town.client("station_officer").get(f"/desk/cases/{case.pk}/conditions", query).content.decode()
    assert chosen.text in shown
    assert f'data-value="{town.units["sanitation"].pk}"' in shown
    assert "责任清单：海珠区" in shown


def test_dispatch_suggests_the_unit_and_says_why(town: Town, people: dict[str, Actor]) -> None:
    chosen = condition(**STREET)
    Responsibility.objects.create(
        matter=chosen.matter, area=town.street, unit=town.units["urban_management"], starts_on="2024-01-01"
    )
    case = Road(town, people).filed(chosen).case
    answer = town.client("street_dispatcher").get(url(case, "dispatch"))
    assert answer.context["form"]["unit"].value() == str(town.units["urban_management"].pk)
    assert f"责任清单：南华西街道 · {chosen.matter.name}" in answer.content.decode()


def test_a_supporting_unit_answers_its_own_share(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people).filed(condition(**STREET))
    units = town.units
    road.move(
        "street_dispatcher", "dispatch", unit=units["sanitation"].pk, supports=[units["urban_management"].pk]
    )
    with acting_as(System("test")):
        share = Support.objects.get()
    path = f"/desk/supports/{share.pk}/moves/support_done"
    assert town.client("station_officer_west").get(path).status_code == 404
    refused = town.client("urban_officer").post(path, {"version": road.case.version})
    assert refused.status_code == 422
    answer = town.client("urban_officer").post(path, {"version": road.case.version, "note": "已配合"})
    assert answer.status_code == 302
    with acting_as(System("test")):
        assert Support.objects.get().state == "done"


@pytest.mark.parametrize(
    "who", ["station_officer", "street_dispatcher", "district_dispatcher", "unit_officer"]
)
def test_every_open_move_has_a_form_that_can_be_drawn(town: Town, people: dict[str, Actor], who: str) -> None:
    client = town.client(who)
    cases: list[Any] = [
        reported(town).case,
        Road(town, people).filed(condition(**STREET)).case,
        Road(town, people).dispatched(condition(**STREET)).case,
        Road(town, people).handling(condition(**STREET)).case,
        Road(town, people).closing(condition(**STREET)).case,
    ]
    drawn = 0
    for case in cases:
        page = client.get(f"/desk/cases/{case.pk}")
        for button in page.context["buttons"] if page.status_code == 200 else ():
            assert client.get(button.url).status_code == 200, button.key
            drawn += 1
    assert drawn >= 5
