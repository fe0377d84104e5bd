"""Wrong tries at signing in: counted by account and address, told to the account's owner, lifted by an administrator.

The counters of platform.limits decide; a Lock is their entry for the people who must see and lift it.
A right password from elsewhere still works, so nobody can keep a colleague out by guessing.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.alerts import alert
from wangge.domain.access.models import Lock, User
from wangge.domain.access.policy import may_administer
from wangge.domain.access.sessions import short_address
from wangge.platform import clock
from wangge.platform.errors import NotAllowed
from wangge.platform.limits.services import Limit, forget_keys

WRONG_PASSWORDS = Limit("sign-in", most=10, minutes=15)
# One address guessing at many accounts is slowed down too.
WRONG_PASSWORDS_OF_ADDRESS = Limit("sign-in address", most=50, minutes=15)
# Whoever gets here knows the password already, so the address does not count.
WRONG_CODES = Limit("sign-in code", most=8, minutes=15)
# A code works once, also in another process.
USED_CODES = Limit("sign-in code used", most=1, minutes=3)


def rests_until(username: str, address: str) -> datetime | None:
    """Until when no password for the account is looked at from this address; None when it is."""
    account = WRONG_PASSWORDS.reached_until(_folded(username), address)
    return account or WRONG_PASSWORDS_OF_ADDRESS.reached_until(address)


def wrong_password(username: str, address: str) -> None:
    """Count a wrong try; the one that fills the measure locks."""
    WRONG_PASSWORDS_OF_ADDRESS.count(address)
    if WRONG_PASSWORDS.count(_folded(username), address) == WRONG_PASSWORDS.most:
        user = User.objects.filter(username__iexact=username.strip()).first()
        until = WRONG_PASSWORDS.reached_until(_folded(username), address)
        if user and until:
            _lock(user, WRONG_PASSWORDS.key(_folded(username), address), "password", address, until)


def right_password(username: str, address: str) -> None:
    WRONG_PASSWORDS.forget(_folded(username), address)


def codes_rest_until(user_id: int) -> datetime | None:
    """Until when no second step of the account is looked at."""
    return WRONG_CODES.reached_until(str(user_id))


def wrong_code(user: User, address: str) -> None:
    if WRONG_CODES.count(str(user.pk)) == WRONG_CODES.most and (until := codes_rest_until(user.pk)):
        _lock(user, WRONG_CODES.key(str(user.pk)), "code", address, until)


def right_code(user_id: int) -> None:
    WRONG_CODES.forget(str(user_id))


def first_use(user_id: int, code: str) -> bool:
    """Whether a code that is right was not used before; counts this use."""
    return USED_CODES.count(str(user_id), code) <= USED_CODES.most


def locks_of(user_id: int) -> list[Lock]:
    """The locks of an account that hold now (1 statement)."""
    return list(Lock.objects.filter(user_id=user_id, ends_at__gt=clock.now()).order_by("-ends_at"))


@transaction.atomic
def lift(actor: AnyActor, user_id: int) -> int:
    """Let the account be tried again at once; returns how many locks were lifted."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改组织、岗位和账号。"))
    held = Lock.objects.select_for_update().filter(user_id=user_id)
    forget_keys([lock.tally for lock in held])
    return int(held.delete()[0])


def forget_ended() -> int:
    """Delete locks that are over; returns how many."""
    return int(Lock.objects.filter(ends_at__lte=clock.now()).delete()[0])


def _lock(user: User, tally: str, what: str, address: str, until: datetime) -> None:
    given = {"user": user, "what": what, "address": short_address(address), "ends_at": until}
    Lock.objects.update_or_create(tally=tally, defaults=given | {"made_at": clock.now()})
    alert(user.pk, "account_locked", short_address(address))


def _folded(username: str) -> str:
    return username.strip().casefold()
