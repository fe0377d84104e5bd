"""Tags of every page: built files, icons, times, form fields, colours of states."""

from collections.abc import Hashable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from wangge.faces.web import build, tones
from wangge.platform import language

register = template.Library()


def _url(path: str) -> str:
    # Not through the static storage: Vite has hashed the names, and its scripts import one another by them.
    return f"{settings.STATIC_URL}build/{path}"


@register.simple_tag
def asset(entry: str) -> SafeString:
    """The style sheets, preloads and script of a front end entry: {% asset "app" %}."""
    files = build.files_of(entry)
    return format_html_join(
        "\n",
        "{}",
        [
            *((format_html('<link rel="stylesheet" href="{}">', _url(f)),) for f in files.styles),
            *((format_html('<link rel="modulepreload" href="{}">', _url(f)),) for f in files.preload),
            (format_html('<script type="module" src="{}"></script>', _url(files.script)),),
        ],
    )


@register.simple_tag
def viewer_of_panoramas() -> SafeString:
    """Style and script of Pannellum, which the build takes whole."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script defer src="{}"></script>',
        _url("pannellum/pannellum.css"),
        _url("pannellum/pannellum.js"),
    )


@register.simple_tag
def sprite_url() -> str:
    """The address of the icon file, for scripts that draw icons."""
    return _url(build.icons().file)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of frontend/icons.txt; with a `label` it speaks, without one it is decoration."""
    return _drawn(name, label, css, build.icons())


@lru_cache(maxsize=2048)
def _drawn(name: str, label: str, css: str, sprite: build.Icons) -> SafeString:
    if name not in sprite.names:
        raise template.TemplateSyntaxError(f"icon {name!r} is not in frontend/icons.txt")
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {}><use href="{}#{}"></use></svg>', css, voice, _url(sprite.file), name
    )


def _time(at: datetime | None, mark: str) -> SafeString | str:
    if at is None:
        return "—"
    local = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<time datetime="{}" title="{}"{}>{}</time>', stamp, local, SafeString(mark), local)


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """A date and time in the district's zone: 2026-11-22 14:05."""
    return _time(at, "")


@register.simple_tag
def when(at: datetime | None) -> SafeString | str:
    """The same, which the browser turns into 3小时前 and keeps up to date."""
    return _time(at, " data-ago")


@register.simple_tag
def countdown(due: datetime | None) -> SafeString | str:
    """Time left on the clock. For a working-time limit let the server write the text instead."""
    return _time(due, " data-countdown")


@register.simple_tag
def steady(template_name: str, **given: Hashable) -> SafeString:
    """A part of a page that depends on the language and on the given values alone, so that it is drawn once and kept:
    {% steady "web/parts/brand.html" home=frame.home %}. It sees no other variable, so nobody gets another's page."""
    # A safe text and a plain one of the same letters are drawn differently.
    words = tuple((name, value, type(value)) for name, value in given.items())
    return _steady(template_name, get_language(), words)


@lru_cache(maxsize=1000)
def _steady(
    template_name: str, _language: str | None, words: tuple[tuple[str, Hashable, type], ...]
) -> SafeString:
    return SafeString(render_to_string(template_name, {name: value for name, value, _type in words}))


@register.filter
def state_tone(state: str) -> str:
    return tones.STATE_TONES.get(state, tones.UNKNOWN_STATE)[0]


@register.filter
def state_icon(state: str) -> str:
    return tones.STATE_TONES.get(state, tones.UNKNOWN_STATE)[1]


@register.filter
def facility_tone(state: str) -> str:
    return tones.FACILITY_TONES[state][0]


@register.filter
def facility_icon(state: str) -> str:
    return tones.FACILITY_TONES[state][1]


@register.filter
def light_icon(colour: str) -> str:
    return tones.LIGHTS[colour][0]


@register.filter
def light_name(colour: str) -> str:
    return str(tones.LIGHTS[colour][1])


@register.filter
def named(thing: Any, attribute: str = "name") -> str:
    """The name of a matter, state, move, field or reason in the page's language:
    {{ state|named }}, {{ condition|named:"text" }}."""
    return language.named(thing, attribute)


@register.filter
def runs(colour: str) -> bool:
    """Whether a clock of this colour still counts."""
    return colour in tones.RUNNING


@register.filter
def elided(page: Page) -> list[int | str]:
    """Page numbers to show: the ends and the neighbours, with … between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, **attrs: Any) -> dict[str, Any]:
    """One field with label, help and errors. Further arguments become attributes of the widget:
    {% field form.words rows=4 data_count=True %}; a true value alone is an empty attribute."""
    kind = widget_kind(bound)
    css = {"select": "form-select", "check": "form-check-input", "list": "form-check-input"}.get(
        kind, "form-control"
    )
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    own = {"class": f"{css} is-invalid" if bound.errors else css} | given
    if kind == "list":
        # Its choices are drawn one by one and take their attributes from the widget.
        bound.field.widget.attrs.update(own)
        return {"field": bound, "kind": kind}
    return {"field": bound, "kind": kind, "widget": bound.as_widget(attrs=own)}


@register.inclusion_tag("web/parts/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """A whole form without its <form> element: errors of the form, hidden and visible fields."""
    return {"form": form}


def widget_kind(bound: BoundField) -> str:
    """hidden, check (one tick), list (ticks or radios), select or input."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "list"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "select" if isinstance(widget, forms.Select) else "input"
