"""Every rule of rowsecurity.py, wrong in one way at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wangge.domain.access import rowsecurity
from wangge.domain.access.rowsecurity import APPEND_ONLY, OWN_CHANGES, ROWS
from wangge.platform.db.roles import WEB_ROLE


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is wrong, and the statements that make it so, run as the tables' owner."""

    what: str
    sql: str

    def __str__(self) -> str:
        return self.what


def mutants() -> Iterator[Mutant]:
    """Each term of each rule dropped, each rule open or shut, each guard away."""
    for table, seen in ROWS.items():
        changed = OWN_CHANGES.get(table, rowsecurity._SYSTEM)
        for what, wrong in _wrong(seen):
            yield Mutant(f"{table}: who sees, {what}", rowsecurity._row_rules(table, wrong, changed))
        # History is guarded before its row rules are asked; that guard is made wrong below.
        for what, wrong in [] if table in APPEND_ONLY else _wrong(changed):
            yield Mutant(f"{table}: who changes, {what}", rowsecurity._row_rules(table, seen, wrong))
        for rule, verb, clause in (
            ("added", "INSERT", "WITH CHECK"),
            *((("removed", "DELETE", "USING"),) if table not in APPEND_ONLY else ()),
        ):
            for value in ("true", "false"):
                yield Mutant(
                    f"{table}: {rule} is {value}",
                    f"DROP POLICY {rule} ON {table};"
                    f"CREATE POLICY {rule} ON {table} FOR {verb} {clause} ({value})",
                )
        yield Mutant(f"{table}: no row security", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        yield Mutant(f"{table}: its owner is not bound", f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table in APPEND_ONLY:
        yield Mutant(
            f"{table}: can be changed",
            f"DROP TRIGGER append_only ON {table}; GRANT UPDATE, DELETE ON {table} TO {WEB_ROLE}",
        )


def _wrong(rule: str) -> Iterator[tuple[str, str]]:
    yield "everybody", "true"
    yield "nobody", "false"
    for start, end in _terms(rule):
        term = " ".join(rule[start:end].split())
        yield f"without {term[:60]}", f"{rule[:start]} {_neutral(rule, start)} {rule[end:]}"


_JOIN = re.compile(r"\b(OR|AND)\b")


def _terms(rule: str) -> Iterator[tuple[int, int]]:
    """Where the operands of every OR and AND begin and end, at any depth outside a subquery."""
    for first, last in _groups(rule):
        cuts = [first]
        for match in _JOIN.finditer(rule, first, last):
            if _depth(rule, first, match.start()) == 0:
                yield cuts[-1], match.start()
                cuts.append(match.end())
        if len(cuts) > 1:
            yield cuts[-1], last


def _groups(rule: str) -> Iterator[tuple[int, int]]:
    """The whole rule and the inside of every bracket that begins with no SELECT and belongs to no function."""
    yield 0, len(rule)
    for at, letter in enumerate(rule):
        called = re.search(r"(\w)\s*$", rule[:at]) and not re.search(r"\b(AND|OR|EXISTS)\s*$", rule[:at])
        if letter == "(" and not called and not rule[at + 1 :].lstrip().startswith("SELECT"):
            yield at + 1, _closing(rule, at)
    # The condition of a subquery is a group too.
    for match in re.finditer(r"\bWHERE\b", rule):
        opened = max(
            at for at in range(match.start()) if rule[at] == "(" and _closing(rule, at) > match.start()
        )
        yield match.end(), _closing(rule, opened)


def _closing(rule: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(rule)):
        depth += (rule[at] == "(") - (rule[at] == ")")
        if depth == 0:
            return at
    raise ValueError(rule)


def _depth(rule: str, first: int, at: int) -> int:
    return rule.count("(", first, at) - rule.count(")", first, at)


def _neutral(rule: str, start: int) -> str:
    """What leaves a term's neighbours as they are: false among ORs, true among ANDs."""
    before = _JOIN.findall(rule[:start])
    near = re.search(r"\b(OR|AND)\s*$", rule[:start])
    if near:
        return "false" if near[1] == "OR" else "true"
    after = _JOIN.search(rule, start)
    assert after or before
    depth = 0
    for at in range(start, len(rule)):
        depth += (rule[at] == "(") - (rule[at] == ")")
        if depth == 0 and (match := _JOIN.match(rule, at)):
            return "false" if match[1] == "OR" else "true"
    raise ValueError(rule[start:])
