"""Every line of the policy, wrong in one way at a time.

Its files are read as one, each after those whose names it imports, so that a wrong rule is wrong for all of them.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wangge.domain.access import policy

FOLDER = Path(policy.__file__).parent
Change = Callable[[ast.AST], None]
Way = tuple[str, str, Change]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong policy: "file:line", what was done to it, and the policy's names after it."""

    line: str
    rule: str
    what: str
    names: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.line} {self.where}"

    @property
    def where(self) -> str:
        """The rule and what was done to it; stays when lines move."""
        return f"{self.rule} {self.what}"


def mutants() -> Iterator[Mutant]:
    """Each way to be wrong, as a module of its own."""
    tree = _whole()
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for index, node in enumerate(ast.walk(tree)):
        for line, what, change in _ways(node, parents):
            wrong = copy.deepcopy(tree)
            target = list(ast.walk(wrong))[index]
            change(target)
            yield Mutant(line, _rule_of(node, parents), what, _run(wrong))


def right() -> dict[str, Any]:
    """The names of the policy as it is."""
    return _run(_whole())


def rule_lines() -> set[str]:
    """Lines that decide something: all of the rules but names, patterns of `match` and closing brackets."""
    tree = _whole()
    deciding = (ast.Return, ast.AugAssign, ast.If, ast.GeneratorExp)
    lines = {
        _line(node)
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, deciding)
        and not (isinstance(node, ast.GeneratorExp) and not node.generators[0].ifs)
    }
    table = next(
        node for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict)
    )
    return lines | {_line(value) for value in table.value.values}  # type: ignore[union-attr]


def _whole() -> ast.Module:
    """All files as one module, without the imports among them; each node knows its file."""
    whole = ast.Module([], [])
    for file in _in_order(policy.__name__):
        body = ast.parse(file.read_text("utf-8")).body
        own = [node for node in body if not _imported(node)]
        for node in (inner for outer in own for inner in ast.walk(outer)):
            node.file = file.name  # type: ignore[attr-defined]
        whole.body += own
    return whole


def _in_order(module: str) -> list[Path]:
    """The file of a module behind those whose names it imports, each once."""
    name = module.removeprefix(policy.__name__).lstrip(".")
    file = FOLDER / f"{name or '__init__'}.py"
    found: list[Path] = []
    for imported in filter(None, map(_imported, ast.parse(file.read_text("utf-8")).body)):
        found += [one for one in _in_order(imported) if one not in found]
    return [*found, file]


def _imported(node: ast.stmt) -> str:
    """The module of the policy that the statement imports from, "" for all else."""
    module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    return module if module.startswith(f"{policy.__name__}.") else ""


def _line(node: Any) -> str:
    return f"{node.file}:{node.lineno}"


def _rule_of(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    while not isinstance(node, ast.FunctionDef) and node in parents:
        node = parents[node]
    return node.name if isinstance(node, ast.FunctionDef) else "policy"


def _run(tree: ast.AST) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": policy.__name__}
    exec(compile(ast.fix_missing_locations(tree), policy.__name__, "exec"), names)
    return names


def _ways(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[Way]:
    if isinstance(node, ast.Dict) and isinstance(parents[node], ast.AnnAssign):
        for position, value in enumerate(node.values):
            for name in ("ALL", "NONE"):
                yield _line(value), f"entry {position + 1} is {name} for everybody", _entry(position, name)
    for what, change in _ways_of_a_line(node, parents):
        yield _line(node), what, change


def _ways_of_a_line(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd()) if not _annotates(node, parents):
            yield "keeps only the left side", _become("left")
            yield "keeps only the right side", _become("right")
        case ast.AugAssign():
            yield "leaves the line out", _leave_out
        case ast.Return(value=value) if value is not None:
            for name in ("ALL", "NONE"):
                if not (isinstance(value, ast.Name) and value.id == name):
                    yield f"returns {name}", _returns(name)
        case ast.If():
            yield "takes the condition for true", _decides(True)
            yield "takes the condition for false", _decides(False)
        case ast.IfExp():
            yield "takes the first for both", _become("body")
            yield "takes the second for both", _become("orelse")
        case ast.GeneratorExp(generators=[ast.comprehension(ifs=[_])]):
            yield "takes all of them", _takes_all
        case ast.Tuple(elts=elements) if len(elements) > 1 and all(_is_role(e) for e in elements):
            for position in range(len(elements)):
                yield f"forgets role {position + 1}", _forgets(position)


def _annotates(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether the `|` joins types or patterns."""
    parent = parents[node]
    if isinstance(parent, ast.BinOp):
        return _annotates(parent, parents)
    is_check = isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "isinstance"
    return is_check or isinstance(parent, ast.arg | ast.Subscript | ast.Assign)


def _is_role(node: ast.AST) -> bool:
    if isinstance(node, ast.Starred):
        return True
    return isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Role"


def _become(side: str) -> Change:
    def change(node: Any) -> None:
        other = getattr(node, side)
        node.__class__, node.__dict__ = other.__class__, other.__dict__

    return change


def _leave_out(node: Any) -> None:
    node.__class__, node.__dict__ = ast.Pass, {"lineno": node.lineno, "col_offset": node.col_offset}


def _returns(name: str) -> Change:
    def change(node: Any) -> None:
        node.value = ast.Name(name, ast.Load())

    return change


def _decides(value: bool) -> Change:
    def change(node: Any) -> None:
        node.test = ast.Constant(value)

    return change


def _takes_all(node: Any) -> None:
    node.generators[0].ifs = []


def _forgets(position: int) -> Change:
    def change(node: Any) -> None:
        del node.elts[position]

    return change


def _entry(position: int, name: str) -> Change:
    def change(node: Any) -> None:
        rule = ast.parse(f"lambda actor: {name}", mode="eval").body
        node.values[position] = rule

    return change
