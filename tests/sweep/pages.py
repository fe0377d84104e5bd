"""What a page offers to send: its forms with their controls, and its links, as a browser reads them."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve

_NUMBER = re.compile(r"\d+")
BUTTONS = ("submit", "button", "image")
_SOMETHING = {"number": "1", "date": "2099-01-01", "text": "测试", "textarea": "测试", "search": "测试"}
TYPED = ("text", "textarea", "password", "search", "email", "tel", "url")


@dataclass(slots=True)
class Control:
    """A control of a form: `kind` is its type, or textarea or select; `value` what it sends unless changed."""

    name: str
    kind: str
    value: str | None
    most: int | None = None
    required: bool = False
    options: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """A form of a page; `action` is the whole path it sends to."""

    page: str
    action: str
    method: str
    controls: list[Control] = field(default_factory=list)
    # Some button of it sends nothing of its own.
    plain_button: bool = False

    @property
    def has_files(self) -> bool:
        return any(control.kind == "file" for control in self.controls)

    @property
    def sign(self) -> tuple[str, ...]:
        """The same for the same form about another row."""
        names = {_NUMBER.sub("1", control.name) for control in self.controls}
        return (self.method, view_of(self.action), *sorted(names))

    def asked(self) -> str:
        """Where a form that asks leads when everything that can be ticked is ticked."""
        ticked = {one.name: one.options for one in self.controls if one.kind == "checkbox"}
        return f"{self.action.partition('?')[0]}?{urlencode(self.filled() | ticked, doseq=True)}"

    def filled(self) -> dict[str, list[str]]:
        """What it sends when nothing is changed; a required choice takes its first option."""
        sent: dict[str, list[str]] = {}
        for control in self.controls:
            if control.kind in BUTTONS and (self.plain_button or control.name in sent):
                continue
            if control.value is not None and control.kind != "file":
                value = control.value or (_SOMETHING.get(control.kind, "") if control.required else "")
                sent.setdefault(control.name, []).append(value)
            elif control.kind in ("radio", "select") and control.options and control.name not in sent:
                sent[control.name] = [control.options[-1]]
        return sent


@dataclass(slots=True)
class Page:
    path: str
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def read(path: str, html: str) -> Page:
    """The forms and the links to our own addresses of a page."""
    reader = _Reader(path)
    reader.feed(html)
    return reader.page


def match_of(path: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(path).path)
    except Resolver404:
        return None


def view_of(path: str) -> str:
    """The name of the address, "" of none of ours."""
    match = match_of(path)
    return match.view_name if match else ""


def questions(path: str) -> list[str]:
    """The names after the ? of a link."""
    return sorted({name for name, _value in parse_qsl(urlsplit(path).query, keep_blank_values=True)})


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.page = Page(path)
        self._forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and (link := self._own(given.get("href", ""))):
            self.page.links.append(link)
        elif tag == "form":
            self._begin(given)
        elif tag in ("input", "textarea", "select", "button"):
            self._control(tag, given)
        elif tag == "option" and self._open is not None:
            self._open.options.append(given.get("value", ""))
            if "selected" in given or self._open.value is None:
                self._open.value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._forms:
            self._forms.pop()
        elif tag in ("select", "textarea"):
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._open.kind == "textarea":
            self._open.value = (self._open.value or "") + data.removeprefix("\n")

    def _begin(self, given: dict[str, str]) -> None:
        action = self._own(given.get("action", "") or self.page.path) or self.page.path
        form = Form(self.page.path, action, given.get("method", "get").lower())
        self._forms.append(form)
        self.page.forms.append(form)
        if given.get("id"):
            self._by_id[given["id"]] = form

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given.get("form", "")) or (self._forms[-1] if self._forms else None)
        kind = given.get("type", {"button": "submit", "input": "text"}.get(tag, tag))
        if form and kind == "submit" and not given.get("name"):
            form.plain_button = True
        if form and (other := self._own(given.get("formaction", ""))) and given.get("formaction"):
            self.page.forms.append(replace(form, action=other, method=given.get("formmethod", form.method)))
        if form is None or not given.get("name") or given["name"] == "csrfmiddlewaretoken":
            return
        most = int(given["maxlength"]) if given.get("maxlength", "").isdigit() else None
        # The report of residents is checked by us alone, so that it can say what to do.
        required = "required" in given or given["name"] == "description"
        control = Control(given["name"], kind, given.get("value"), most, required)
        match tag:
            case "textarea":
                control.value, self._open = "", control
            case "select":
                control.kind, control.value, self._open = "select", None, control
            case "input" if kind in ("radio", "checkbox"):
                control.options = [given.get("value", "on")]
                control.value = control.options[0] if "checked" in given else None
            case "input":
                control.value = given.get("value", "")
        form.controls.append(control)

    def _own(self, address: str) -> str:
        if address.startswith(("#", "javascript:", "mailto:", "tel:")):
            return ""
        whole = urlsplit(urljoin(f"http://here{self.page.path}", address))
        if whole.netloc != "here":
            return ""
        return f"{whole.path}?{whole.query}" if whole.query else whole.path
