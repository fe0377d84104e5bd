"""Who is told what, signed how; that nothing is lost, doubled or held up; and that no inner address is reached."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from casework import START, STREET, Road, condition, crowd, reported
from factories import Town
from systems import Caller, system
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.exchange import rules
from wangge.domain.exchange.models import Delivery, Webhook
from wangge.domain.exchange.sender import Sender
from wangge.domain.exchange.services import fanout, webhooks
from wangge.domain.exchange.services.deliveries import claim_due
from wangge.domain.exchange.services.posting import Attempt
from wangge.domain.office.models import Notice
from wangge.domain.office.services.notices import HANDLERS
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotFound
from wangge.platform.outbox.models import Message
from wangge.platform.outbox.services import deliver, together

EVENTS = together(HANDLERS, fanout.HANDLERS)


def hook(caller: Caller, url: str, *topics: str) -> Webhook:
    return webhooks.subscribe(caller.actor, key=uuid.uuid4(), url=url, topics=topics or ("case.moved",))


def tell() -> None:
    """What the worker's first loop does."""
    while deliver(EVENTS):
        pass


def send() -> None:
    """What the worker's second loop does, until nothing is under way."""
    sender = Sender()
    while sender.step():
        pass
    sender.close()


def sent_to(hook: Webhook) -> list[Delivery]:
    with acting_as(System("test")):
        return list(Delivery.objects.filter(webhook=hook).order_by("pk"))


def now_of(hook: Webhook) -> Webhook:
    with acting_as(System("test")):
        found: Webhook = Webhook.objects.get(pk=hook.pk)
        return found


# ---- what is told


def test_an_event_arrives_signed_so_that_the_standard_check_passes(
    town: Town, station: Caller, receivers: Any
) -> None:
    to = receivers()
    mine = hook(station, to.url)
    case = reported(town).case
    tell()
    send()
    (path, headers, body), *more = to.got
    assert (path, more) == ("/hook", [])
    secret = base64.b64decode(webhooks.secrets_of(mine)[0].removeprefix("whsec_"))
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    wanted = "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == wanted
    told = json.loads(body)
    assert told["type"] == "case.reported"
    assert told["data"]["case"]["number"] == case.number
    assert [row.state for row in sent_to(mine)] == ["delivered"]


def test_the_body_holds_nothing_that_anybody_wrote_and_nobodys_name(
    town: Town, station: Caller, receivers: Any
) -> None:
    mine = hook(station, receivers().url)
    reported(town, description="标记描述", address="标记地址", name="标记名", phone="13877776666")
    tell()
    assert sent_to(mine)
    for row in sent_to(mine):
        assert "标记" not in row.body
        assert "13877776666" not in row.body


def test_each_event_of_the_outbox_goes_out_once_however_often_it_is_handled(
    town: Town, station: Caller, receivers: Any
) -> None:
    mine = hook(station, receivers().url)
    reported(town)
    tell()
    Message.objects.update(done_at=None)
    tell()
    assert len(sent_to(mine)) == 1


def test_a_system_is_told_of_its_own_ring_alone(town: Town, station: Caller, receivers: Any) -> None:
    to = receivers()
    east, whole = hook(station, to.url), hook(system(town, "street_dispatcher"), to.url)
    reported(town, grid=2)
    tell()
    assert (len(sent_to(east)), len(sent_to(whole))) == (0, 1)


def test_topics_choose_and_a_closing_is_told_as_such(town: Town, station: Caller, receivers: Any) -> None:
    to = receivers()
    closings, moves = hook(station, to.url, "case.closed"), hook(station, to.url, "case.moved")
    road = Road(town, crowd(town)).closed(condition(**STREET))
    with clock.at(road.at):
        tell()
    assert [row.topic for row in sent_to(closings)] == ["case.closed"]
    topics = [row.topic for row in sent_to(moves)]
    assert (topics[0], topics[-1], len(topics)) == ("case.reported", "case.closed", road.case.version)


def test_the_unit_that_a_case_leaves_is_told(town: Town, receivers: Any) -> None:
    mine = hook(system(town, "unit_officer"), receivers().url)
    road = Road(town, crowd(town)).dispatched(condition(**STREET))
    with clock.at(road.at):
        tell()
    before = len(sent_to(mine))
    road.move("unit_officer", "return")
    with clock.at(road.at):
        tell()
    assert json.loads(sent_to(mine)[-1].body)["data"]["event"]["move"] == "return"
    assert len(sent_to(mine)) == before + 1


def test_a_revoked_system_is_told_nothing(town: Town, station: Caller, receivers: Any) -> None:
    to = receivers()
    mine = hook(station, to.url)
    reported(town)
    tell()
    station.client.revoked_at = START
    station.client.save(update_fields=["revoked_at"])
    reported(town)
    tell()
    send()
    assert (len(sent_to(mine)), to.got) == (1, [])


# ---- sending


def test_what_fails_is_tried_again_later_and_parked_after_a_day(
    town: Town, station: Caller, receivers: Any
) -> None:
    to = receivers()
    to.status = 500
    mine = hook(station, to.url)
    reported(town)
    tell()
    send()
    (row,) = sent_to(mine)
    assert (row.state, row.attempts, row.status) == ("waiting", 1, 500)
    assert timedelta(seconds=2) < row.next_at - row.made_at < timedelta(seconds=60)
    with clock.at(row.made_at + timedelta(hours=24)):
        send()
    (row,) = sent_to(mine)
    assert (row.state, row.attempts) == ("failed", 2)
    to.status = 200
    assert webhooks.redeliver(station.actor, mine.pk, row.pk).state == "waiting"
    send()
    assert [(row.state, row.status) for row in sent_to(mine)] == [("delivered", 200)]


def test_tries_come_ever_later_but_at_least_hourly_and_end_after_a_day() -> None:
    moment, rng, waits = START, Random(1), []
    for attempt in range(1, 100):
        again = rules.next_try(attempt, moment, START + rules.GIVE_UP_AFTER, rng)
        if again is None:
            break
        waits.append((again - moment).total_seconds())
        moment = again
    assert waits[0] < 10
    assert max(waits) <= 3600 * 1.2
    assert timedelta(hours=22) < moment - START <= rules.GIVE_UP_AFTER


def test_a_redirect_is_not_followed(town: Town, station: Caller, receivers: Any) -> None:
    other, to = receivers(), receivers()
    to.status, to.headers = 302, {"Location": other.url}
    mine = hook(station, to.url)
    reported(town)
    tell()
    send()
    assert other.got == []
    assert [(row.state, row.status) for row in sent_to(mine)] == [("waiting", 302)]


def test_a_slow_receiver_holds_up_nobody(town: Town, station: Caller, receivers: Any) -> None:
    slow, fast = receivers(), receivers()
    slow.wait_s = 2.0
    hook(station, slow.url)
    quick = hook(station, fast.url)
    for _n in range(5):
        reported(town)
    tell()
    sender, began = Sender(), time.monotonic()
    while any(row.state == "waiting" for row in sent_to(quick)):
        sender.step()
    assert time.monotonic() - began < 2.0
    assert (len(fast.got), len(slow.got)) == (5, 1)
    sender.close()


def test_two_senders_never_take_the_same_delivery(town: Town, station: Caller, receivers: Any) -> None:
    hook(station, receivers().url)
    reported(town)
    tell()
    assert len(claim_due(10)) == 1
    assert claim_due(10) == []
    # Its sender died: after a minute another takes it.
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert len(claim_due(10)) == 1


def test_a_webhook_that_fails_for_days_is_disabled_and_administrators_hear_of_it(
    town: Town, station: Caller, receivers: Any
) -> None:
    to = receivers()
    to.status = 503
    mine = hook(station, to.url)
    reported(town)
    tell()
    send()
    assert now_of(mine).failing_since
    with acting_as(System("test")):
        Webhook.objects.filter(pk=mine.pk).update(failing_since=clock.now() - timedelta(days=6))
        Delivery.objects.update(next_at=clock.now())
    send()
    assert now_of(mine).disabled_at
    assert now_of(mine).disabled_why == "HTTP 503"
    with acting_as(System("test")):
        told = Notice.objects.filter(kind="webhook_disabled").values_list("user_id", flat=True)
        assert list(told) == [town.users["administrator"].pk]
    reported(town)
    tell()
    assert len(sent_to(mine)) == 1
    to.status = 204
    webhooks.enable(station.actor, mine.pk)
    reported(town)
    tell()
    send()
    assert sent_to(mine)[-1].state == "delivered"
    assert now_of(mine).failing_since is None


def test_gone_disables_at_once(town: Town, station: Caller, receivers: Any) -> None:
    to = receivers()
    to.status = 410
    mine = hook(station, to.url)
    reported(town)
    tell()
    send()
    assert now_of(mine).disabled_at
    assert [row.state for row in sent_to(mine)] == ["failed"]


# ---- secrets and ownership


def test_after_a_change_both_secrets_sign_for_a_day(station: Caller, receivers: Any) -> None:
    mine = hook(station, receivers().url)
    first = webhooks.secrets_of(mine)
    key = uuid.uuid4()
    changed = webhooks.rotate_secret(station.actor, mine.pk, key)
    assert webhooks.secrets_of(changed)[1:] == first
    again = webhooks.rotate_secret(station.actor, mine.pk, key)
    assert webhooks.secrets_of(again) == webhooks.secrets_of(changed)
    with clock.at(clock.now() + timedelta(hours=25)):
        assert webhooks.secrets_of(changed) == webhooks.secrets_of(changed)[:1]
        assert webhooks.secrets_of(changed) != first


def test_a_webhook_made_twice_is_one(station: Caller, receivers: Any) -> None:
    key, url = uuid.uuid4(), receivers().url
    first = webhooks.subscribe(station.actor, key=key, url=url, topics=["case.moved"])
    assert webhooks.subscribe(station.actor, key=key, url=url, topics=["case.moved"]).pk == first.pk
    with pytest.raises(Conflict):
        webhooks.subscribe(station.actor, key=key, url=url, topics=["case.closed"])


def test_another_systems_webhook_is_not_found(town: Town, station: Caller, receivers: Any) -> None:
    mine = hook(station, receivers().url)
    stranger = system(town, "street_dispatcher")
    for act in (
        lambda: webhooks.unsubscribe(stranger.actor, mine.pk),
        lambda: webhooks.enable(stranger.actor, mine.pk),
        lambda: webhooks.redeliver(stranger.actor, mine.pk, 1),
        lambda: webhooks.rotate_secret(stranger.actor, mine.pk, uuid.uuid4()),
    ):
        with pytest.raises(NotFound):
            act()
    assert stranger.get(f"/webhooks/{mine.pk}").status_code == 404
    assert stranger.get(f"/webhooks/{mine.pk}/deliveries").status_code == 404


def test_the_whole_life_of_a_webhook_over_the_api(town: Town, station: Caller, receivers: Any) -> None:
    to = receivers()
    made = station.post("/webhooks", {"url": to.url, "topics": ["case.reported"]})
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    path = f"/webhooks/{made.json()['id']}"
    reported(town)
    tell()
    send()
    sent = station.get(f"{path}/deliveries").json()["items"]
    assert [row["state"] for row in sent] == ["delivered"]
    assert station.post(f"{path}/deliveries/{sent[0]['id']}/redeliver").status_code == 202
    send()
    assert len(to.got) == 2
    assert to.got[0][1]["webhook-id"] == to.got[1][1]["webhook-id"]
    assert "secret" not in station.get(path).json()
    assert station.post(f"{path}/secret").json()["secret"] != made.json()["secret"]
    assert station.delete(path).status_code == 204
    assert station.get(path).status_code == 404


# ---- where it may go


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "255.255.255.255",
    ],
)  # fmt: skip
def test_inner_addresses_are_never_reached(address: str) -> None:
    assert not rules.may_reach(address, networks=[], local=False)


def test_public_addresses_and_networks_named_by_the_operator_are_reached() -> None:
    assert rules.may_reach("93.184.216.34", networks=[], local=False)
    assert rules.may_reach("2606:2800:220:1::1", networks=[], local=False)
    assert rules.may_reach("10.20.3.4", networks=["10.20.0.0/16"], local=False)
    assert not rules.may_reach("10.21.3.4", networks=["10.20.0.0/16"], local=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org", "https://", "https://example.org/#x",
        "https://user:pw@example.org/",  # pragma: allowlist secret
        "https://example.org:99999/", "https://[::1/", "https://例子.org/", "https://example.org/a b", "x",
        "https://" + "a" * 500 + ".org", "https://a..b/", "http://localhost/",
    ],
)  # fmt: skip
def test_an_address_that_is_no_plain_https_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        rules.check_url(url, local=False)


def test_a_name_that_leads_inside_is_refused_when_sending(receivers: Any) -> None:
    to = receivers()
    port = to.server.server_port
    outside = Attempt(f"https://localhost:{port}/", b"{}", {}, networks=[], local=False)
    assert "not a public address" in outside.run().error
    assert to.got == []


def test_a_silent_receiver_is_left_after_its_time(receivers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    to = receivers()
    to.wait_s = 2.0
    monkeypatch.setattr("wangge.domain.exchange.services.posting.TIMEOUT_S", 0.3)
    began = time.monotonic()
    sent = Attempt(to.url, b"{}", {}, networks=[], local=True).run()
    assert (sent.status, "no answer" in sent.error) == (None, True)
    assert time.monotonic() - began < 1.5
