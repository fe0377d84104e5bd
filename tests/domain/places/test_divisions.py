"""Loading the national list: every bad row is named, nothing half is written, a second run changes nothing."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from tests.domain.places.trees import TESTER, assert_areas_show, assert_sound, establish
from wangge.domain.access.actor import Public
from wangge.domain.places.models import Area, AreaChange, AreaVersion
from wangge.domain.places.queries import code_on
from wangge.domain.places.services import BadList, close, load_divisions, move, rename
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2023, 6, 30), date(2024, 6, 30)

LISTS = {
    "provinces.csv": "code,name\n44,广东省\n",
    "cities.csv": "code,name,provinceCode\n4401,广州市,44\n",
    "areas.csv": "code,name,cityCode,provinceCode\n440105,海珠区,4401,44\n440106,天河区,4401,44\n",
    "streets.csv": (
        "code,name,areaCode,provinceCode,cityCode\n"
        "440105008,南华西街道,440105,44,4401\n440106001,五山街道,440106,44,4401\n"
    ),
    "villages.csv": (
        "code,name,streetCode,provinceCode,cityCode,areaCode\n"
        '440105008001,"海珠区南华西街道同福西社区居民委员会",440105008,44,4401,440105\n'
        "440105008002,龙涧社区居民委员会,440105008,44,4401,440105\n"
        "440106001001,五山社区居委会,440106001,44,4401,440106\n"
    ),
}


class Folder:
    """The lists as files, which a test may change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name, text in LISTS.items():
            self.write(name, text)

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def load(self, on=DAY, actor=TESTER, **options):
        # In no order of levels: the header says what a file holds.
        return load_divisions(actor, sorted(self.path.glob("*.csv*"), reverse=True), on, **options)

    def complaints(self, **options) -> list[str]:
        before = list(AreaVersion.objects.values_list())
        with pytest.raises(BadList) as caught:
            self.load(**options)
        assert list(AreaVersion.objects.values_list()) == before
        return caught.value.lines


@pytest.fixture
def lists(tmp_path):
    return Folder(tmp_path)


def test_a_list_becomes_a_sound_tree_with_short_names(lists):
    loaded = lists.load()
    assert (loaded.rows, loaded.founded, loaded.renamed) == (9, 9, 0)
    community = Area.objects.get(code="440105008001")
    assert community.name == "海珠区南华西街道同福西社区居民委员会"
    assert community.short_name == "同福西社区"
    assert community.parent.parent.parent.parent.name == "广东省"
    assert_sound()
    assert_areas_show(DAY)


def test_a_packed_list_and_a_byte_order_mark_are_read(lists):
    text = (lists.path / "villages.csv").read_bytes()
    (lists.path / "villages.csv").unlink()
    lists.write("villages.csv.gz", gzip.compress(b"\xef\xbb\xbf" + text))
    assert lists.load().founded == 9


def test_the_same_list_again_changes_nothing(lists):
    lists.load()
    before = (list(Area.objects.values_list()), list(AreaVersion.objects.values_list()))
    again = lists.load()
    assert (again.founded, again.renamed, again.vanished, again.elsewhere) == (0, 0, [], [])
    later = lists.load(on=NEXT)
    assert (later.founded, later.renamed) == (0, 0)
    assert (list(Area.objects.values_list()), list(AreaVersion.objects.values_list())) == before
    assert AreaChange.objects.count() == 1


def test_a_newer_list_founds_renames_and_only_tells_what_vanished(lists):
    lists.load()
    lists.replace("streets.csv", "440105008,南华西街道", "440105008,南华街道")
    lists.replace(
        "villages.csv",
        "440105008002,龙涧社区居民委员会",
        "440105008003,南村社区居民委员会",
    )
    loaded = lists.load(on=NEXT)
    assert (loaded.founded, loaded.renamed) == (1, 1)
    assert loaded.vanished == [("440105008002", "龙涧社区居民委员会")]
    assert code_on("440105008", date(2024, 6, 29)).name == "南华西街道"
    assert code_on("440105008", NEXT).name == "南华街道"
    assert Area.objects.get(code="440105008").name == "南华街道"
    assert code_on("440105008003", date(2024, 6, 29)) is None
    assert Area.objects.get(code="440105008002").active
    assert set(AreaChange.objects.values_list("kind", "area__code")) == {
        ("found", None),
        ("rename", "440105008"),
    }
    assert_sound()


def test_a_dry_run_counts_and_writes_nothing(lists):
    assert lists.load(dry_run=True).founded == 9
    assert not Area.objects.exists()


def test_only_a_subtree_comes_with_what_lies_above_it(lists):
    loaded = lists.load(only=["440105008"])
    assert set(Area.objects.values_list("code", flat=True)) == {
        "44",
        "4401",
        "440105",
        "440105008",
        "440105008001",
        "440105008002",
    }
    assert loaded.vanished == []
    assert lists.load().founded == 3
    assert lists.load(only=["440105008"]).vanished == []
    assert lists.complaints(only=["440107"]) == ["--only:0: 名单中没有编码 440107。"]


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        (
            "villages.csv",
            "440105008002,",
            "44010500800x,",
            "villages.csv:3: 编码 '44010500800x' 只能是数字。",
        ),
        ("villages.csv", "440105008002,", "44010500802,", "villages.csv:3: 编码 44010500802 应为 12 位。"),
        ("villages.csv", "440105008002,", "440105008001,", "villages.csv:3: 编码 440105008001 重复。"),
        ("villages.csv", "龙涧社区居民委员会", "  ", "villages.csv:3: 名称为空。"),
        ("villages.csv", "龙涧社区居民委员会", "龙" * 101, "villages.csv:3: 名称超过 100 个字。"),
        ("villages.csv", "龙涧社区居民委员会", "龙\u202e涧", "villages.csv:3: 名称含控制字符。"),
        ("villages.csv", "龙涧社区居民委员会", "龙涧,", "villages.csv:3: 应有 6 列，实有 7 列。"),
        ("villages.csv", "龙涧社区居民委员会", '"龙"涧', "villages.csv:3: 不是合格的 CSV 行。"),
        ("villages.csv", "龙涧社区居民委员会", "龙" * 5000, "villages.csv:3: 一行太长。"),
        (
            "villages.csv",
            "440105008002,龙涧社区居民委员会,440105008",
            "440105008002,龙涧社区居民委员会,440105009",
            "villages.csv:3: 编码 440105008002 不以上级编码 '440105009' 开头。",
        ),
        (
            "villages.csv",
            "440105008002,龙涧社区居民委员会,440105008",
            "440105009002,龙涧社区居民委员会,440105009",
            "villages.csv:3: 没有上级 440105009。",
        ),
        ("provinces.csv", "44,", "47,", "provinces.csv:2: 编码 47 的前两位不是任何省级区划。"),
        ("cities.csv", "code,name", "id,title", "cities.csv:1: 表头须有 code 和 name 两列。"),
    ],
)
def test_a_bad_row_is_named_with_its_file_and_line(lists, file, old, new, complaint):
    lists.replace(file, old, new)
    assert complaint in lists.complaints()


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("villages.csv", LISTS["villages.csv"].encode("gbk"), "villages.csv:2: 不是 UTF-8 编码。"),
        ("villages.csv", LISTS["villages.csv"].encode("utf-16"), "villages.csv:1: 不是 UTF-8 编码。"),
        ("more.csv.gz", gzip.compress(LISTS["villages.csv"].encode())[:-20], "压缩文件损坏或不完整。"),
        ("empty.csv", b"", "empty.csv:1: 表头须有 code 和 name 两列。"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(lists, name, content, complaint):
    lists.write(name, content)
    assert any(complaint in line for line in lists.complaints())


def test_a_missing_file_is_named(lists):
    with pytest.raises(BadList) as caught:
        load_divisions(TESTER, [lists.path / "nowhere.csv"], DAY)
    assert caught.value.lines[0].startswith("nowhere.csv:1: 无法读取")


def test_a_hundred_bad_rows_are_shown_and_all_are_counted(lists):
    rows = "".join(f"44010500{number},x,440105008,44,4401,440105\n" for number in range(1000, 1250))
    lists.write("villages.csv", LISTS["villages.csv"].splitlines()[0] + "\n" + rows)
    with pytest.raises(BadList) as caught:
        lists.load()
    assert (len(caught.value.lines), caught.value.count) == (100, 250)


def test_an_older_list_does_not_get_under_what_was_founded_later(lists):
    lists.load(on=NEXT)
    assert "provinces.csv:2: 编码 44 在名单日期之后才启用，请改用更晚的日期。" in lists.complaints(on=DAY)


def test_a_new_area_is_not_left_behind_by_a_parent_that_moved_later(lists):
    lists.load(only=["440105"])
    other = establish(Area.objects.get(code="44"), "4402", "韶关市", NEXT)
    move(TESTER, Area.objects.get(code="440105"), other, NEXT)
    lists.replace("villages.csv", "440105008002,", "440105008009,")
    assert lists.complaints(only=["440105008"]) == ["villages.csv:3: 上级 440105008 在名单日期之后另有变更。"]


def test_what_was_changed_here_later_is_told_and_left_alone(lists):
    lists.load()
    rename(TESTER, Area.objects.get(code="440106001"), "五山新街道", NEXT)
    close(TESTER, Area.objects.get(code="440105008002"), NEXT)
    lists.replace("streets.csv", "440106001,五山街道", "440106001,另一个名字")
    loaded = lists.load()
    assert (loaded.renamed, loaded.elsewhere) == (0, [("440106001", "五山街道")])
    assert Area.objects.get(code="440106001").name == "五山新街道"


def test_a_list_is_not_of_tomorrow_and_not_for_everybody(lists):
    with pytest.raises(Invalid, match="今天之后"):
        lists.load(on=clock.today().replace(year=clock.today().year + 1))
    with pytest.raises(NotAllowed):
        lists.load(actor=Public())
