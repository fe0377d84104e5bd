from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "wangge.platform.outbox"
    label = "outbox"
