"""Who is told what: by the move, never about their own, once, and only who may see the case."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPDataError, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem

import casework
from casework import START, STREET, TESTS, condition, reported
from factories import Town, make_user
from wangge.domain.access.actor import Actor, Reporter
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries.public import reporter_of, status
from wangge.domain.cases.services.sweep import sweep
from wangge.domain.office.models import Mail, Notice
from wangge.domain.office.queries import failed_mail, unread
from wangge.domain.office.services import mail as post
from wangge.domain.office.services.mail import send_waiting_mail
from wangge.domain.office.services.notices import HANDLERS, mark_read
from wangge.platform import clock
from wangge.platform.outbox.models import Message
from wangge.platform.outbox.services import deliver

People = dict[str, Actor]
COMMUNITY = {"level": "community", "proof": "statement", "unit": "work_day", "procedure": "ordinary"}
GRID = {"grid_worker", "grid_worker_2", "grid_lead"}
STATION = {"station_officer", "station_officer_2", "station_head"}
STREET_DESK = {"street_dispatcher", "street_dispatcher_2"}
SANITATION = {"unit_officer", "unit_officer_2", "unit_head"}
URBAN = {"urban_officer", "urban_head"}
DISTRICT_DISPATCHERS = {"district_dispatcher", "district_dispatcher_2"}
DISTRICT_DESK = DISTRICT_DISPATCHERS | {"district_leader"}


@pytest.fixture
def settings_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_URL = "https://example.cn"


class Road(casework.Road):
    """Delivers after every move, as the worker does within a second."""

    def __init__(self, town: Town, people: People, at: Any = START, **given: Any) -> None:
        super().__init__(town, people, at, **given)
        self.delivered()

    def move(self, *args: Any, **data: Any) -> "Road":
        super().move(*args, **data)
        return self.delivered()

    def delivered(self) -> "Road":
        with clock.at(self.at):
            deliver(HANDLERS, limit=10_000)
        return self


def told(people: People, road: Road, kind: str) -> set[str]:
    """The names of those who find a notice of the last event of this kind."""
    road.delivered()
    names = {actor.user_id: name for name, actor in people.items()}
    with acting_as(TESTS):
        notices = Notice.objects.filter(case_id=road.case.pk, kind=kind)
        last = notices.order_by("-pk").values_list("dedupe", flat=True).first()
        found = notices.filter(dedupe=last).values_list("user_id", flat=True)
        assert len(found) == len(set(found))
        return {names[user] for user in found}


TABLE: list[tuple[str, Callable[[Road], Any], str, set[str]]] = [
    ("a report", lambda road: road, "report", GRID | STATION),
    ("filed on the street's level", lambda road: road.filed(condition(**STREET)), "file", STREET_DESK | {"street_leader"}),
    ("filed on the station's level", lambda road: road.filed(condition(**COMMUNITY)), "file", STATION),
    ("dispatched to a unit", lambda road: road.dispatched(condition(**STREET)), "dispatch", SANITATION),
    (
        "dispatched to the station",
        lambda road: road.dispatched(condition(**COMMUNITY), "station"),
        "dispatch",
        GRID | STATION,
    ),
    (
        "returned",
        lambda road: road.dispatched(condition(**STREET)).move("unit_officer", "return"),
        "return",
        STREET_DESK | {"street_leader"},
    ),
    (
        "to arbitration",
        lambda road: (
            road.dispatched(condition(**STREET))
            .move("unit_officer", "return")
            .move("street_dispatcher", "dispatch", unit=road.town.units["urban_management"].pk)
            .move("urban_head", "return")
        ),
        "return",
        DISTRICT_DESK,
    ),
    ("handled", lambda road: road.checking(condition(**STREET)), "finish", GRID | STATION),
    (
        "failed check",
        lambda road: road.checking(condition(**STREET)).move("station_officer", "fail_check"),
        "fail_check",
        SANITATION,
    ),
    (
        "a leader's comment",
        lambda road: road.handling(condition(**STREET)).move("district_leader", "comment"),
        "comment",
        SANITATION,
    ),
    (
        "an objection",
        lambda road: (
            road.closed(condition(**STREET)).move(Reporter(road.case.receipt_hash), "object")
        ),
        "object",
        SANITATION | DISTRICT_DESK,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "kind", "who"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_move_tells_who_must_act_next_and_who_must_know(
    town: Town, people: People, make: Callable[[Road], Any], kind: str, who: set[str]
) -> None:
    road = Road(town, people)
    make(road)
    with acting_as(TESTS):
        mover = road.case.events.order_by("-seq")[0].user_id
    names = {name for name, actor in people.items() if actor.user_id == mover}
    assert told(people, road, kind) - names == who - names


def test_nobody_is_told_of_a_case_that_they_may_not_see(town: Town, people: People) -> None:
    """Over a whole life: returned, arbitrated, handled, called back, objected; and through the sweep."""
    road = Road(town, people, phone="13800001234").dispatched(condition(**COMMUNITY), "station")
    said = check_told(road, people)
    road.move("station_head", "return")
    said += check_told(road, people)
    road.move("station_officer", "dispatch", unit=town.units["sanitation"].pk)
    road.move("unit_officer", "return")
    said += check_told(road, people)
    road.move("street_dispatcher", "arbitrate", unit=town.units["urban_management"].pk)
    road.move("urban_officer", "accept").later(days=30)
    with clock.at(road.at):
        sweep()
    said += check_told(road, people)
    road.move("urban_officer", "finish").move("station_officer", "pass_check")
    said += check_told(road, people)
    assert said > 40


def check_told(road: Road, people: People) -> int:
    with clock.at(road.at):
        deliver(HANDLERS, limit=10_000)
    with acting_as(TESTS):
        fresh = list(Notice.objects.filter(case_id=road.case.pk, read_at__isnull=True))
        Notice.objects.update(read_at=road.at)
        last = road.case.events.order_by("-seq")[0]
    by_id = {actor.user_id: (name, actor) for name, actor in people.items()}
    for notice in fresh:
        name, actor = by_id[notice.user_id]
        if notice.dedupe != f"event:{last.pk}":
            continue
        with acting_as(actor):
            assert Case.objects.filter(pk=notice.case_id).exists(), f"{name} was told {notice.kind}"
    return len(fresh)


def test_nobody_is_told_about_their_own_move(town: Town, people: People) -> None:
    road = Road(town, people).filed(condition(**COMMUNITY))
    assert "station_officer" not in told(people, road, "file")
    road.move("station_head", "escalate").move("street_dispatcher", "supervise")
    assert "street_dispatcher" not in told(people, road, "supervise")


def test_who_handled_is_not_asked_to_check(town: Town, people: People) -> None:
    road = Road(town, people).dispatched(condition(**COMMUNITY), "station").move("station_head", "accept")
    road.move("station_officer", "finish")
    assert told(people, road, "finish").isdisjoint({"station_head", "station_officer"})


def test_a_grid_worker_of_another_grid_is_told_nothing(town: Town, people: People) -> None:
    road = Road(town, people).dispatched(condition(**COMMUNITY), "station")
    told(people, road, "dispatch")
    with acting_as(TESTS):
        users = set(Notice.objects.filter(case_id=road.case.pk).values_list("user_id", flat=True))
    assert not users & {people["grid_worker_beside"].user_id, people["grid_worker_west"].user_id}


def test_an_emergency_tells_every_level_at_once_and_urgently(town: Town, people: People) -> None:
    danger = condition(level="street", procedure="emergency", unit="urgent_hour")
    road = Road(town, people).move(
        "grid_worker",
        "file_emergency",
        matter=danger.matter_id,
        condition=danger.pk,
        unit=town.units["sanitation"].pk,
    )
    everybody = GRID | STATION | STREET_DESK | DISTRICT_DESK | SANITATION | {"street_leader"}
    assert told(people, road, "file_emergency") == everybody - {"grid_worker"}
    with acting_as(TESTS):
        assert set(Notice.objects.filter(kind="file_emergency").values_list("urgent", flat=True)) == {True}


def test_danger_in_a_report_tells_every_level_before_anybody_files(town: Town, people: People) -> None:
    road = Road(town, people, danger=True)
    assert told(people, road, "report") >= GRID | STATION | STREET_DESK | DISTRICT_DESK | {"street_leader"}


def test_an_overdue_case_tells_the_level_above(town: Town, people: People) -> None:
    road = Road(town, people).handling(condition(**STREET)).later(days=30)
    with clock.at(road.at):
        sweep()
    assert told(people, road, "red") == SANITATION | DISTRICT_DESK


def test_an_event_delivered_again_tells_nobody_twice(town: Town, people: People) -> None:
    road = Road(town, people, email="wang@example.cn").handling(condition(**STREET))
    told(people, road, "accept")
    with acting_as(TESTS):
        before = (Notice.objects.count(), Mail.objects.count())
    last = Message.objects.order_by("-pk")[0]
    Message.objects.filter(pk=last.pk).update(done_at=None)
    told(people, road, "accept")
    with acting_as(TESTS):
        assert (Notice.objects.count(), Mail.objects.count()) == before


def test_a_stand_in_is_told_on_the_days_of_standing_in(town: Town, people: People) -> None:
    helper = make_user("helper", "helper")
    post = town.users["unit_officer"].posts.get()
    day = START.date()
    post.stand_ins.create(user=helper, starts_on=day, ends_on=day)
    road = Road(town, people).dispatched(condition(**STREET))
    assert "helper" in told({**people, "helper": actor_of(helper, day)}, road, "dispatch")
    late = Road(town, people, START + timedelta(days=5)).dispatched(condition(**STREET))
    assert "helper" not in told({**people, "helper": actor_of(helper, day)}, late, "dispatch")


def test_reading_marks_only_the_own_notices(town: Town, people: People) -> None:
    road = Road(town, people)
    told(people, road, "report")
    officer, head = people["station_officer"], people["station_head"]
    with acting_as(officer):
        assert unread(officer).total == 1
    with acting_as(TESTS):
        theirs = list(Notice.objects.filter(user_id=head.user_id).values_list("pk", flat=True))
    assert mark_read(officer, theirs) == 0
    assert mark_read(officer) == 1
    assert mark_read(officer) == 0
    with acting_as(head):
        assert unread(head).total == 1


# ---- mail


def test_a_reporter_with_an_address_is_written_to_with_a_link_to_the_status(
    town: Town, people: People, settings_mail: None
) -> None:
    road = Road(town, people, email="wang@example.cn").filed(condition(**STREET))
    told(people, road, "file")
    assert send_waiting_mail() == 2
    assert send_waiting_mail() == 0
    assert [message.to for message in mail.outbox] == [["wang@example.cn"]] * 2
    body = mail.outbox[-1].body
    code = body.split("https://example.cn/s/")[1].split()[0]
    assert code == road.reported.receipt_code
    assert status(reporter_of(code)).case.pk == road.case.pk
    assert road.case.number in body
    assert road.case.description not in body + mail.outbox[-1].subject


def test_what_staff_discuss_among_themselves_is_not_mailed(
    town: Town, people: People, settings_mail: None
) -> None:
    road = Road(town, people, email="wang@example.cn").handling(condition(**STREET))
    told(people, road, "accept")
    with acting_as(TESTS):
        before = Mail.objects.count()
    road.move("district_leader", "comment").move("street_leader", "supervise").move("unit_officer", "note")
    told(people, road, "note")
    with acting_as(TESTS):
        assert Mail.objects.count() == before


def test_a_mail_is_claimed_before_it_is_sent_and_a_lost_one_is_not_sent_again(
    town: Town, people: People, settings_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = Road(town, people, email="wang@example.cn")
    told(people, road, "report")
    seen: list[str] = []

    def killed(*args: Any) -> int:
        seen.append(Mail.objects.get().state)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", killed)
        with pytest.raises(KeyboardInterrupt):
            send_waiting_mail()
    assert seen == ["sending"]
    assert send_waiting_mail() == 0
    assert mail.outbox == []


def break_for(
    monkeypatch: pytest.MonkeyPatch, address: str, error: Exception, tries: list[str] | None = None
) -> None:
    """The mail server does not take messages to an address."""
    real = locmem.EmailBackend.send_messages

    def send(backend: Any, messages: list[Any]) -> Any:
        if tries is not None:
            tries.extend(messages[0].to)
        if messages[0].to == [address]:
            raise error
        return real(backend, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send)


@pytest.mark.parametrize("error", [OSError("no route"), ValueError("bad address"), UnicodeError("x")])
def test_one_address_that_cannot_be_reached_does_not_stop_the_others(
    town: Town, people: People, settings_mail: None, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with clock.at(START):
        for name in ("bad", "good"):
            reported(town, email=f"{name}@example.cn")
        deliver(HANDLERS, limit=10_000)
    break_for(monkeypatch, "bad@example.cn", error)
    assert [send_waiting_mail(), send_waiting_mail()] == [1, 0]
    assert [message.to for message in mail.outbox] == [["good@example.cn"]]
    with acting_as(TESTS):
        assert sorted(Mail.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_a_mail_that_the_server_refuses_is_tried_again_later_each_time_and_shown_when_it_fails_for_good(
    town: Town, people: People, settings_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(START):
        reported(town, email="wang@example.cn")
        deliver(HANDLERS, limit=10_000)
    tries: list[str] = []
    gaps = []
    with monkeypatch.context() as patch:
        break_for(patch, "wang@example.cn", SMTPDataError(451, b"try later wang@example.cn"), tries)
        at = START
        while failed_mail() == 0:
            with clock.at(at):
                assert send_waiting_mail() == 0
                assert send_waiting_mail() == 0
            with acting_as(TESTS):
                row = Mail.objects.get()
            assert "wang" not in row.error
            if row.next_at and row.state == "waiting":
                gaps.append((row.next_at - at).total_seconds())
                at = row.next_at
    assert len(tries) == post.MAX_ATTEMPTS
    assert gaps == [60.0 * 2**n for n in range(post.MAX_ATTEMPTS - 1)]
    with clock.at(at):
        assert post.try_failed_again() == 1
        assert send_waiting_mail() == 1
    assert [message.to for message in mail.outbox] == [["wang@example.cn"]]


def test_a_message_that_may_have_left_is_not_sent_twice(
    town: Town, people: People, settings_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(START):
        reported(town, email="wang@example.cn")
        deliver(HANDLERS, limit=10_000)
    with monkeypatch.context() as patch:
        break_for(patch, "wang@example.cn", SMTPServerDisconnected("after the body"))
        send_waiting_mail()
    assert send_waiting_mail() == 0
    assert failed_mail() == 1


def test_a_notice_tells_the_state_that_its_event_brought_however_late_it_is_delivered(
    town: Town, people: People
) -> None:
    road = casework.Road(town, people).dispatched(condition(**STREET)).move("unit_officer", "accept")
    with clock.at(road.at):
        deliver(HANDLERS, limit=10_000)
    with acting_as(TESTS):
        told_of = {notice.kind: notice for notice in Notice.objects.filter(case=road.case)}
        first = {notice.user.username for notice in Notice.objects.filter(case=road.case, kind="report")}
    assert told_of["report"].params["state"] == "reported"
    assert told_of["dispatch"].params["state"] == "dispatched"
    assert first >= {"station_officer"}
    assert not first & {"unit_head"}
