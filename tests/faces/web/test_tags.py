import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import SafeString

from wangge.faces.web import build, tones, views
from wangge.faces.web.templatetags import web

REPO = Path(__file__).resolve().parents[3]
SOURCES = REPO / "src" / "wangge"
LISTED = frozenset(
    line.strip()
    for line in (REPO / "frontend" / "icons.txt").read_text("utf-8").splitlines()
    if line.strip() and not line.startswith("#")
)
AT = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    """These claims are about tags, so they hold on a machine where Vite has not run."""
    files = build.Files("assets/app-1.js", ("assets/app-1.css",), ("assets/text-1.js",))
    monkeypatch.setattr(build, "files_of", lambda entry: files)
    monkeypatch.setattr(build, "icons", lambda: build.Icons("assets/icons-1.svg", LISTED))
    web._steady.cache_clear()


def draw(source: str, **context: object) -> str:
    return Template("{% load web %}" + source).render(Context(context))


class Report(forms.Form):
    words = forms.CharField(label="发生了什么", widget=forms.Textarea, help_text="写几个字就行。")
    kind = forms.ChoiceField(label="类别", widget=forms.RadioSelect, choices=[("1", "垃圾"), ("2", "道路")])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部")])
    agree = forms.BooleanField(label="同意回访", required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def test_an_entry_is_linked_under_the_static_address_as_a_module() -> None:
    html = draw('{% asset "app" %}')
    assert '<link rel="stylesheet" href="/static/build/assets/app-1.css">' in html
    assert '<script type="module" src="/static/build/assets/app-1.js"></script>' in html


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "bell" %}')
    assert 'role="img" aria-label="通知 &amp; 消息"' in draw(
        '{% icon "bell" label=name %}', name="通知 & 消息"
    )


def test_an_icon_that_is_not_in_the_sprite_fails_at_once() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"frontend/icons\.txt"):
        draw('{% icon "no-such-icon" %}')


def test_every_icon_named_in_a_template_is_in_the_list() -> None:
    named = {
        name
        for page in SOURCES.rglob("*.html")
        for name in re.findall(
            r'(?:{% icon |icon_name[=|]default:|icon_name=)"([\w-]+)"', page.read_text("utf-8")
        )
    }
    assert named
    assert named - LISTED == set()


def test_every_icon_and_tone_of_a_state_or_clock_exists() -> None:
    css = (REPO / "frontend" / "src" / "styles" / "parts.css").read_text("utf-8")
    for tone, icon in tones.STATE_TONES.values():
        assert icon in LISTED
        assert f".tone-{tone} " in css
    for colour, (icon, _name) in tones.LIGHTS.items():
        assert icon in LISTED
        assert f".tone-{colour} " in css


def test_every_state_of_the_case_process_has_a_tone_of_its_own() -> None:
    process = tomllib.loads((SOURCES / "domain" / "cases" / "processes" / "case.toml").read_text("utf-8"))
    assert {state["key"] for state in process["states"]} <= set(tones.STATE_TONES)


@pytest.mark.parametrize("colour", tones.LIGHTS)
def test_a_light_says_its_colour_in_words_and_a_sign(colour: str) -> None:
    html = draw('{% include "web/parts/light.html" %}', colour=colour)
    assert web.light_name(colour) in html
    assert f"#{web.light_icon(colour)}" in html


def test_a_stopped_clock_shows_no_countdown() -> None:
    html = draw('{% include "web/parts/light.html" %}', colour="paused", due=AT)
    assert "data-countdown" not in html
    assert "data-countdown" in draw('{% include "web/parts/light.html" %}', colour="red", due=AT)


def test_a_time_is_written_in_the_district_and_stamped_in_utc() -> None:
    html = draw("{% when at %}", at=AT)
    assert 'datetime="2026-11-22T06:05:00Z"' in html
    assert ">2026-11-22 14:05<" in html
    assert draw("{% moment at %}", at=None) == "—"


def test_help_and_errors_of_a_field_are_bound_to_it() -> None:
    html = draw("{% field form.words rows=3 data_count=True %}", form=Report({}))
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    for target in described[1].split():
        assert f'id="{target}"' in html
    assert 'aria-invalid="true"' in html
    assert "is-invalid" in html
    assert 'rows="3"' in html
    assert " data-count" in html


def test_a_choice_by_radio_is_a_fieldset_with_a_legend_and_a_label_each() -> None:
    html = draw("{% field form.kind %}", form=Report())
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count("<label") == 2
    assert html.count('class="form-check-input"') == 2


def test_only_required_fields_are_marked() -> None:
    form = Report()
    assert "必填" in draw("{% field form.words %}", form=form)
    assert "必填" not in draw("{% field form.state %}", form=form)


def test_a_whole_form_shows_its_own_errors_and_hidden_fields() -> None:
    form = Report({"words": "x", "kind": "1", "key": "k"})
    form.add_error(None, "同一地点刚有人报过。")
    html = draw("{% fields form %}", form=form)
    assert "同一地点刚有人报过。" in html
    assert '<input type="hidden" name="key" value="k"' in html


def test_the_pager_shows_ends_and_neighbours_and_keeps_the_filters() -> None:
    page = Paginator(range(1000), 10).get_page(50)
    assert web.elided(page) == [1, "…", 48, 49, 50, 51, 52, "…", 100]
    request = RequestFactory().get("/desk/cases/", {"state": "filed", "page": "50"})
    source = Template('{% include "web/parts/pager.html" %}')
    html = source.render(RequestContext(request, {"page": page}))
    assert "?state=filed&amp;page=51" in html


def test_a_missing_build_shows_what_to_run_and_other_failures_do_not() -> None:
    def answer(error: Exception) -> HttpResponse:
        try:
            raise error
        except Exception:
            return views.server_error(RequestFactory().get("/"))

    missing = answer(build.FrontEndNotBuilt("manifest.json is missing"))
    assert missing.status_code == 500
    assert "python3 dev.py build" in missing.content.decode()
    assert "dev.py" not in answer(RuntimeError("secret detail")).content.decode()


def test_a_steady_part_sees_only_what_it_is_given() -> None:
    part = '{% steady "web/parts/desk_search.html" action="/find" words=words %}'
    assert 'value="井盖"' in draw(part, words="井盖", action="https://elsewhere")
    assert "elsewhere" not in draw(part, words="井盖", action="https://elsewhere")
    assert 'value=""' in draw('{% steady "web/parts/desk_search.html" action="/find" %}', words="别人的")


def test_a_steady_part_escapes_a_text_after_a_safe_one_of_the_same_letters() -> None:
    part = '{% steady "web/parts/desk_search.html" action="/" words=words %}'
    assert '<b>"' in draw(part, words=SafeString("<b>"))
    assert "&lt;b&gt;" in draw(part, words="<b>")


def test_a_steady_part_is_drawn_anew_in_another_language() -> None:
    part = '{% steady "web/parts/bell.html" address="/" count=3 %}'
    with translation.override("zh-hans"):
        chinese = draw(part)
    with translation.override("en"):
        assert draw(part) != chinese
