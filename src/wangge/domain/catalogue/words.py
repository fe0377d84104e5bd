"""The words of the catalogue's keys: fields of work, kinds of proof, groups."""

import csv
from importlib import resources

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Field of work of the unit that normally leads, as Matter.lead_role and Unit.duty hold it.
DUTIES: dict[str, str | Promise] = {
    "urban_management": _("城管执法"),
    "sanitation": _("环境卫生"),
    "municipal": _("市政设施"),
    "landscaping": _("园林绿化"),
    "water": _("供水排水"),
    "housing": _("住房建设"),
    "police": _("公安"),
    "traffic": _("交通"),
    "market": _("市场监管"),
    "fire": _("消防"),
    "power": _("供电"),
    "telecom": _("通信"),
    "gas": _("燃气"),
    "civil_affairs": _("民政"),
    "property": _("物业服务"),
    "health": _("卫生健康"),
    "environment": _("生态环境"),
    "station": _("社区工作站"),
}

PROOFS: dict[str, str | Promise] = {
    "photo_after": _("处置后照片"),
    "photo_before_after": _("处置前后照片"),
    "document": _("文书或记录"),
    "statement": _("书面说明"),
}


def _groups() -> dict[tuple[str, str], tuple[str, str]]:
    table = resources.files("wangge.domain.catalogue.seed").joinpath("groups.csv")
    with table.open(encoding="utf-8") as file:
        return {
            (row["kind"], row["group_code"]): (row["name"], row["name_en"]) for row in csv.DictReader(file)
        }


# (kind, group code): name and English name of the national groups and our own.
GROUPS = _groups()


def group_name_en(kind: str, code: str) -> str:
    """English name of a group of the standard or of the product; "" for a city's own.

    Local classes under a national matter stand in its group of events.
    """
    return (GROUPS.get((kind, code)) or GROUPS.get(("event", code)) or ("", ""))[1]
