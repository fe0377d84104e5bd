"""Records of phones in words."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from wangge.domain.field.queries import Line

_KINDS: dict[str, str | Promise] = {
    "report": lazy("上报"),
    "move": lazy("办理案件"),
    "note": lazy("补充说明"),
    "patch": lazy("更正文字"),
    "visit": lazy("探访"),
    "diary": lazy("民情日记"),
    "shift": lazy("上班、下班"),
    "care": lazy("照料申请"),
    "minutes": lazy("会议记录"),
    "agreed": lazy("会上要办的事"),
}
_NAMES: dict[str, str | Promise] = {
    "": lazy("原文"),
    "description": lazy("描述"),
    "text": lazy("内容"),
    "note": lazy("说明"),
    "address": lazy("地址"),
    "place": lazy("地点"),
    "outcome": lazy("结果"),
    "came": lazy("来了多少人"),
    "minutes": lazy("会议记录"),
    "photos": lazy("照片"),
    "proof": lazy("凭证照片"),
    "voice": lazy("录音"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as the page shows it: `said` and `differs` in rows of words."""

    line: Line
    kind: str
    said: list[tuple[str, str]]
    differs: list[tuple[str, dict[str, str]]]
    files: list[str]


def shown(line: Line) -> Shown:
    """The record in words; what has no word of ours stands as it was sent."""
    kind = line.form.rpartition("-")[0]
    return Shown(
        line=line,
        kind=str(_KINDS.get(kind, line.form)),
        said=[
            (str(_NAMES.get(name, name)), _value(value)) for name, value in line.said.items() if _worth(value)
        ],
        differs=[(str(_NAMES.get(name, name)), versions) for name, versions in line.differs.items()],
        files=[_file(one) for one in line.files],
    )


def _worth(value: Any) -> bool:
    return value not in (None, "", [], {}, False)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is True:
        return _("是")
    return json.dumps(value, ensure_ascii=False)


def _file(one: tuple[str, int, bool] | None) -> str:
    if one is None:
        return _("没有收到")
    kind, size, whole = one
    stands = _("完整") if whole else _("没有收全")
    return f"{kind} · {size // 1024} kB · {stands}"
