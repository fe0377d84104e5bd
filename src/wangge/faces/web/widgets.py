"""Form fields drawn in Python: Django draws each option of a list by a template of its own, which was most of a page."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


class Renderer(DjangoTemplates):
    """Django's own templates, but for lists and one-line inputs, which come out the same."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        drawn = _DRAWN.get(template_name)
        return SafeString(
            drawn(context["widget"]) if drawn else super().render(template_name, context, request)
        )


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_plain(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{_plain(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _select(widget: Mapping[str, Any]) -> str:
    lines = [f'<select name="{_plain(widget["name"])}"{_attributes(widget["attrs"])}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            lines.append(f'<optgroup label="{_plain(name)}">')
        lines += (
            f'<option value="{_plain(option["value"])}"{_attributes(option["attrs"])}>{_plain(option["label"])}</option>'
            for option in options
        )
        if name:
            lines.append("</optgroup>")
    return "\n".join([*lines, "</select>"])


def _textarea(widget: Mapping[str, Any]) -> str:
    value = _plain(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_plain(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _attributes(given: Mapping[str, Any]) -> str:
    """A true value alone is an empty attribute, a false one is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{_plain(value)}"'
        for name, value in given.items()
        if value is not False
    )


def _plain(text: Any) -> str:
    """Escaped; Django's own function looks for lazy texts first, which takes longer than the rest."""
    return escape(text) if type(text) is str else conditional_escape(text)


_ONE_LINE = (
    "text",
    "number",
    "email",
    "url",
    "hidden",
    "date",
    "datetime",
    "time",
    "input",
    "checkbox",
    "file",
    "password",
)
_DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _ONE_LINE},
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
}
