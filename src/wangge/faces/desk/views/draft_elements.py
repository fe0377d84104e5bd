"""A state or move of a draft: its form, checked as one types, and what to do when two edit the same one."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.domain.cases.models import ProcessDraft
from wangge.domain.cases.services import drafts
from wangge.engines.flow import Definition, DefinitionError, Element, editing
from wangge.faces.desk.admin_pages import attempt, done, must_administer, page, posted
from wangge.faces.desk.process_editor import NEW, Editor
from wangge.faces.desk.process_vocabulary import FACT_WORDS
from wangge.faces.desk.process_words import value_changes
from wangge.faces.desk.views.drafts import diagram, element_url
from wangge.platform.errors import Invalid

# What resending the form must not carry along.
_NOT_RESENT = frozenset({"csrfmiddlewaretoken", "was", "more"})


def element(request: Any, draft_id: int, kind: str, key: str) -> HttpResponse:
    """The form of a state or move; NEW adds one."""
    must_administer(request)
    editor = _editor(request, draft_id, kind, key, posted(request))
    if request.method == "POST" and not request.POST.get("more") and editor.is_valid:
        return _save(request, editor)
    status = 422 if request.method == "POST" and not request.POST.get("more") else 200
    answer = page(request, "process_element.html", **_context(editor))
    answer.status_code = status
    return answer


@require_POST
def check(request: Any, draft_id: int, kind: str, key: str) -> HttpResponse:
    """What a check finds while somebody types: the list of problems and the diagram."""
    must_administer(request)
    editor = _editor(request, draft_id, kind, key, request.POST)
    return page(request, "process_element_live.html", live=True, **_context(editor))


def change(request: Any, draft_id: int, kind: str, key: str) -> HttpResponse:
    """Copy, move up or down, or remove after a look at what depends on it."""
    must_administer(request)
    editor = _editor(request, draft_id, kind, key, None)
    draft, element = editor.draft, editor.element
    back, here = reverse("desk:process-draft", args=[draft_id]), element_url(draft_id, element)
    what = request.POST.get("what", "")
    if request.method == "POST":
        given = request.POST.get("version", "")
        version = int(given) if given.isdecimal() and len(given) < 10 else -1
        if what == "remove":
            return attempt(
                request,
                lambda: drafts.remove(request.actor, draft_id, element, version),
                _("已删除，可以撤销。"),
                back,
            )
        if what == "duplicate":
            return attempt(
                request,
                lambda: drafts.duplicate(request.actor, draft_id, element, version),
                _("已复制，排在原来那一项的后面。"),
                back,
            )
        by = -1 if what == "up" else 1
        return attempt(
            request,
            lambda: drafts.shift(request.actor, draft_id, element, by, version),
            _("顺序已调整。"),
            here,
        )
    return page(
        request,
        "process_remove.html",
        draft=draft,
        editor=editor,
        element=element,
        uses=_uses(draft, element),
        here=here,
    )


def _save(request: Any, editor: Editor) -> HttpResponse:
    draft, target, value = editor.draft, editor.target(), editor.value()
    try:
        drafts.put(request.actor, draft.pk, target, value, request.POST.get("was", ""))
    except drafts.Edited as conflict:
        return _conflict(request, editor, conflict)
    except Invalid as refusal:
        for text in refusal.fields.values():
            editor.form.add_error(None, text)
        answer = page(request, "process_element.html", **_context(editor))
        answer.status_code = 422
        return answer
    back = reverse("desk:process-draft", args=[draft.pk])
    return done(
        request, _("“%(name)s”已保存。") % {"name": value["name"]}, f"{back}#{target.kind}-{target.key}"
    )


def _conflict(request: Any, editor: Editor, conflict: drafts.Edited) -> HttpResponse:
    """Both versions side by side; nothing is saved until the person chooses."""
    present = conflict.present or {}
    answer = page(
        request,
        "process_conflict.html",
        draft=editor.draft,
        name=editor.value()["name"],
        conflict=conflict,
        rows=value_changes(present, editor.value(), editor.draft.data),
        resent=[
            (name, value)
            for name, values in request.POST.lists()
            if name not in _NOT_RESENT
            for value in values
        ],
        was=drafts.mark(conflict.present),
        here=element_url(editor.draft.pk, editor.target())
        if conflict.present
        else reverse("desk:process-draft", args=[editor.draft.pk]),
    )
    answer.status_code = 409
    return answer


def _editor(request: Any, draft_id: int, kind: str, key: str, data: Any) -> Editor:
    draft = get_object_or_404(ProcessDraft.objects.select_related("edited_by"), pk=draft_id)
    branch = request.GET.get("branch", "")
    if branch and all(row["key"] != branch for row in draft.data.get("branches", ())):
        raise Http404
    found = next((known for known in editing.KINDS if known == kind), None)
    if found is None:
        raise Http404
    editor = Editor(draft, Element(branch, found, key), data)
    # Removed while its form was open: what was typed is still taken, and the conflict is shown.
    if editor.present is None and key != NEW and data is None:
        raise Http404
    return editor


def _context(editor: Editor) -> dict[str, Any]:
    draft, element = editor.draft, editor.element
    problems = editor.problems()
    try:
        drawn = diagram(draft, Definition.from_data(editor.would_be()), problems)
    except DefinitionError:
        drawn = diagram(draft, Definition.from_data(draft.data), problems)
    return {
        "draft": draft,
        "editor": editor,
        "form": editor.form,
        "rows": editor.rows,
        "element": element,
        "problems": problems,
        "own": editor.own_problems(),
        "diagram": drawn,
        "facts": [(name, FACT_WORDS.get(name, "")) for name in draft.data.get("facts", ())],
        "action": element_url(draft.pk, element),
        "check_url": element_url(draft.pk, element, "desk:process-draft-element-check"),
        "change_url": ""
        if editor.is_new
        else element_url(draft.pk, element, "desk:process-draft-element-change"),
        "back": reverse("desk:process-draft", args=[draft.pk]),
    }


def _uses(draft: ProcessDraft, element: Element) -> list[str]:
    """What removing the element changes, in words."""
    words = {
        "start": _("它是流程的起点，要先另选起点"),
        "from": _("“%(name)s”不再能从这里办"),
        "to": _("“%(name)s”不再能到这里"),
        "timer": _("“%(name)s”里到时自动办它的设置一并删除"),
    }
    found = []
    for use in editing.uses(draft.data, element):
        row = editing.find(draft.data, use.element) if use.element else None
        found.append(words[use.how] % {"name": row["name"] if row else ""})
    return found
