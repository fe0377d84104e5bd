from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured

from wangge.domain.access.policy import INTERNAL, POLICY, PUBLISHED
from wangge.platform.personal import undeclared


class AccessConfig(AppConfig):
    name = "wangge.domain.access"
    label = "access"

    def ready(self) -> None:
        """A model that nobody thought about who may see, or a column about a person without a purpose, must not start."""
        known = PUBLISHED | INTERNAL | {label for label, action in POLICY if action == "view"}
        for model in apps.get_models():
            if model.__module__.startswith("wangge.domain") and model._meta.label not in known:
                raise ImproperlyConfigured(
                    f"{model._meta.label} has no entry in domain/access/policy/__init__.py"
                )
        if columns := undeclared():
            raise ImproperlyConfigured(
                f"{', '.join(columns)}: declare purpose, basis, class and retention, or name it in IMPERSONAL"
            )
