"""What stands in a PDF, read back as a reader's program would: pages, their texts and where they begin, fonts."""

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_MM = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text with its start in mm from the lower left corner."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    width: float
    height: float
    texts: tuple[Text, ...]

    @property
    def words(self) -> str:
        return "".join(one.text for one in self.texts)


def pages_of(pdf: bytes) -> list[Page]:
    """The pages in order; text by the fonts' own tables from glyph to character."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    tables = {number: _table(objects, body) for number, body in objects.items() if b"/ToUnicode" in body}
    names = {
        name.decode(): tables[int(number)]
        for body in objects.values()
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)
        if int(number) in tables
    }
    found = []
    for body in objects.values():
        if b"/Type /Page\n" not in body + b"\n":
            continue
        box = re.search(rb"/MediaBox \[([\d. ]+)\]", body)
        content = re.search(rb"/Contents (\d+) 0 R", body)
        assert box
        assert content
        width, height = (float(side) * _MM for side in box[1].split()[2:])
        found.append(Page(width, height, tuple(_texts(_data(objects[int(content[1])]), names))))
    return found


def embedded_fonts(pdf: bytes) -> set[str]:
    """Names of fonts whose file is inside."""
    objects = dict(_OBJECT.findall(pdf))
    described = [body for body in objects.values() if b"/FontDescriptor" in body and b"/FontFile" in body]
    return {re.search(rb"/FontName /(\S+)", body)[1].decode() for body in described}  # type: ignore[index]


def _data(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    assert stream
    return zlib.decompress(stream[1]) if b"/FlateDecode" in body else stream[1]


def _table(objects: dict[int, bytes], font: bytes) -> dict[str, str]:
    """Character by glyph, both as the file writes them."""
    number = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert number
    text = _data(objects[int(number[1])]).decode()
    pairs = re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", text)
    return {glyph.upper(): bytes.fromhex(to).decode("utf-16-be") for glyph, to in pairs}


def _texts(content: bytes, names: dict[str, dict[str, str]]) -> list[Text]:
    font, found = "", []
    text = content.decode("latin-1")
    pattern = r"/(F\d+) [\d.]+ Tf|BT ([\d.-]+) ([\d.-]+) Td(.*?)ET"
    for match in re.finditer(pattern, text, re.DOTALL):
        if match[1]:
            font = match[1]
            continue
        words = ""
        for inner in re.finditer(r"/(F\d+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\)", match[4], re.DOTALL):
            if inner[1]:
                font = inner[1]
            else:
                words += _decoded(inner[2], names[font])
        found.append(Text(float(match[2]) * _MM, float(match[3]) * _MM, words))
    return found


def _decoded(raw: str, table: dict[str, str]) -> str:
    plain = re.sub(
        r"\\(.)", lambda sign: {"n": "\n", "r": "\r", "t": "\t"}.get(sign[1], sign[1]), raw, flags=re.DOTALL
    )
    glyphs = plain.encode("latin-1").hex().upper()
    return "".join(table.get(glyphs[at : at + 4], "?") for at in range(0, len(glyphs), 4))
