"""Labels for facilities: one each, with the code in text, for exactly the list that was looked at."""

from casework import TESTS
from factories import Town, make_facility
from pdftext import pages_of
from wangge.domain.access.scope import acting_as
from wangge.domain.boards.drawing.labels import MOST_LABELS
from wangge.domain.places.models import Facility


def test_a_list_becomes_a_sheet_with_a_label_each(town: Town) -> None:
    with acting_as(TESTS):
        made = [make_facility(town, grid) for grid in town.grids]
        gone = make_facility(town, town.grids[0], "01002", state="removed")
    client = town.client("grid_worker")
    answer = client.get(f"/desk/facilities/labels.pdf?area={town.street.pk}")
    (page,) = pages_of(answer.content)
    assert page.words.count("供水井盖") == len(made)
    assert all(one.code[11:] in page.words for one in made)
    assert gone.code[:11] not in page.words.replace(" ", "")
    narrow = client.get(f"/desk/facilities/labels.pdf?area={town.street.pk}&q={made[0].code}")
    assert pages_of(narrow.content)[0].words.count("供水井盖") == 1


def test_too_many_labels_and_none_are_refused_in_words(town: Town) -> None:
    client, url = town.client("grid_worker"), f"/desk/facilities/labels.pdf?area={town.street.pk}"
    assert client.get(url).status_code == 422
    with acting_as(TESTS):
        first = make_facility(town, town.grids[0])
        Facility.objects.bulk_create(
            Facility(
                code=f"{first.code[:11]}{serial:06d}",
                class_code=first.class_code,
                area=first.area,
                lon=first.lon,
                lat=first.lat,
            )
            for serial in range(2, MOST_LABELS + 2)
        )
    refused = client.get(url)
    assert refused.status_code == 422
    assert "先按网格或类别筛选" in refused.content.decode()
