"""The record of processing (处理活动记录): what the fields declare, with whose data it is and who receives it."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext_noop

from wangge.platform.personal import Declaration, declared


@dataclass(frozen=True, slots=True)
class Activity:
    """What is done with the fields of one table, about whom, and who may see them."""

    name: str
    about: str
    seen_by: str


_KEEPERS = gettext_noop("所在网格的网格员、网格长，所在社区工作站；街道只在有事由时")

# One for each table with a person in it; a test holds it against the fields.
ACTIVITIES = {
    "cases.Contact": Activity(
        gettext_noop("回访上报人"),
        gettext_noop("留下联系方式的上报人"),
        gettext_noop("等待回访时负责回访的岗位；上报人本人"),
    ),
    "orders.OrderRow": Activity(
        gettext_noop("导入热线工单"), gettext_noop("热线来电人"), gettext_noop("导入工单的人，七天之内")
    ),
    "enrolment.EnrolmentRow": Activity(
        gettext_noop("导入住户清单"), gettext_noop("清单里的居民"), gettext_noop("导入清单的人，七天之内")
    ),
    "register.Household": Activity(gettext_noop("居民登记"), gettext_noop("住户"), _KEEPERS),
    "register.Resident": Activity(
        gettext_noop("居民登记"),
        gettext_noop("居民"),
        gettext_noop("所在网格的网格员、网格长，所在社区工作站；街道只在有事由时；经授权的一个人；本人"),
    ),
    "register.Detail": Activity(
        gettext_noop("办理需要身份证号码或性别的服务"), gettext_noop("申请该项服务的居民"), _KEEPERS
    ),
    "register.Tenancy": Activity(gettext_noop("房屋租赁登记"), gettext_noop("出租人"), _KEEPERS),
    "register.Organisation": Activity(gettext_noop("单位登记"), gettext_noop("单位指定的联系人"), _KEEPERS),
    "register.CareNeed": Activity(
        gettext_noop("照料服务"),
        gettext_noop("申请照料的居民"),
        gettext_noop("所在网格和社区；提供照料的单位由社区告知；本人"),
    ),
    "register.Correction": Activity(
        gettext_noop("更正登记信息"), gettext_noop("申请更正的居民"), gettext_noop("所在网格和社区；本人")
    ),
}


@dataclass(frozen=True, slots=True)
class Processing:
    """An activity with its table and fields: (column, what it declares)."""

    label: str
    activity: Activity
    fields: tuple[tuple[str, Declaration], ...]


def record() -> list[Processing]:
    """The whole record, in the order of the tables."""
    return [
        Processing(label, ACTIVITIES[label], tuple((column, said) for _label, column, said in fields))
        for label, fields in groupby(declared(), key=lambda one: one[0])
    ]
