"""Two people at one form: the second sees both versions and chooses; nothing is overwritten silently."""

import ast
import re
import uuid
from pathlib import Path

import pytest

from factories import Town
from wangge.domain.access.models import Unit
from wangge.faces.desk import views

pytestmark = pytest.mark.django_db

# Forms about something that exists which overwrite nothing of anybody's: why each needs no guard.
NOTHING_TO_OVERWRITE = {
    "new_building": "adds a building",
    "generate": "adds dwellings; rooms that are there stay",
    "new_dwelling": "adds a dwelling",
    "new_panorama": "adds a photo",
    "from_file": "each import is a version of its own from a day on; nothing is overwritten",
    "edit": "guarded by the mark of the drawing",
    "close_unit": "a closed unit is not found any more",
    "stand_in": "adds a stand-in; times that overlap are refused",
    "set_password": "a password has no former value to show",
    "rotate": "adds a token beside the old one",
    "new_condition": "adds a condition",
    "draft": "its forms are guarded by the draft's version",
    "publish": "guarded by the draft's version",
    "upload": "adds a file",
    "new_household": "adds a household",
    "new_resident": "adds a person",
    "new_detail": "adds a value; one of the same service is replaced by who has it at hand",
    "new_tenancy": "adds a lease",
    "new_check": "adds a check",
    "apply": "adds care",
    "new_plan": "adds a plan",
    "entry": "adds what is said to it",
    "record": "adds a visit",
    "meeting": "adds what was agreed on",
    "new_grant": "adds a grant",
}


def test_every_form_that_changes_something_existing_is_guarded() -> None:
    unguarded = set()
    for path in Path(views.__path__[0]).glob("*.py"):
        for view in ast.parse(path.read_text()).body:
            if not isinstance(view, ast.FunctionDef) or len(view.args.args) < 2:
                continue
            source = ast.unparse(view)
            if ".submit(" in source and ", guard)" not in source:
                unguarded.add(view.name)
    assert unguarded <= set(NOTHING_TO_OVERWRITE), "compare with what the form was opened on: values_guard"


def test_every_guard_over_values_looks_while_nobody_else_can_save() -> None:
    found = set()
    for path in Path(views.__path__[0]).glob("*.py"):
        for view in ast.parse(path.read_text()).body:
            source = ast.unparse(view)
            if isinstance(view, ast.FunctionDef) and "values_guard(" in source:
                found.add(view.name)
                assert source.startswith("@one_at_a_time") or "versions.lock()" in source, view.name
    assert "unit" in found


def seen(html: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', html)
    assert found
    return found[1]


def unit_form(town: Town, **given: str) -> dict[str, str]:
    page = town.client("administrator").get(f"/desk/units/{town.units['sanitation'].pk}/").content.decode()
    unit = town.units["sanitation"]
    return {
        "seen": seen(page),
        "key": str(uuid.uuid4()),
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "duty": unit.duty,
        "phone": unit.phone,
        **given,
    }


def test_who_saves_second_sees_both_and_saves_knowingly(town: Town) -> None:
    client, unit = town.client("administrator"), town.units["sanitation"]
    address = f"/desk/units/{unit.pk}/"
    first, second = unit_form(town, phone="020-1"), unit_form(town, phone="020-2")
    assert client.post(address, first).status_code == 302
    told = client.post(address, second)
    page = told.content.decode()
    assert told.status_code == 409
    assert "020-1" in page
    assert 'value="020-2"' in page
    assert Unit.objects.get(pk=unit.pk).phone == "020-1"
    assert client.post(address, second | {"seen": seen(page)}).status_code == 302
    assert Unit.objects.get(pk=unit.pk).phone == "020-2"


def test_the_same_form_sent_twice_is_no_conflict_with_itself(town: Town) -> None:
    client, given = town.client("administrator"), unit_form(town, phone="020-3")
    address = f"/desk/units/{town.units['sanitation'].pk}/"
    assert [client.post(address, given).status_code for _twice in range(2)] == [302, 302]


def test_two_last_days_of_one_post_are_shown_to_the_second(town: Town) -> None:
    client = town.client("administrator")
    post = town.users["unit_officer"].posts.get()
    address = f"/desk/posts/{post.pk}/end"
    opened = seen(client.get(address).content.decode())
    days = ("2099-01-31", "2099-02-28")
    answers = [
        client.post(address, {"seen": opened, "key": str(uuid.uuid4()), "on": day}).status_code
        for day in days
    ]
    assert answers == [302, 409]
    post.refresh_from_db()
    assert post.ends_on.isoformat() == days[0]
