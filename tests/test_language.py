"""What people read goes through gettext, or stands beside its English; the sources hold no other Chinese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[1] / "src" / "wangge"
CHINESE = re.compile("[\u4e00-\u9fff]")
GETTEXT = {"_", "lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext",
           "pgettext_lazy"}  # fmt: skip
# Choices that carry their English beside them.
BOTH_LANGUAGES = {"Reason"}
# Entries of the log of looks: kept as they stand.
KEPT = {"data_class"}
# What is stored is Chinese for every reader; a language's own name stands in itself.
STORED = {"附近", "本地事项", "中文", "男", "女", "单元"}

FILES = [
    file
    for floor in ("platform", "domain", "faces")
    for file in sorted((SOURCES / floor).rglob("*.py"))
    if not {"migrations", "demo"} & set(file.parts)
]


def untranslated(source: str) -> list[str]:
    """Chinese literals that no gettext sees; texts put together before gettext sees them, too."""
    return list(_untranslated(ast.parse(source)))


def _untranslated(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in BOTH_LANGUAGES:
            return
        case ast.Call(func=ast.Name(id=name), args=args) if name in GETTEXT:
            if all(isinstance(argument, ast.Constant | ast.Name | ast.Attribute) for argument in args[:1]):
                return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
            return  # what people write, not what they read
        case ast.keyword(arg=name) if name in KEPT:
            return
        case ast.Expr(value=ast.Constant(value=str())):
            return  # a docstring
        case ast.Constant(value=str(text)) if CHINESE.search(text) and text not in STORED:
            yield f"line {node.lineno}: {text}"
    for child in ast.iter_child_nodes(node):
        yield from _untranslated(child)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCES)))
def test_whoever_reads_english_reads_no_chinese_from_the_code(file: Path) -> None:
    assert untranslated(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'raise NotFound("没有找到")',
        'wrong["name"] = f"最多 {MOST} 字"',
        'raise Invalid({"name": _(f"最多 {MOST} 字")})',
        'STALE = "刚刚有变化"',
        'raise Conflict(_("没有") + "找到")',
    ],
)
def test_a_text_beside_gettext_is_found(source: str) -> None:
    assert untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        'raise NotFound(_("没有找到"))',
        'raise Invalid({"name": _("最多 %(most)d 字") % {"most": MOST}})',
        '"""居民上报。"""',
        'Reason("5", "满意", "Satisfied")',
    ],
)
def test_a_text_in_gettext_is_not_complained_about(source: str) -> None:
    assert untranslated(source) == []
