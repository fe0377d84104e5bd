from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "wangge.platform.once"
    label = "once"
