"""The demo's last weeks besides its cases: rosters, notes of the grids, visits that were asked for, meetings.

Everything goes through the services in the clock of its day, by who would do it; nothing is about a person.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.models import User
from wangge.domain.access.queries import actor_of, posts_on
from wangge.domain.boards.services import give_card
from wangge.domain.places.models import Area, Building, Level
from wangge.domain.register.models import Tenancy
from wangge.domain.register.services.homes import check_home, mark_fixed
from wangge.domain.shifts import queries as shift_queries
from wangge.domain.shifts import services as shifts
from wangge.domain.shifts.models import Shift, ShiftKind
from wangge.domain.visits.models import EntryKind, MeetingKind, Outcome, VisitPlan
from wangge.domain.visits.rules import due
from wangge.domain.visits.services.diary import comment, make_case, write_entry
from wangge.domain.visits.services.meetings import agree, call, finish, keep_minutes
from wangge.domain.visits.services.visiting import record_visit
from wangge.faces.cli.demo.households import VISITED_FOR
from wangge.faces.cli.demo.people import PHONE_PREFIX
from wangge.platform import clock

_ENTRIES_A_GRID = 3
_COMMENTED, _BECAME_CASE = 0.3, 0.5
_ON_BOARD = 0.8
_CHECKS_A_GRID, _FAULTY, _FIXED = 5, 0.4, 0.5
_FAULTS = (
    ("gas", "燃气软管已过期，请换成金属软管。"),
    ("charging", "在屋里给电动自行车充电，请改到楼下的充电桩。"),
    ("fire", "没有灭火器，请配一具放在门边。"),
    ("wiring", "插座老化发热，请找持证电工更换。"),
)
# Nobody works on these in the demo, so that older ones would all be late.
_RECENT = 2
_OUTCOMES = ((Outcome.DONE, Outcome.ABSENT, Outcome.DECLINED), (88, 9, 3))
_VISIT_WORDS = (
    "药已送到，下次带一袋米。", "燃气软管到期，已提醒更换。", "灯泡已换好。", "想参加长者饭堂，已留申请表。",
    "水龙头滴水，已约师傅周五上门。", "一切都好，下周照常。",
)  # fmt: skip
_ENTRIES = {
    EntryKind.WISH: (
        "楼下空地想装两张长椅，傍晚乘凉的人多，现在只能站着。",
        "几户建议把快递柜挪到大门内侧，免得占人行道。",
        "有居民希望周末增加一次收旧家电的时间。",
        "大家觉得公示栏的字太小，建议用大字版。",
    ),
    EntryKind.HELP: (
        "独居住户的门锁不好开，已联系锁匠，费用自理，约定明早上门。",
        "想办长者饭堂的卡，不会用手机填表，已带纸质表格上门。",
        "刚搬来的住户问居住证在哪里办，已告知一站式窗口和所需材料。",
    ),
    EntryKind.REPAIR: (
        "三楼转角的灯时亮时不亮，晚上看不清台阶。",
        "单元门的闭门器坏了，关门声音很大，影响一楼。",
        "天井的雨水口有落叶，下雨前需要清一次。",
        "楼道扶手有一节松动，老人上下楼要当心。",
    ),
    EntryKind.SAFETY: (
        "楼道里停了两辆电动车充电，已当面劝离，明天复看。",
        "空中飞线有一处垂得低，已拍照，等电工来整理。",
        "一楼商铺把煤气瓶放在后门通道，已请其移走。",
    ),
    EntryKind.NEIGHBOURS: (
        "楼上楼下为空调滴水有意见，约好周六在议事角一起商量。",
        "两户为门口鞋柜的位置起了争执，商定各让一步，都靠墙放。",
        "有人反映晚上练琴声音大，已商量好九点以后不弹。",
    ),
    EntryKind.OTHER: (
        "本周入户发放了用气安全的折页，顺便核对了楼栋联系牌。",
        "陪同街道的同事看了加装电梯的楼栋，居民多数支持。",
    ),
}  # fmt: skip
_SAID = (
    "处理得及时，复看后请补一句结果。", "这件事几个网格都有，下周例会一起商量。", "请联系物业，本周内给居民答复。",
    "记得很清楚，辛苦了。",
)  # fmt: skip
_COUNCILS = (
    ("楼道停车怎么管", "大家商定：北门空地划出十二个车位，楼道内一律不停；充电桩由物业在月底前装好。"),
    ("加装电梯的日照和费用", "听了设计单位的说明，低层住户的顾虑已记录；费用分摊的两个方案下次表决。"),
    ("流动摊贩和早市", "同意早上六点到八点在南侧路段摆摊，摊主自己清扫，由轮值居民检查。"),
)
_AGREED = (
    ("请物业在空地划好停车线", 6), ("把商定的内容贴到每个单元门口", 3), ("联系设计单位补日照分析", 12),
    ("做一份轮值表，发给摊主和居民", 5),
)  # fmt: skip


class _Days:
    """Who works where in the street, and the moments of its last days."""

    def __init__(self, street: Area, seed: int, now: datetime) -> None:
        self.chance = Random(seed + 9)  # noqa: S311 - days of a demo, not secrets
        self.now, self.today = now, timezone.localdate(now)
        self._holders: dict[tuple[int, str], User] = {}
        posts = posts_on(self.today).filter(area__path__startswith=street.path).select_related("user")
        for post in posts.order_by("pk"):
            self._holders.setdefault((post.area_id, post.role), post.user)

    def who(self, area: Area, role: Role) -> Actor:
        return actor_of(self._holders[area.pk, role], self.today)

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    @contextmanager
    def on(self, day: date, hour: int) -> Iterator[None]:
        """At some minute of this hour, at the latest now."""
        moment = timezone.make_aware(datetime.combine(day, time(hour, self.chance.randrange(60))))
        with clock.at(min(moment, self.now)):
            yield


def go_round(street_code: str, seed: int, now: datetime) -> None:
    """Fill the last days of a street whose people and households are there (some 15 s)."""
    street = Area.objects.get(code=street_code)
    days = _Days(street, seed, now)
    for community in Area.objects.filter(parent=street, active=True).order_by("code"):
        grids = list(Area.objects.filter(parent=community, level=Level.GRID, active=True).order_by("code"))
        _roster(days, community)
        _meet(days, community)
        for grid in grids:
            _visit(days, grid)
            _note(days, community, grid)
            _stand_on_board(days, grid)
            _check_rented(days, grid)


def _stand_on_board(days: _Days, grid: Area) -> None:
    """Most workers give a number at work for the notice board of their grid."""
    if days.chance.random() < _ON_BOARD:
        give_card(
            days.who(grid, Role.GRID_WORKER), phone=f"{PHONE_PREFIX}{days.chance.randrange(100_000):05d}"
        )


def _roster(days: _Days, community: Area) -> None:
    """Last week as it was, this week as planned; two have the weekend."""
    station = days.who(community, Role.STATION_OFFICER)
    monday = days.today - timedelta(days=days.today.weekday() + 7)
    with days.on(monday, 7):
        posts = shift_queries.rostered_posts(station, monday)
        for number, post in enumerate(posts):
            kind = ShiftKind.LATE if number % 5 == 4 else ShiftKind.DAY
            workdays = [monday + timedelta(days=n) for n in range(5)]
            shifts.plan(station, days.key(), post_id=post.pk, kind=kind, days=workdays)
        for post in posts[:2]:
            weekend = [monday + timedelta(days=n) for n in (5, 6)]
            shifts.plan(station, days.key(), post_id=post.pk, kind=ShiftKind.WEEKEND, days=weekend)
    with days.on(monday + timedelta(days=4), 16):
        shifts.copy_week(station, monday + timedelta(days=7))
    _worked(days, community)


def _worked(days: _Days, community: Area) -> None:
    over = Shift.objects.filter(area__path__startswith=community.path, ends_at__lt=days.now)
    for shift in over.select_related("user").order_by("starts_at", "pk"):
        holder = actor_of(shift.user, shift.day)
        with clock.at(shift.starts_at - timedelta(minutes=days.chance.randint(0, 9))):
            shifts.begin(holder, shift.pk)
        with clock.at(shift.ends_at + timedelta(minutes=days.chance.randint(0, 20))):
            shifts.end(holder, shift.pk)


def _visit(days: _Days, grid: Area) -> None:
    """Who asked for it has been visited for some days; today's visits wait."""
    worker = days.who(grid, Role.GRID_WORKER)
    for plan in VisitPlan.objects.filter(area=grid).order_by("pk"):
        _made(days, worker, plan)


def _made(days: _Days, worker: Actor, plan: VisitPlan) -> None:
    last: date | None = None
    for day in (plan.starts_on + timedelta(days=n) for n in range(VISITED_FOR)):
        waits = due(plan.rhythm, plan.starts_on, last, 0, day)
        for _nth in range(waits.left if waits else 0):
            outcome = days.chance.choices(*_OUTCOMES)[0]
            words = days.chance.choice(_VISIT_WORDS) if outcome == Outcome.DONE else ""
            with days.on(day, days.chance.randint(9, 17)):
                record_visit(worker, days.key(), plan.pk, outcome=outcome, text=words)
            last = day if outcome != Outcome.ABSENT else last


def _check_rented(days: _Days, grid: Area) -> None:
    """Some rented homes were looked at; what was found is put right by a day, or was already."""
    worker = days.who(grid, Role.GRID_WORKER)
    let = Tenancy.objects.filter(area=grid, ends_on=None).order_by("pk").values_list("dwelling_id", flat=True)
    for dwelling in list(let[:_CHECKS_A_GRID]):
        day = days.today - timedelta(days=days.chance.randint(1, 20))
        fault, remedy = days.chance.choice(_FAULTS)
        with days.on(day, days.chance.randint(9, 17)):
            if days.chance.random() >= _FAULTY:
                check_home(worker, dwelling, day=day)
                continue
            fix_by = day + timedelta(days=15)
            found = check_home(worker, dwelling, day=day, faults=[fault], remedy=remedy, fix_by=fix_by)
        if days.chance.random() < _FIXED:
            with days.on(days.today, 8):
                mark_fixed(worker, found.pk)


def _note(days: _Days, community: Area, grid: Area) -> None:
    """Some notes of the last two weeks, what leaders said to them, and the cases that a few became."""
    worker, head = days.who(grid, Role.GRID_WORKER), days.who(community, Role.STATION_HEAD)
    buildings = list(Building.objects.filter(area=grid, removed_on=None).order_by("pk").values_list("pk"))
    for _nth in range(_ENTRIES_A_GRID):
        kind = days.chance.choice(list(_ENTRIES))
        ago = days.chance.randrange(14)
        building = days.chance.choice(buildings)[0] if buildings else None
        with days.on(days.today - timedelta(days=ago), days.chance.randint(9, 18)):
            entry = write_entry(
                worker, days.key(), kind=kind, text=days.chance.choice(_ENTRIES[kind]), area_id=grid.pk,
                building_id=building,
            )  # fmt: skip
        with days.on(days.today - timedelta(days=max(ago - 1, 0)), 19):
            if days.chance.random() < _COMMENTED:
                comment(head, days.key(), entry.pk,
                        text=days.chance.choice(_SAID))  # fmt: skip
            if kind == EntryKind.REPAIR and ago < _RECENT and days.chance.random() < _BECAME_CASE:
                make_case(worker, entry.pk)


def _meet(days: _Days, community: Area) -> None:
    """A council that was held, with what it agreed on, and the grid meeting of the next days."""
    station = days.who(community, Role.STATION_OFFICER)
    held = days.today - timedelta(days=days.chance.randint(3, 9))
    title, minutes = days.chance.choice(_COUNCILS)
    with days.on(held - timedelta(days=5), 10):
        council = call(
            station, days.key(), area_id=community.pk, kind=MeetingKind.COUNCIL, title=title,
            place=f"{community.short_name}议事厅", starts_at=_at(held, 15),
            invitation="欢迎各楼栋派代表参加，也可以把意见写在纸条上带来。",
        )  # fmt: skip
        call(
            station, days.key(), area_id=community.pk, kind=MeetingKind.GRID, title="网格周例会",
            place="社区工作站会议室", starts_at=_at(days.today + timedelta(days=2), 9),
        )  # fmt: skip
    with days.on(held, 18):
        keep_minutes(station, council.pk, came=days.chance.randint(9, 38), minutes=minutes)
        items = [
            agree(station, days.key(), council.pk, text=text, owner_id=station.user_id,
                  due_on=held + timedelta(days=within + 4))
            for text, within in days.chance.sample(_AGREED, 2)
        ]  # fmt: skip
        finish(station, items[0].pk)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
