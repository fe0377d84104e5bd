"""Forms of one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import Post, User
from wangge.faces.desk.admin_pages import ServiceForm
from wangge.faces.desk.forms.widgets import DayField
from wangge.faces.desk.words import post_words


class PasswordForm(forms.Form):
    """A new password for oneself."""

    old = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = password_rules()

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("现在的密码不对。"))
        return old

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return cleaned


def password_rules() -> str:
    """What a password must be, in the words shown before it is typed."""
    rules = gettext("至少 %(n)d 个字符，不要用姓名、账号或常见的密码。")
    return rules % {"n": settings.PASSWORD_LENGTH}


class StandInForm(ServiceForm):
    """Who takes over one of my posts, for which days."""

    post = forms.TypedChoiceField(label=_("岗位"), coerce=int)
    user = forms.TypedChoiceField(label=_("替班人"), coerce=int)
    starts_on = DayField(label=_("从"))
    ends_on = DayField(label=_("到（含当天）"))
    reason = forms.CharField(label=_("事由"), max_length=200, required=False)

    def __init__(self, posts: list[Post], colleagues: "QuerySet[User]", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(post.pk, post_words(post)) for post in posts]  # type: ignore[attr-defined]
        people = [("", _("请选择")), *((user.pk, user.name) for user in colleagues)]
        self.fields["user"].choices = people  # type: ignore[attr-defined]
