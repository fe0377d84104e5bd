"""The second step of signing in: who must have one, and its removal when the phone is lost."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, Role
from wangge.domain.access.alerts import alert
from wangge.domain.access.policy import may_administer
from wangge.domain.access.sessions import end_sessions_of
from wangge.platform.errors import Invalid, NotAllowed

# Roles for which the setting "administrators" asks: they could give themselves anything.
_POWERFUL = (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def required_of(actor: Actor) -> bool:
    """Whether the installation asks this actor for a second step (no statement)."""
    match settings.REQUIRE_SECOND_FACTOR:
        case "staff":
            return True
        case "administrators":
            return actor.has(*_POWERFUL)
        case _:
            return False


def has_one(user_id: int) -> bool:
    """Whether the account has an app or a passkey; recovery codes alone are none (1 statement)."""
    return Authenticator.objects.filter(user_id=user_id, type__in=_FACTORS).exists()


@transaction.atomic
def remove_all(actor: AnyActor, user_id: int) -> None:
    """An administrator takes away another's second factors, as after a lost phone; sessions end too."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改组织、岗位和账号。"))
    if isinstance(actor, Actor) and actor.user_id == user_id:
        raise Invalid({"user": _("自己的第二步验证请到“登录与安全”里修改。")})
    Authenticator.objects.filter(user_id=user_id).delete()
    end_sessions_of(user_id)
    alert(user_id, "factor_removed", _("由平台管理员办理"))
