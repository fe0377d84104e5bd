"""Hand-over lists: what I give, what I take over, and the page of one."""

import uuid
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wangge.domain.access.actor import System
from wangge.domain.access.models import Post
from wangge.domain.access.policy import HEAD_ROLES
from wangge.domain.access.queries import could_follow, posts_headed
from wangge.domain.access.scope import acting_as
from wangge.domain.office import queries
from wangge.domain.office.drafts import draft
from wangge.domain.office.models import HandOver
from wangge.domain.office.services import handovers as services
from wangge.faces.desk.admin_pages import PAGE_ROWS, asked_id, done, posted
from wangge.faces.desk.forms import errors
from wangge.faces.desk.forms.widgets import DayField
from wangge.faces.desk.words import post_words
from wangge.platform import clock
from wangge.platform.errors import NotFound, WanggeError


class HandOverForm(forms.Form):
    """Who takes over, why, from when, and what is not in the data."""

    receiver = forms.TypedChoiceField(label=gettext_lazy("接手人"), coerce=int)
    reason = forms.ChoiceField(label=gettext_lazy("原因"), choices=HandOver.Reason.choices)
    from_day = DayField(label=gettext_lazy("从哪天起由接手人负责"))
    note = forms.CharField(
        label=gettext_lazy("要交代的事"),
        required=False,
        max_length=services.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": True}),
        help_text=gettext_lazy("系统里没有的：约好的时间、钥匙、联系的单位。不要写居民的个人情况。"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, post: Post, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [("", _("请选择")), *((user.pk, user.name) for user in could_follow(post))]
        self.fields["receiver"].choices = people  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("意见"),
        required=False,
        max_length=services.LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True}),
        help_text=gettext_lazy("退回时必填：哪里要补充或更正。"),
    )


@require_safe
def handovers(request: Any) -> HttpResponse:
    """Everything the reader gives, takes over or heads; the history stays."""
    rows = Paginator(queries.handovers(request.actor), PAGE_ROWS).get_page(request.GET.get("page"))
    waiting = queries.handovers_waiting(request.actor)
    return render(
        request, "desk/handovers.html", {"rows": rows, "waiting": waiting, "me": request.actor.user_id}
    )


def new_handover(request: Any) -> HttpResponse:
    """Choose a post, see the list as it would be given, add words, give it to somebody."""
    posts = posts_headed(request.actor, HEAD_ROLES)
    wanted = asked_id(request, "post") or (posts[0].pk if posts else 0)
    post = next((one for one in posts if one.pk == wanted), None)
    if post is None:
        if posts or wanted:
            raise NotFound(_("没有找到这个岗位。"))
        return render(request, "desk/handover_new.html", {"posts": []})
    with acting_as(System("preview of a hand-over list")):
        lines = draft(post, clock.now())
    form = HandOverForm(post, posted(request), initial={"key": uuid.uuid4(), "from_day": clock.today()})
    words = {line.key: request.POST.get(f"line {line.key}", "") for line in lines}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.hand_over(
                request.actor,
                services.Given(
                    key=given["key"],
                    post_id=post.pk,
                    receiver_id=given["receiver"],
                    reason=given["reason"],
                    from_day=given["from_day"],
                    note=given["note"],
                    lines=words,
                    earlier_id=asked_id(request, "after"),
                ),
            )
            return done(
                request, _("交接单已交给接手人，等对方接收。"), reverse("desk:handover", args=[made.pk])
            )
        except WanggeError as refusal:
            errors.show(form, refusal)
    page = {
        "posts": [(one.pk, f"{one.user.name} · {post_words(one)}") for one in posts],
        "post": post,
        "form": form,
        "lines": [(line, words[line.key]) for line in lines],
        "after": asked_id(request, "after"),
    }
    return render(request, "desk/handover_new.html", page, status=422 if form.errors else 200)


def handover(request: Any, handover_id: int) -> HttpResponse:
    """One list; the successor answers it here."""
    found = queries.handover_page(request.actor, handover_id)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        accept = request.POST.get("accept") == "1"
        try:
            services.answer(request.actor, handover_id, accept=accept, note=form.cleaned_data["note"])
        except WanggeError as refusal:
            errors.show(form, refusal)
        else:
            text = (
                _("已接收，这些事从约定的那天起由您负责。") if accept else _("已退回，对方会看到您的意见。")
            )
            return done(request, text, reverse("desk:handover", args=[handover_id]))
    one = found.handover
    page = {
        "page": found,
        "handover": one,
        "form": form,
        "answers": one.state == HandOver.State.WAITING and one.receiver_id == request.actor.user_id,
        "again": one.state == HandOver.State.SENT_BACK
        and found.later is None
        and one.giver_id == request.actor.user_id,
    }
    return render(request, "desk/handover.html", page, status=422 if form.errors else 200)
