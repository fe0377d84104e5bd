"""Tables come in as people see them, go out without a formula, and nothing that is no table is read."""

import io
import re
import struct
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from oldbook import Formula, old_book
from wangge.platform.errors import Invalid
from wangge.platform.sheets import limits, parse
from wangge.platform.sheets.cells import lost_digits, moment_of, text_of
from wangge.platform.sheets.formulas import formulas_of
from wangge.platform.sheets.packages import Refused, kind_of
from wangge.platform.sheets.reading import Row, as_table, read, stream
from wangge.platform.sheets.writing import Column, Marked, write_xlsx

CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=40)


def book(rows: list[list[object]], **options: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as made:
        sheet = made.add_worksheet()
        day = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                else:
                    sheet.write(r, c, value)
    return out.getvalue()


def rows_of(data: bytes) -> list[tuple[int, list[str]]]:
    return [(number, cells) for number, cells, _formulas in parse.rows_of(data)]


def why(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read(data)
    return refused.value.fields["file"]


def test_a_book_is_read_as_people_see_it() -> None:
    told = read(
        book([["电话", "时间", "单号"], [13800001234, datetime(2026, 11, 22, 8, 30), 2.5], [], ["x"]])
    )
    assert told == [
        Row(1, ("电话", "时间", "单号")),
        Row(2, ("13800001234", "2026-11-22 08:30:00", "2.5")),
        Row(4, ("x",)),
    ]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_is_read_in_the_codings_and_with_the_signs_in_use(coding: str, sign: str) -> None:
    text = f'工单编号{sign}诉求内容\r\n001{sign}"路灯{sign}不亮\n已两天"\r\n'
    assert rows_of(text.encode(coding)) == [
        (1, ["工单编号", "诉求内容"]),
        (3, ["001", f"路灯{sign}不亮\n已两天"]),
    ]


def test_a_long_number_that_lost_its_digits_is_seen() -> None:
    assert lost_digits(text_of(1.23456789012345678e17))
    assert lost_digits("1.38E+10")
    assert not lost_digits(text_of(13800001234.0))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 8:30",
        "2026/11/22 08:30:00",
        "2026年11月22日 8时30分",
        "2026.11.22 08：30",
        "20261122083000",
        "46348.354166666664",
    ],
)
def test_a_time_is_understood_however_it_is_written(text: str) -> None:
    assert moment_of(text) == datetime(2026, 11, 22, 8, 30)


@pytest.mark.parametrize(
    "text", ["", "昨天", "2026-13-01", "13800001234", "2026-02-30 08:00", "12345", "99999"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment_of(text) is None


@given(st.lists(st.lists(CELLS, min_size=2, max_size=6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again_whatever_the_texts_hold(rows: list[list[str]]) -> None:
    out = io.BytesIO()
    write_xlsx(out, "清单", [Column("一"), Column("二")], rows)
    told = dict(rows_of(out.getvalue()))
    for number, row in enumerate(rows, start=2):
        kept = [cell.strip() for cell in row]
        while kept and not kept[-1]:
            kept.pop()
        assert told.get(number, []) == kept


@given(CELLS, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "{=", "|", "'="]))
@settings(max_examples=60, deadline=None)
def test_no_cell_of_a_book_is_a_formula_or_a_link(text: str, sign: str) -> None:
    out = io.BytesIO()
    write_xlsx(out, "清单", [Column(f"={text}")], [[f"{sign}{text}"], [f"http://example.org/{text}"]])
    with zipfile.ZipFile(out) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in package.namelist() if name.endswith(".rels") and "sheets" in name]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_times_and_marks_are_written() -> None:
    out = io.BytesIO()
    row = [datetime(2026, 11, 22, 0, 30, tzinfo=UTC), 3, None, Marked("没有这个社区")]
    assert write_xlsx(out, "a/b", [Column(name) for name in "abcd"], [row]) == 1
    assert read(out.getvalue())[1] == Row(2, ("2026-11-22 08:30:00", "3", "", "没有这个社区"))


def test_the_header_is_found_below_a_title_and_takes_what_a_heading_above_says() -> None:
    rows = [
        Row(1, ("12345 热线工单清单",)),
        Row(2, ("工单", "", "诉求人", "")),
        Row(3, ("工单编号", "诉求内容", "", "电话")),
        Row(4, ("1", "灯坏了")),
    ]
    table = as_table(rows, {"工单编号", "诉求内容", "电话"}.__contains__)
    assert table.header == ("工单编号", "诉求内容", "诉求人", "电话")
    assert table.rows == (Row(4, ("1", "灯坏了", "", "")),)


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(Invalid, match="只有表头"):
        as_table([Row(1, ("a", "b"))], {"a"}.__contains__)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            for _n in range(limits.MOST_UNPACKED_BYTES // 2**20 + 2):
                part.write(b"\x00" * 2**20)
    return out.getvalue()


def lying(data: bytes) -> bytes:
    """The same package, whose directory says that the large part holds ten bytes."""
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    return data[: at + 24] + struct.pack("<I", 10) + data[at + 28 :]


def test_what_unpacks_to_too_much_is_refused_before_it_is_read() -> None:
    packed = bomb()
    assert len(packed) < limits.MOST_BYTES
    assert "展开后太大" in why(packed)


def test_a_directory_that_states_a_false_size_is_not_believed() -> None:
    with pytest.raises(Refused) as refused:
        kind_of(lying(bomb()))
    assert refused.value.code == "too_large_inside"


def test_a_cell_at_the_farthest_corner_takes_no_memory_of_ours() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "a")
        sheet.write_string(1_048_575, 16_383, "b")
    assert "展开后太大" in why(out.getvalue())


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "没有内容"),
        (b" \r\n ", "没有内容"),
        (book([[]]), "没有内容"),
        (b"%PDF-1.7 a,b", "不是表格文件"),
        (b"\xff\xd8\xff\xe0 jpeg", "不是表格文件"),
        (b"a,b\n\x00\x01", "不是表格文件"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页"),
        (book([["a"]])[:-60], "损坏"),
        (b"PK\x03\x04" + b"x" * 50, "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "损坏"),
        (encrypted(), "密码"),
        (b"\x81\xff\x81", "文字编码"),
        (b"a,b\n" + b",".join([b"x"] * 101), "100 列"),
        (b"a,b\n" + b"x" * 5001, "5,000 字"),
        (b"a,b\n" * 50_001, "50,000 行"),
        (b"x" * (limits.MOST_BYTES + 1), "20 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_or_too_much_is_refused_in_words(data: bytes, words: str) -> None:
    assert words in why(data)


@pytest.mark.parametrize("part", ["word/document.xml", "xl/workbook.bin"])
def test_another_package_is_no_table(part: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(part, "<w/>")
    assert "不是表格文件" in why(out.getvalue())


def test_a_table_with_a_program_behind_it_is_read_as_no_text() -> None:
    assert "不是表格文件" in why(b"a,b\n1,2\n" + book([["a"]]))


def test_an_open_document_is_read() -> None:
    out = io.BytesIO()
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = "<table:table-row>" + cell.format("工单编号") + cell.format("内容") + "</table:table-row>"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="一">'
            f"{row}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    assert read(out.getvalue()) == [Row(1, ("工单编号", "内容"))]


LIST = "社區,姓名,住址\r\n東社區,陳小明,長庚新村2棟3單元502\r\n南華西街道,黃美玲,厚德里12號302\r\n"


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "big5", "big5hkscs", "utf-8"])
def test_a_list_in_traditional_characters_is_read_in_the_codings_in_use(coding: str) -> None:
    assert [cells for _number, cells in rows_of(LIST.encode(coding))][1] == [
        "東社區",
        "陳小明",
        "長庚新村2棟3單元502",
    ]


def test_bytes_that_no_coding_explains_are_named_by_row_and_column() -> None:
    bad = "社区,姓名,住址\r\n东社区,王小明,东街 3 号\r\n东社区,".encode() + b"\xff\xff\x81" + b",x\r\n"
    assert why(bad).startswith("第 3 行第 2 列：")


def test_a_formula_gives_its_value_and_is_told() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "年", "x"])
        sheet.write_string(1, 0, "王小明")
        sheet.write_formula(1, 1, "=2026-1980", None, 1980)
        sheet.write_formula(1, 27, "=A1", None, "姓名")
    assert read(out.getvalue())[1] == Row(2, ("王小明", "1980", *[""] * 25, "姓名"), (1, 27))


def test_a_formula_is_told_once_wherever_the_sheet_is_cut_into_pieces() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as made:
        sheet = made.add_worksheet()
        for row in range(30_000):
            sheet.write_formula(row, 0, f"={row}+1", None, row + 1)
    assert all(row.formulas == (0,) and row.cells == (str(row.number),) for row in read(out.getvalue()))


def ods(*tables: str, head: str = "") -> bytes:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    sheets = "".join(f'<table:table table:name="{at}">{rows}</table:table>' for at, rows in enumerate(tables))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        package.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content{names}><office:body>'
            f"<office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def line(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def test_a_formula_of_an_ods_gives_its_value_and_is_told() -> None:
    sums = cell("2", ' table:formula="of:=1+1"')
    twice = cell("x", ' table:formula="of:=[.A1]" table:number-columns-repeated="2"')
    rows = (
        line(cell("姓名"), cell("年"), cell("甲"), cell("乙")),
        line("<table:table-cell/>", more=' table:number-rows-repeated="3"'),
        line(cell("王小明"), '<table:table-cell table:number-columns-repeated="2"/>', twice),
        line(cell("李"), sums, more=' table:number-rows-repeated="2"'),
        line(cell("张")),
    )
    assert read(ods("".join(rows)))[1:] == [
        Row(5, ("王小明", "", "", "x", "x"), (3, 4)),
        Row(6, ("李", "2"), (1,)),
        Row(7, ("李", "2"), (1,)),
        Row(8, ("张",)),
    ]


def test_formulas_of_an_ods_are_told_of_the_sheet_that_is_read() -> None:
    empty, formula = line("<table:table-cell/>"), line(cell("2", ' table:formula="of:=1+1"'))
    plain = line(cell("姓名")) + line(cell("王小明"))
    without_value = line('<table:table-cell table:formula="of:=1"/>')
    assert all(not row.formulas for row in read(ods(without_value, plain)))
    assert all(not row.formulas for row in read(ods(plain, formula)))
    assert [row.formulas for row in read(ods(empty, formula))] == [(0,)]


def test_an_ods_that_declares_entities_or_repeats_a_word_of_times_is_refused() -> None:
    rows = line(cell("姓名"))
    assert rows_of(ods(rows)) == [(1, ["姓名"])]
    for made in (
        ods(rows, head='<!DOCTYPE x [<!ENTITY a "b">]>'),
        ods(line(cell("姓名", ' table:number-columns-repeated="many"'))),
    ):
        assert "已损坏" in why(made)


def test_formulas_of_an_xlsx_are_told_of_their_sheet_when_sheets_were_moved() -> None:
    out, moved = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        for number in (1, 2):
            sheet = made.add_worksheet()
            sheet.write_string(0, 0, "年")
            sheet.write_formula(number, 0, "=1+1", None, 2)
    with zipfile.ZipFile(out) as package, zipfile.ZipFile(moved, "w") as again:
        for name in package.namelist():
            part = package.read(name)
            if name == "xl/workbook.xml":
                first, second = re.findall(rb"<sheet [^>]*/>", part)
                part = part.replace(first + second, second + first)
            again.writestr(name, part)
    assert read(out.getvalue())[1] == Row(2, ("2",), (0,))
    assert read(moved.getvalue())[1] == Row(3, ("2",), (0,))


def test_a_csv_cell_that_is_a_formula_is_told() -> None:
    assert read("姓名,电话\n=1+2,138".encode())[1] == Row(2, ("=1+2", "138"), (0,))


def test_a_list_may_be_longer_where_it_is_read_row_by_row() -> None:
    long = b"a,b\n" * (limits.MOST_ROWS + 1)
    assert sum(1 for _row in stream(long, limits.MOST_STREAMED_ROWS)) == limits.MOST_ROWS + 1


def test_a_formula_of_an_xls_gives_its_value_and_is_told_of_the_sheet_that_is_read() -> None:
    people = [
        ["姓名", "住址", "人数"],
        ["王小明", "厚德里12号302", Formula(3)],
        [None],
        ["李", Formula(2), 4.0],
    ]
    assert read(old_book(说明=[[]], 住户=people, 别的=[[Formula(1)]])) == [
        Row(1, ("姓名", "住址", "人数")),
        Row(2, ("王小明", "厚德里12号302", "3"), (2,)),
        Row(4, ("李", "2", "4"), (1,)),
    ]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_of_a_damaged_xls_formulas_are_told_or_it_is_refused(data: st.DataObject) -> None:
    whole = bytearray(old_book(住户=[["姓名", "人数"], ["王小明", Formula(3)]]))
    for _n in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        formulas_of(bytes(whole[: data.draw(st.integers(600, len(whole)))]), 0)


def test_an_xls_on_which_its_reader_breaks_is_refused_in_words() -> None:
    whole = old_book(住户=[["姓名", "人数"], ["王小明", Formula(3)]])
    assert "损坏" in why(whole[:600])
    assert "损坏" in why(whole.replace(b"\x09\x08\x10", b"\x09\x08\xff"))
