"""Drafts of processes through the pages: forms, problems, conflicts, comparison, simulation, publishing."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from factories import Town
from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES
from wangge.domain.cases.models import DraftStep, Process, ProcessDraft, Simulation
from wangge.domain.cases.services import simulating
from wangge.domain.cases.services.processes import built_in, newest
from wangge.domain.cases.vocabulary import EFFECT_NAMES, OWNERS, PLACES
from wangge.engines.flow import Element
from wangge.engines.flow.editing import find
from wangge.faces.desk import process_vocabulary as words
from wangge.faces.desk.process_editor import Editor

CHECKING = Element("", "state", "checking")
RETURN = Element("", "move", "return")


@pytest.fixture
def admin(town: Town) -> Client:
    return town.client(Role.ADMINISTRATOR)


@pytest.fixture
def draft(admin: Client) -> ProcessDraft:
    sent = {"key": str(uuid.uuid4()), "name": "核查限时", "base": str(newest().pk), "note": "试行"}
    answer = admin.post(reverse("desk:new-process-draft"), sent)
    assert answer.status_code == 302
    return ProcessDraft.objects.get()


def address(draft: ProcessDraft, element: Element, name: str = "process-draft-element") -> str:
    branch = f"?branch={element.branch}" if element.branch else ""
    return reverse(f"desk:{name}", args=[draft.pk, element.kind, element.key]) + branch


def filled(draft: ProcessDraft, element: Element, **changes: Any) -> dict[str, Any]:
    """What the form of an element sends as it is opened, with changes."""
    editor = Editor(ProcessDraft.objects.get(pk=draft.pk), element)
    sent: dict[str, Any] = {}
    for form in (editor.form, *(form for rows in editor.rows.values() for form in rows)):
        for bound in form:
            value = bound.value()
            if value not in (None, False, ""):
                sent[bound.html_name] = "on" if value is True else value
    for rows in editor.rows.values():
        sent |= {bound.html_name: bound.value() for bound in rows.management_form}
    return sent | changes


def every_element(draft: ProcessDraft) -> Iterator[Element]:
    for branch, part in [("", draft.data), *((row["key"], row) for row in draft.data["branches"])]:
        for kind in ("state", "move"):
            for row in part[f"{kind}s"]:
                yield Element(branch, kind, row["key"])


class TestForms:
    def test_the_same_form_sent_twice_is_one_draft(self, admin: Client, draft: ProcessDraft) -> None:
        sent = {"key": str(uuid.uuid4()), "name": "两次", "base": "built-in"}
        first, second = (admin.post(reverse("desk:new-process-draft"), sent) for _ in range(2))
        assert first.url == second.url  # type: ignore[attr-defined]
        assert ProcessDraft.objects.filter(name="两次").count() == 1

    def test_every_form_sent_as_it_was_opened_changes_nothing(
        self, admin: Client, draft: ProcessDraft
    ) -> None:
        for element in every_element(draft):
            answer = admin.post(address(draft, element), filled(draft, element))
            assert answer.status_code == 302, (element, answer.context["form"].errors)
        draft.refresh_from_db()
        assert draft.step == 0
        assert draft.data == built_in().to_data()

    def test_a_limit_is_raised_and_the_page_says_what_changed(
        self, admin: Client, draft: ProcessDraft
    ) -> None:
        admin.post(address(draft, CHECKING), filled(draft, CHECKING, amount="3"))
        page = admin.get(reverse("desk:process-draft", args=[draft.pk])).content.decode()
        assert "<del>1个工作日</del> → <ins>3个工作日</ins>" in page
        assert "修改“待核查”" in page

    def test_a_move_is_added_with_everything_a_move_has(self, admin: Client, draft: ProcessDraft) -> None:
        new = Element("", "move", "new")
        sent = filled(draft, new) | {
            "key": "second_check", "name": "请人复核", "tone": "normal", "sources": ["checking"],
            "when": "!actor.handled", "why": "处置人不能复核",
            "ways-0-to": "callback", "ways-0-when": "case.has_contact", "ways-1-to": "closing", "ways-TOTAL_FORMS": "2",
            "who-0-role": "station_head", "who-0-place": "community",
            "ask-0-key": "how", "ask-0-name": "怎样", "ask-0-type": "choice", "ask-0-required": "on",
            "ask-0-own": "seen 看过 / Seen\ncalled 问过",
            "effects-0-effect": "checked",
        }  # fmt: skip
        assert admin.post(address(draft, new), sent).status_code == 302
        draft.refresh_from_db()
        assert find(draft.data, Element("", "move", "second_check")) == {
            "key": "second_check", "name": "请人复核", "from": ["checking"],
            "to": [{"when": "case.has_contact", "to": "callback"}, {"to": "closing"}],
            "who": ["station_head@community"], "when": "!actor.handled", "why": "处置人不能复核",
            "ask": [{"key": "how", "type": "choice", "name": "怎样", "required": True,
                     "options": [{"value": "seen", "name": "看过", "name_en": "Seen"}, {"value": "called", "name": "问过"}]}],
            "effects": ["checked"],
        }  # fmt: skip

    def test_a_timer_is_added_and_a_row_taken_away(self, admin: Client, draft: ProcessDraft) -> None:
        sent = filled(draft, CHECKING) | {
            "timers-0-DELETE": "on", "timers-1-moment": "after", "timers-1-amount": "4",
            "timers-1-unit": "work_hour", "timers-1-what": "do:escalate",
        }  # fmt: skip
        admin.post(address(draft, CHECKING), sent)
        draft.refresh_from_db()
        assert find(draft.data, CHECKING)["timers"] == [{"after": "4 work_hour", "do": "escalate"}]  # type: ignore[index]

    def test_another_row_saves_nothing_and_keeps_what_was_typed(
        self, admin: Client, draft: ProcessDraft
    ) -> None:
        answer = admin.post(address(draft, RETURN), filled(draft, RETURN, name="退回重派", more="who"))
        assert answer.status_code == 200
        assert len(answer.context["rows"]["who"]) == len(find(draft.data, RETURN)["who"]) + 2  # type: ignore[index]
        assert "退回重派" in answer.content.decode()
        draft.refresh_from_db()
        assert draft.step == 0

    @pytest.mark.parametrize(
        ("element", "changes", "field"),
        [
            (Element("", "state", "new"), {"key": "checking", "name": "x", "step": "4"}, "key"),
            (Element("", "state", "new"), {"key": "Bad Code", "name": "x", "step": "4"}, "key"),
            (CHECKING, {"amount": ""}, "amount"),
            (CHECKING, {"name": ""}, "name"),
            (RETURN, {"sources": []}, "sources"),
        ],
    )
    def test_a_fault_is_told_at_its_field(
        self, admin: Client, draft: ProcessDraft, element: Element, changes: dict[str, Any], field: str
    ) -> None:
        answer = admin.post(address(draft, element), filled(draft, element, **changes))
        assert answer.status_code == 422
        assert field in answer.context["form"].errors

    def test_a_role_without_a_place_is_told_in_its_row(self, admin: Client, draft: ProcessDraft) -> None:
        answer = admin.post(address(draft, RETURN), filled(draft, RETURN, **{"who-0-place": ""}))
        assert answer.status_code == 422
        assert "place" in answer.context["rows"]["who"][0].errors

    def test_removing_shows_first_what_depends_on_it(self, admin: Client, draft: ProcessDraft) -> None:
        resume = Element("", "move", "resume")
        url = address(draft, resume, "process-draft-element-change")
        assert "“已挂账”里到时自动办它的设置一并删除" in admin.get(url).content.decode()
        draft.refresh_from_db()
        admin.post(url, {"what": "remove", "version": draft.version})
        draft.refresh_from_db()
        assert find(draft.data, resume) is None
        page = admin.get(reverse("desk:process-draft", args=[draft.pk]))
        assert {row.problem.code for row in page.context["problems"]} >= {"no_pause_end"}
        admin.post(
            reverse("desk:process-draft-step", args=[draft.pk]), {"by": "-1", "version": draft.version}
        )
        draft.refresh_from_db()
        assert find(draft.data, resume)

    def test_copy_and_order(self, admin: Client, draft: ProcessDraft) -> None:
        url = address(draft, RETURN, "process-draft-element-change")
        keys = [row["key"] for row in draft.data["moves"]]
        admin.post(url, {"what": "duplicate", "version": 0})
        admin.post(url, {"what": "down", "version": 1})
        draft.refresh_from_db()
        at = keys.index("return")
        assert [row["key"] for row in draft.data["moves"]] == [
            *keys[:at],
            "return_2",
            "return",
            *keys[at + 1 :],
        ]


class TestProblems:
    def test_problems_come_while_one_types_and_nothing_is_saved(
        self, admin: Client, draft: ProcessDraft
    ) -> None:
        sent = filled(draft, RETURN, when="case.retruns >= 1")
        page = admin.post(address(draft, RETURN, "process-draft-element-check"), sent).content.decode()
        assert "没有名为“case.retruns”的数据" in page
        assert 'id="own-when" hx-swap-oob="true"' in page
        assert "<svg" in page
        draft.refresh_from_db()
        assert draft.step == 0

    def test_a_draft_with_a_problem_is_kept_and_the_problem_leads_to_its_place(
        self, admin: Client, draft: ProcessDraft
    ) -> None:
        callback = Element("", "move", "call_back")
        sent = filled(draft, callback) | {"ways-2-DELETE": "on"}
        assert admin.post(address(draft, callback), sent).status_code == 302
        page = admin.get(reverse("desk:process-draft", args=[draft.pk])).content.decode()
        assert "缺少不带条件的最后一支" in page
        assert f'href="{address(draft, callback)}"' in page


class TestConflict:
    def test_the_second_sees_both_and_may_take_their_own(self, admin: Client, draft: ProcessDraft) -> None:
        first, second = (filled(draft, CHECKING, amount=amount) for amount in ("2", "3"))
        assert admin.post(address(draft, CHECKING), first).status_code == 302
        answer = admin.post(address(draft, CHECKING), second)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "2个工作日" in page
        assert "3个工作日" in page
        draft.refresh_from_db()
        assert find(draft.data, CHECKING)["limit"] == "2 work_day"  # type: ignore[index]
        again: dict[str, Any] = {"was": answer.context["was"]}
        for name, value in answer.context["resent"]:
            again.setdefault(name, []).append(value)
        assert admin.post(address(draft, CHECKING), again).status_code == 302
        draft.refresh_from_db()
        assert find(draft.data, CHECKING)["limit"] == "3 work_day"  # type: ignore[index]


class TestFiles:
    def send(self, admin: Client, name: str, content: bytes) -> Any:
        file = SimpleUploadedFile(name, content)
        sent = {"key": str(uuid.uuid4()), "name": "外来", "base": "file", "file": file}
        return admin.post(reverse("desk:new-process-draft"), sent)

    def test_a_downloaded_draft_comes_back_as_it_was(self, admin: Client, draft: ProcessDraft) -> None:
        for form in ("toml", "json"):
            body = admin.get(reverse("desk:process-draft-download", args=[draft.pk, form])).content
            assert self.send(admin, f"case.{form}", body).status_code == 302
            assert ProcessDraft.objects.latest("pk").data == draft.data

    def test_a_bad_file_is_told_by_its_path(self, admin: Client, draft: ProcessDraft) -> None:
        body = admin.get(reverse("desk:process-draft-download", args=[draft.pk, "toml"])).content.decode()
        answer = self.send(admin, "case.toml", body.replace('clock = "stage"', 'clock = "sun"', 1).encode())
        assert answer.status_code == 422
        assert "states[0].clock" in answer.context["form"].errors["file"][0]

    def test_no_file_is_told_at_the_field(self, admin: Client, draft: ProcessDraft) -> None:
        sent = {"key": str(uuid.uuid4()), "name": "外来", "base": "file"}
        answer = admin.post(reverse("desk:new-process-draft"), sent)
        assert answer.status_code == 422
        assert "file" in answer.context["form"].errors


class TestComparing:
    def test_a_version_and_a_draft_are_compared_in_words_and_as_text(
        self, admin: Client, draft: ProcessDraft
    ) -> None:
        admin.post(address(draft, RETURN), filled(draft, RETURN, **{"who-0-DELETE": "on"}))
        sides = {"before": f"v{newest().pk}", "after": f"d{draft.pk}"}
        page = admin.get(reverse("desk:compare-processes"), sides).content.decode()
        assert "<del>部门经办（主办单位）、部门负责人（主办单位）、社区负责人（主办单位）</del>" in page
        assert "<ins>部门负责人（主办单位）、社区负责人（主办单位）</ins>" in page
        assert "unit_officer@lead" in page

    def test_an_unknown_side_is_not_found(self, admin: Client) -> None:
        assert admin.get(reverse("desk:compare-processes"), {"before": "v0", "after": "x"}).status_code == 404


class TestSimulationAndPublishing:
    def test_from_an_edit_to_a_version(self, admin: Client, draft: ProcessDraft) -> None:
        admin.post(address(draft, CHECKING), filled(draft, CHECKING, amount="3"))
        page = reverse("desk:process-draft-simulation", args=[draft.pk])
        admin.post(page)
        assert "hx-get" in admin.get(page, headers={"HX-Request": "true"}).content.decode()
        simulating.run(Simulation.objects.get().pk)
        assert "每一步都会照样走" in admin.get(page).content.decode()
        draft.refresh_from_db()
        answer = admin.post(
            reverse("desk:process-draft-publish", args=[draft.pk]), {"version": draft.version}
        )
        assert answer.status_code == 302
        assert newest().version == 2
        listed = admin.get(reverse("desk:processes")).content.decode()
        assert "试行" in listed

    def test_without_a_simulation_a_reason_is_asked(self, admin: Client, draft: ProcessDraft) -> None:
        admin.post(address(draft, CHECKING), filled(draft, CHECKING, amount="3"))
        url = reverse("desk:process-draft-publish", args=[draft.pk])
        answer = admin.post(url, {"version": 1, "reason": ""})
        assert "reason" in answer.context["form"].errors
        assert admin.post(url, {"version": 1, "reason": "防汛"}).status_code == 302
        assert Process.objects.latest("version").note == "试行\n防汛"

    def test_stale_findings_say_so(self, admin: Client, draft: ProcessDraft) -> None:
        page = reverse("desk:process-draft-simulation", args=[draft.pk])
        admin.post(page)
        simulating.run(Simulation.objects.get().pk)
        admin.post(address(draft, CHECKING), filled(draft, CHECKING, amount="3"))
        assert "草稿后来又改过" in admin.get(page).content.decode()


class TestWhoAndWhat:
    def pages(self, draft: ProcessDraft) -> list[str]:
        return [
            reverse("desk:new-process-draft"),
            *(reverse(f"desk:process-draft{name}", args=[draft.pk]) for name in ("", "-note", "-publish", "-simulation")),
            reverse("desk:process-draft-download", args=[draft.pk, "toml"]),
            address(draft, CHECKING),
            address(draft, Element("", "move", "new")),
            address(draft, RETURN, "process-draft-element-change"),
            reverse("desk:compare-processes") + f"?before=built-in&after=d{draft.pk}",
        ]  # fmt: skip

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_an_administrator_opens_every_page(
        self, admin: Client, draft: ProcessDraft, language: str
    ) -> None:
        with translation.override(language):
            for url in self.pages(draft):
                assert admin.get(url, headers={"accept-language": language}).status_code == 200, url

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
    def test_nobody_else_does(self, town: Town, draft: ProcessDraft, role: Role) -> None:
        browser = town.client(role)
        assert {browser.get(url).status_code for url in self.pages(draft)} == {403}
        acts = ("-head", "-step", "-discard", "-simulation", "-publish")
        for url in (
            *(reverse(f"desk:process-draft{name}", args=[draft.pk]) for name in acts),
            address(draft, CHECKING),
        ):
            assert browser.post(url, {"version": 0, "name": "x", "start": "reported"}).status_code == 403
        assert DraftStep.objects.count() == 1

    def test_what_is_not_there_is_not_found(self, admin: Client, draft: ProcessDraft) -> None:
        for element in (Element("", "state", "nothing"), Element("nowhere", "state", "checking")):
            assert admin.get(address(draft, element)).status_code == 404
        assert (
            admin.get(reverse("desk:process-draft-element", args=[draft.pk, "thing", "checking"])).status_code
            == 404
        )
        assert admin.get(reverse("desk:process-draft", args=[0])).status_code == 404

    def test_the_draft_page_costs_the_same_however_large_it_is(
        self, admin: Client, draft: ProcessDraft
    ) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as asked:
                admin.get(reverse("desk:process-draft", args=[draft.pk]))
            return len(asked)

        def copies(count: int) -> None:
            for _ in range(count):
                draft.refresh_from_db()
                sent = {"what": "duplicate", "version": draft.version}
                admin.post(address(draft, RETURN, "process-draft-element-change"), sent)
            cost()

        copies(1)
        before = cost()
        copies(3)
        assert cost() == before

    def test_everything_a_process_may_name_has_words(self) -> None:
        assert set(words.EFFECT_WORDS) == set(EFFECT_NAMES)
        assert set(words.PLACE_NAMES) == {*PLACES, *OWNERS}
        assert set(words.FACT_WORDS) == set(built_in().facts)
        lists = {asked.options for move in built_in().moves for asked in move.ask if asked.options}
        assert lists <= set(words.OPTION_LIST_NAMES)
        assert set(ROLE_NAMES) == set(Role)
