"""People in the register of the small town: a household and a well cover in each grid, and who may see whom beyond their ring."""

import json
from datetime import date, timedelta

from factories import Town, make_compound, make_dwelling, make_facility
from wangge.domain.access.actor import Actor
from wangge.domain.cases.models import Case
from wangge.domain.places.models import Area, Dwelling, DwellingBatch, Panorama
from wangge.domain.register.models import (
    CareNeed,
    Correction,
    Detail,
    Errand,
    Grant,
    HomeCheck,
    Household,
    Merge,
    NameMark,
    Organisation,
    Resident,
    Tenancy,
)
from wangge.domain.register.rules import name_marks, phone_mark, phone_of
from wangge.domain.shifts.models import Shift
from wangge.domain.visits.models import Comment, DiaryEntry, FollowUp, Meeting, Visit, VisitPlan
from wangge.platform import clock

NAMES = ("陈大文", "欧阳小红", "李四", "王小明")


def settle(town: Town, people: dict[str, Actor], case: Case) -> list[Household]:
    """A household of two rows of one person in each grid, with all that can hang on them; as the system."""
    homes = [_household(town, grid, name) for grid, name in zip(town.grids, NAMES, strict=True)]
    now = clock.now()
    # Who handles for a unit serves no area, and sees their own by name alone.
    for who, grid in (("grid_worker", town.grids[0]), ("unit_officer", town.grids[2])):
        post, start = town.users[who].posts.get(), now
        hours = {"starts_at": start, "ends_at": start + timedelta(hours=8)}
        Shift.objects.create(post=post, user=post.user, area=grid, kind="day", day=clock.today(), **hours)
    for who, until in (("street_dispatcher", now + timedelta(days=3650)), ("street_leader", now)):
        user = people[who].user_id
        Errand.objects.create(user_id=user, area=town.street, purpose="应急", made_at=now, until=until)
    resident = homes[0].residents.order_by("pk")[0]
    far = now + timedelta(days=3650)
    for who, until, ended in (
        ("district_leader", far, None),
        ("district_dispatcher", now, None),
        ("urban_officer", far, now),
    ):
        Grant.objects.create(
            area=resident.area,
            resident=resident,
            user_id=people[who].user_id,
            purpose="处置案件",
            case=case,
            made_at=now,
            until=until,
            ended_at=ended,
        )
    return homes


def make_resident(household: Household, name: str, phone: str = "", **values: object) -> Resident:
    """A resident with what they are found by."""
    found: Resident = Resident.objects.create(
        area=household.area,
        household=household,
        name=name,
        phone=phone_of(phone),
        phone_mark=phone_mark(phone),
        **values,
    )
    NameMark.objects.bulk_create(
        NameMark(resident=found, area=household.area, mark=one) for one in name_marks(name)
    )
    return found


def _household(town: Town, grid: Area, name: str) -> Household:
    dwelling = make_dwelling(town, grid)
    make_facility(town, grid)
    make_compound(grid)
    Panorama.objects.create(
        building=dwelling.building,
        area=grid,
        title="大门",
        taken_on=clock.today(),
        file="aa/none.jpg",
        made_at=clock.now(),
    )
    DwellingBatch.objects.create(building=dwelling.building, pattern={}, made_at=clock.now())
    today = clock.today()
    home: Household = Household.objects.create(area=grid, dwelling=dwelling, since=date(2020, 1, 1))
    first = make_resident(home, name, "13800001234", birth_year=1950, relation="head")
    second = make_resident(home, name)
    here = {"area": grid}
    Detail.objects.create(resident=first, kind="sex", need="women_screening", value="女", until=today, **here)
    Merge.objects.create(kept=first, gone=second, made_at=clock.now(), **here)
    Tenancy.objects.create(dwelling=dwelling, household=home, landlord="房东", starts_on=today, **here)
    HomeCheck.objects.create(dwelling=dwelling, day=today, state="passed", **here)
    Organisation.objects.create(name=f"{grid.name}商店", kind="shop", contact_name="店主", **here)
    care = CareNeed.objects.create(
        resident=first,
        kind="alone",
        asks="每周来一次",
        applied_on=today,
        applicant="self",
        consent_text="care-1",
        consent_on=today,
        consent_way="signed",
        review_on=today,
        ends_on=today,
        **here,
    )
    _visited(town, care, dwelling)
    proposed = json.dumps({"phone": "13900001234"})
    Correction.objects.create(resident=first, proposed=proposed, made_at=clock.now(), **here)
    return home


def _visited(town: Town, care: CareNeed, dwelling: Dwelling) -> None:
    """A note about the dwelling with what was said to it, and visits for the care."""
    here, now, today = {"area": care.area}, clock.now(), clock.today()
    worker = town.users["grid_worker"]
    written = {"author": worker, "made_at": now, **here}
    entry = DiaryEntry.objects.create(kind="repair", text="楼道灯不亮。", dwelling=dwelling, **written)
    Comment.objects.create(entry=entry, text="请尽快报修。", **written)
    meeting = Meeting.objects.create(
        called_by=worker, kind="grid", title="例会", place="活动室", starts_at=now, **here
    )
    FollowUp.objects.create(meeting=meeting, owner=worker, text="换灯", due_on=today, **here)
    plan = VisitPlan.objects.create(
        care=care, rhythm="weekly", checks=["gas"], brings=["meals"], starts_on=today, ends_on=today, **here
    )
    Visit.objects.create(plan=plan, visitor=worker, outcome="absent", day=today, made_at=now, **here)
