"""A browser and its system in two words, so that people know their devices again."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The first that fits counts: nearly every browser also names the ones it descends from.
_BROWSERS: tuple[tuple[str, str | Promise], ...] = (
    ("MicroMessenger", _("微信")),
    ("DingTalk", _("钉钉")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("HuaweiBrowser", _("华为浏览器")),
    ("MiuiBrowser", _("小米浏览器")),
    ("QQBrowser", _("QQ浏览器")),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: tuple[tuple[str, str | Promise], ...] = (
    ("OpenHarmony", _("鸿蒙")),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """ "Chrome · Windows" from a browser's own description; empty when nothing in it is known."""
    found = (
        str(next((name for mark, name in known if mark in user_agent), "")) for known in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(filter(None, found))
