"""Loading the national list of divisions: staged, checked, then merged set by set in one transaction."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.places import rules
from wangge.domain.places.models import LEVELS, AreaChange, AreaVersion, ChangeKind, Level
from wangge.domain.places.services import division_sql as sql
from wangge.domain.places.services import versions
from wangge.domain.places.services.division_list import ListFile, Problems, Row, open_lists, read_rows
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a list did. `vanished` and `elsewhere` ((code, name) here) are only told, never acted on:

    codes that the list no longer has, and areas that have later changes or another parent here.
    """

    rows: int
    founded: int
    renamed: int
    vanished: list[tuple[str, str]]
    elsewhere: list[tuple[str, str]]
    seconds: float


def load_divisions(
    actor: AnyActor,
    paths: Sequence[Path],
    on: date,
    *,
    only: Collection[str] = (),
    dry_run: bool = False,
    progress: Progress = lambda text: None,
) -> Loaded:
    """Bring the tree to the lists (.csv or .csv.gz) as they were on a day: all or nothing.

    New codes are founded, changed names renamed, both from the day on. `only`: codes whose subtrees,
    with what lies above them, are loaded. Raises BadList with every bad row, and then writes nothing.
    """
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以导入区划。"))
    if on > clock.today():
        raise Invalid({"on": _("名单的日期不能在今天之后。")})
    with transaction.atomic():
        load = _Load(actor, on, tuple(only), progress)
        loaded = load.run(paths)
        if dry_run:
            transaction.set_rollback(True)
    return loaded


class _Load:
    """One run over the staged list; the steps in order."""

    def __init__(self, actor: AnyActor, on: date, only: tuple[str, ...], progress: Progress) -> None:
        self.actor, self.on, self.only, self.progress = actor, on, only, progress
        self.problems = Problems()
        self.cursor = connection.cursor()
        self.began = time.monotonic()

    def run(self, paths: Sequence[Path]) -> Loaded:
        versions.lock()
        files = open_lists(paths, self.problems)
        self.problems.stop_if_any()
        self._do(sql.SETTINGS)
        self._do(sql.CLEAN)
        self._do(sql.HELD)
        rows = self._stage(files)
        self.problems.stop_if_any()
        self._check([path.name for path in paths])
        self.problems.stop_if_any()
        founded = self._found()
        renamed = self._rename()
        return Loaded(
            rows,
            founded,
            renamed,
            self._all(sql.VANISHED),
            self._all(sql.ELSEWHERE),
            time.monotonic() - self.began,
        )

    def _stage(self, files: list[ListFile]) -> int:
        """COPY the good rows with their short names into a table of this transaction."""
        self._do(sql.STAGING)
        names = {row[0]: row[1] for row in self._all(sql.NAMES_ABOVE)}
        rows, seen = 0, set[str]()
        with self.cursor.copy(sql.COPY) as copy:
            for file in files:
                for row in read_rows(file, self.problems, self._wanted):
                    seen.update(code for code in self.only if row.code.startswith(code))
                    copy.write_row((*row, self._short(row, names), self._inside(row.code)))
                    rows += 1
                self._say(_("读入 %(file)s，累计 %(rows)d 行") % {"file": file.name, "rows": rows})
        for code in set(self.only) - seen:
            self.problems.add("--only", 0, _("名单中没有编码 %(code)s。") % {"code": code})
        return rows

    def _wanted(self, code: str) -> bool:
        return not self.only or any(code.startswith(one) or one.startswith(code) for one in self.only)

    def _inside(self, code: str) -> bool:
        return not self.only or any(code.startswith(one) for one in self.only)

    def _short(self, row: Row, names: dict[str, str]) -> str:
        level, code = LEVELS[row.level], row.code
        if level != Level.COMMUNITY:
            names[code] = row.name
            return row.name
        return rules.short(row.name, level, [names[code[:n]] for n in (2, 4, 6, 9) if code[:n] in names])

    def _check(self, files: list[str]) -> None:
        self._do(sql.ANALYSE)
        for query, reason in (
            (sql.TWICE, _("编码 %(code)s 重复。")),
            (sql.NO_PARENT, _("没有上级 %(parent)s。")),
            (sql.HELD_LATER, _("编码 %(code)s 在名单日期之后才启用，请改用更晚的日期。")),
            (sql.UNSTEADY_PARENT, _("上级 %(parent)s 在名单日期之后另有变更。")),
        ):
            for file, line, code, parent in self._all(query):
                self.problems.add(files[file], line, reason % {"code": code, "parent": parent})
        self._say(_("检查完毕"))

    def _found(self) -> int:
        """Level by level, since a path stands on its parent's."""
        self._do(sql.FRESH)
        total = 0
        for level, name in enumerate(LEVELS[:-1]):
            self._do(sql.PLACE, {"level": level})
            self._do(sql.FOUND_AREAS, {"level": level, "name": name})
            if self.cursor.rowcount:
                total += self.cursor.rowcount
                text = _("写入%(level)s %(count)d 个")
                self._say(text % {"level": Level(name).label, "count": self.cursor.rowcount})
        if total:
            self._do(sql.FOUND_VERSIONS)
            self._say(_("写入历史 %(count)d 条") % {"count": total})
            note = _("全国区划名单：设立 %(count)d 个") % {"count": total}
            AreaChange.objects.create(**self._decision(ChangeKind.FOUND), note=note)
        return total

    def _rename(self) -> int:
        renamed = {area: (name, short) for area, name, short in self._all(sql.RENAMED)}
        current = AreaVersion.objects.filter(area_id__in=renamed, valid__contains=self.on)
        for version in current:
            name, short = renamed[version.area_id]
            versions.begin(version, self.on, name=name, short_name=short)
        AreaChange.objects.bulk_create(
            AreaChange(**self._decision(ChangeKind.RENAME), area_id=area) for area in renamed
        )
        if renamed:
            versions.agree(clock.today(), renamed)
        return len(renamed)

    def _decision(self, kind: ChangeKind) -> dict[str, Any]:
        user = self.actor.user_id if isinstance(self.actor, Actor) else None
        return {"kind": kind, "effective_on": self.on, "made_at": clock.now(), "made_by_id": user}

    def _do(self, statement: str, parameters: dict[str, Any] | None = None) -> None:
        for one in statement.split(";"):
            self.cursor.execute(one, {"on": self.on} | (parameters or {}))

    def _all(self, statement: str) -> list[Any]:
        self._do(statement)
        return list(self.cursor.fetchall())

    def _say(self, text: str) -> None:
        self.progress(f"{time.monotonic() - self.began:6.1f} s  {text}")
