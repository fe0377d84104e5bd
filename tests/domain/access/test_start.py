"""A model that nobody thought about stops the start."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from wangge.domain.access import apps as access_apps
from wangge.domain.access.policy import POLICY


def test_a_model_nobody_thought_about_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    config = apps.get_app_config("access")
    config.ready()
    for name, kept in (
        ("POLICY", {key: rule for key, rule in POLICY.items() if key[0] != "cases.Contact"}),
        ("PUBLISHED", access_apps.PUBLISHED - {"places.Area"}),
        ("INTERNAL", access_apps.INTERNAL - {"access.ReadLog"}),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(access_apps, name, kept)
            with pytest.raises(ImproperlyConfigured):
                config.ready()
