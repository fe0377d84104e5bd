"""Grid codes of local schemes: three that come with the product, and those of an installation."""

from datetime import date

import pytest

from tests.domain.places.trees import TESTER, establish, plant
from wangge.domain.access.actor import Public
from wangge.domain.places.models import GridCodeScheme, LocalCode
from wangge.domain.places.services import add_scheme, assign_local_codes, close, ensure_schemes
from wangge.platform.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    ensure_schemes()
    return plant()


def scheme(key: str) -> GridCodeScheme:
    return GridCodeScheme.objects.get(key=key)


def codes(key: str) -> dict[str, str]:
    return dict(LocalCode.objects.filter(scheme__key=key).values_list("area__code", "code"))


def test_the_three_schemes_are_there_once(tree):
    ensure_schemes()
    assert sorted(GridCodeScheme.objects.values_list("key", flat=True)) == ["national", "pinyin", "town"]


def test_each_scheme_codes_the_grids_of_a_street(tree):
    establish(tree["440105008001"], "440105008001003", "同福西小学", kind="dedicated")
    for key in ("national", "pinyin", "town"):
        assert len(assign_local_codes(TESTER, scheme(key), tree["440105008"])) == 4
    assert set(codes("national").items()) >= {("440105008001002", "440105008001002")}
    assert codes("pinyin") == {
        "440105008001001": "nhx-tfx-01",
        "440105008001002": "nhx-tfx-02",
        "440105008001003": "nhx-tfx-03",
        "440105008002001": "nhx-lj-01",
    }
    assert codes("town") == {
        "440105008001001": "001101",
        "440105008001002": "001102",
        "440105008001003": "001201",
        "440105008002001": "002101",
    }


def test_a_second_run_codes_only_new_grids_and_never_reuses_a_code(tree):
    assign_local_codes(TESTER, scheme("pinyin"), tree["440105008001"])
    close(TESTER, tree["440105008001002"], date(2021, 1, 1))
    establish(tree["440105008001"], "440105008001009", "新网格", date(2021, 1, 1))
    (made,) = assign_local_codes(TESTER, scheme("pinyin"), tree["440105008001"])
    assert made.code == "nhx-tfx-03"


def test_two_communities_with_the_same_initials_are_told_apart_in_words(tree):
    twin = establish(tree["440105008"], "440105008003", "桐福溪社区居民委员会")
    establish(twin, "440105008003001", "第一网格")
    with pytest.raises(Conflict, match=r"同福西.*桐福溪.*nhx-tfx-01"):
        assign_local_codes(TESTER, scheme("pinyin"), tree["440105008"])
    assert codes("pinyin") == {}
    assign_local_codes(TESTER, scheme("pinyin"), tree["440105008"], letters={twin.pk: "tfx2"})
    assert codes("pinyin")["440105008003001"] == "nhx-tfx2-01"


def test_two_towns_need_a_six_digit_scheme_each(tree):
    assign_local_codes(TESTER, scheme("town"), tree["440105008"])
    with pytest.raises(Conflict, match="另建编码方案"):
        assign_local_codes(TESTER, scheme("town"), tree["440105009"])
    own = add_scheme(TESTER, "town-009", "海幢六位编码", "{village:3}{kind:1|2}{serial:2}", tree["440105009"])
    (made,) = assign_local_codes(TESTER, own, tree["440105009"])
    assert made.code == "001101"
    with pytest.raises(Invalid, match="只用于"):
        assign_local_codes(TESTER, own, tree["440105008"])


def test_a_bad_scheme_and_a_stranger_are_refused(tree):
    for pattern in ("{community:12}", "{weather:3}{serial:2}", "{serial:x}"):
        with pytest.raises(Invalid):
            add_scheme(TESTER, "bad", "坏方案", pattern)
    with pytest.raises(Conflict, match="town"):
        add_scheme(TESTER, "town", "又一个", "{serial:2}")
    with pytest.raises(NotAllowed):
        assign_local_codes(Public(), scheme("town"), tree["440105008"])
