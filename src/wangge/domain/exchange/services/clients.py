"""Clients and their tokens: made, rotated with an overlap, revoked. Only an administrator does so."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import ip_network

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, Role
from wangge.domain.access.models import Unit, User
from wangge.domain.access.policy import may_administer
from wangge.domain.access.services import ROLE_PLACES
from wangge.domain.exchange.models import Client, Scope, Token
from wangge.domain.places.models import Area, Level
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed, NotFound
from wangge.platform.personal import derived_key

OVERLAP_HOURS = (0, 1, 24, 168)
MOST_PER_MINUTE = 60_000
_PREFIX = "wangge"


@dataclass(frozen=True, slots=True)
class Made:
    """A client and the token to show once."""

    client: Client
    token: str


def must_administer(actor: AnyActor) -> Actor:
    """The actor; NotAllowed for everybody but administrators."""
    if not (isinstance(actor, Actor) and may_administer(actor)):
        raise NotAllowed(_("只有平台管理员可以管理系统对接。"))
    return actor


@transaction.atomic
def create_client(
    actor: AnyActor,
    *,
    name: str,
    role: str,
    area_id: int,
    unit_id: int | None,
    scopes: Sequence[str],
    expires_on: date | None = None,
    networks: Sequence[str] = (),
    per_minute: int = 600,
) -> Made:
    """A new client with its first token; Invalid names the wrong fields."""
    maker = must_administer(actor)
    area = Area.objects.get(pk=area_id)
    wrong = _wrong_post(role, area, unit_id) | _wrong_values(name, scopes, expires_on, networks, per_minute)
    if wrong:
        raise Invalid(wrong)
    user = User(username=f"client-{secrets.token_hex(6)}", name=name.strip(), is_active=False, service=True)
    user.set_unusable_password()
    user.save()
    client = Client.objects.create(
        user=user,
        role=role,
        unit_id=unit_id,
        area=area,
        scopes=sorted(set(scopes)),
        networks=list(networks),
        per_minute=per_minute,
        expires_on=expires_on,
        made_at=clock.now(),
        made_by_id=maker.user_id,
    )
    return Made(client, _new_token(client))


@transaction.atomic
def rotate_token(actor: AnyActor, client_id: int, overlap_hours: int) -> Made:
    """A new token; those before go on for some hours, so that the other system can be changed without a gap."""
    client = _locked(actor, client_id)
    if client.revoked_at:
        raise Invalid({"overlap_hours": _("这个对接已停用，请新建一个。")})
    if overlap_hours not in OVERLAP_HOURS:
        raise Invalid({"overlap_hours": _("请选择旧令牌还能用多久。")})
    end = clock.now() + timedelta(hours=overlap_hours)
    later = Q(ends_at__isnull=True) | Q(ends_at__gt=end)
    Token.objects.filter(later, client=client).update(ends_at=end)
    return Made(client, _new_token(client))


@transaction.atomic
def revoke_client(actor: AnyActor, client_id: int) -> Client:
    """From this moment no token of the client is taken and nothing more is sent to it. What it did stays."""
    client = _locked(actor, client_id)
    if client.revoked_at is None:
        client.revoked_at = clock.now()
        client.save(update_fields=["revoked_at"])
    return client


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hmac.new(derived_key("api tokens"), token.encode(), hashlib.sha256).hexdigest()


def prefix_of(token: str) -> str:
    """The part by which a token is found; "" for what is none."""
    parts = token.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == _PREFIX and len(parts[1]) <= 12 else ""


def _new_token(client: Client) -> str:
    prefix = secrets.token_hex(5)
    token = f"{_PREFIX}_{prefix}_{secrets.token_urlsafe(32)}"
    Token.objects.create(
        client=client, prefix=prefix, hash=token_hash(token), made_at=clock.now(), ends_at=None
    )
    return token


def _locked(actor: AnyActor, client_id: int) -> Client:
    must_administer(actor)
    client = Client.objects.select_for_update(of=("self",)).filter(pk=client_id).first()
    if client is None:
        raise NotFound(_("没有这个系统对接。"))
    return client


def _wrong_post(role: str, area: Area, unit_id: int | None) -> dict[str, str]:
    wrong = {}
    if role not in ROLE_PLACES:
        return {"role": _("请选择岗位。")}
    level, needs_unit = ROLE_PLACES[Role(role)]
    if level and area.level != level:
        wrong["role"] = _("这个岗位须设在%(level)s。") % {"level": Level(level).label}
    if needs_unit and unit_id is None:
        wrong["unit_id"] = _("这个岗位须属于一个单位。")
    if unit_id and not Unit.objects.filter(pk=unit_id, active=True).exists():
        wrong["unit_id"] = _("这个单位不存在或已停用。")
    return wrong


def _wrong_values(
    name: str, scopes: Sequence[str], expires_on: date | None, networks: Sequence[str], per_minute: int
) -> dict[str, str]:
    wrong = {}
    if not name.strip() or len(name.strip()) > 60:
        wrong["name"] = _("请填写对方系统的名称，最多 60 字。")
    elif User.objects.filter(name=name.strip(), service=True, client__revoked_at__isnull=True).exists():
        wrong["name"] = _("已有同名的系统对接。")
    if not scopes or set(scopes) - set(Scope.values):
        wrong["scopes"] = _("请至少选择一项权限。")
    if expires_on and expires_on < clock.today():
        wrong["expires_on"] = _("到期日不能早于今天。")
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        wrong["per_minute"] = _("每分钟次数须在 1 到 %(most)d 之间。") % {"most": MOST_PER_MINUTE}
    if bad := next((network for network in networks if not _is_network(network)), None):
        wrong["networks"] = _("“%(address)s”不是 IP 地址或网段。") % {"address": bad[:50]}
    if len(networks) > 20:
        wrong["networks"] = _("最多填写 20 个地址。")
    return wrong


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return len(text) <= 50
