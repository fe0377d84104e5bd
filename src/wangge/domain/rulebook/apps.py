from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "wangge.domain.rulebook"
    label = "rulebook"
