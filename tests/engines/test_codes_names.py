"""Short names of communities, over chosen ones and over the whole national list."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.codes import DivisionCode, short_name

NATIONAL_LIST = Path(__file__).resolve().parents[2].parent / "shared/data/divisions/villages.csv.gz"


@pytest.mark.parametrize(
    ("official", "short"),
    [
        ("海幢社区居民委员会", "海幢社区"),
        ("敬和里社区居委会", "敬和里社区"),
        ("康乐西路社区居民委会", "康乐西路社区"),
        ("袁村村民委员会", "袁村"),
        ("里八庄村民委员会", "里八庄村"),
        ("和平村委会", "和平村"),
        ("查干嘎查委会", "查干嘎查"),
        ("龙门居委会", "龙门社区"),
        ("田林五、六、七村居委会", "田林五、六、七村社区"),
        ("委家庄村村民委员会", "委家庄村"),
        ("国家屯村委会（合隆经济开发区）（省级）", "国家屯村"),
        ("罗山（畲族）社区居委会", "罗山（畲族）社区"),
        ("郭庄村（居）委会", "郭庄村"),
        ("红旗渔委会", "红旗村"),
        ("西张口村委会村民委员会", "西张口村"),
        ("街道居委会", "街道社区"),
        ("文景街道虚拟社区", "文景街道虚拟社区"),
        ("居委会", "居委会"),
        ("社区居委会", "社区居委会"),
        ("时村", "时村"),
    ],
)
def test_a_short_name_is_what_people_say(official: str, short: str) -> None:
    assert short_name(official) == short


@pytest.mark.parametrize(
    ("official", "short"),
    [
        ("广东省河源市和平县阳明镇南堤社区居民委员会", "南堤社区"),
        ("南堤社区居民委员会", "南堤社区"),
        ("阳明镇社区居民委员会", "阳明镇社区"),
        ("阳明镇", "阳明镇"),
    ],
)
def test_names_of_the_areas_above_are_left_out_where_something_remains(official: str, short: str) -> None:
    assert short_name(official, within=("广东省", "河源市", "和平县", "阳明镇")) == short


@given(st.text("社区居民村委员会管理街道嘎查甲（）", min_size=1, max_size=14))
def test_a_short_name_is_never_empty_and_is_its_own_short_name(official: str) -> None:
    short = short_name(official)
    assert short
    assert short_name(short) == short


def test_over_the_whole_national_list_codes_can_be_read_and_short_names_hold() -> None:
    if not NATIONAL_LIST.exists():
        pytest.skip("the national list is not beside this checkout (../shared/data/divisions)")
    names: dict[str, str] = {}
    with gzip.open(NATIONAL_LIST, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert str(DivisionCode.parse(row["code"]).parent) == row["streetCode"]
            names.setdefault(row["name"], short_name(row["name"]))
    assert len(names) > 250_000
    assert all(names.values())
    assert [name for name, short in names.items() if short_name(short) != short] == []
    committees = [short for name, short in names.items() if short.endswith(("委员会", "委会"))]
    assert len(committees) < 25
