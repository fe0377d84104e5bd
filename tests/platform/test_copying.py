"""Many rows by COPY are the rows that one by one would have made."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from casework import TESTS
from factories import make_dwelling, make_town
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Dwelling
from wangge.platform.db.copying import copy_in, take_ids

pytestmark = pytest.mark.django_db

FIELDS = ("id", "building", "stairwell", "area", "floor", "room", "use")


def test_rows_are_copied_into_a_table_with_row_security_with_the_ids_that_were_taken() -> None:
    town = make_town()
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[0])
        ids = take_ids(Dwelling, 3)
        beside = (flat.building_id, flat.stairwell_id, flat.area_id, 2)
        assert copy_in(Dwelling, FIELDS, [(pk, *beside, f"20{pk}", "own") for pk in ids]) == 3
        made = Dwelling.objects.filter(pk__in=ids).order_by("pk")
        assert [(one.room, one.stairwell, one.use) for one in made] == [
            (f"20{pk}", flat.stairwell, "own") for pk in ids
        ]


def test_who_may_not_insert_may_not_copy_either() -> None:
    town = make_town()
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[0])
    row = (flat.building_id, flat.stairwell_id, flat.area_id, 2, "201", "own")
    with acting_as(town.actor("grid_worker")):
        with pytest.raises(DatabaseError), transaction.atomic():
            copy_in(Dwelling, FIELDS[1:], [row])
        assert Dwelling.objects.count() == 1


def test_a_row_that_breaks_a_rule_leaves_none_behind() -> None:
    town = make_town()
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[0])
        beside = (flat.building_id, flat.stairwell_id, flat.area_id, 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            copy_in(Dwelling, FIELDS[1:], [(*beside, "102", "own"), (*beside, flat.room, "own")])
        assert Dwelling.objects.count() == 1
