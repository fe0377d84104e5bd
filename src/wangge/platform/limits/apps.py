from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "wangge.platform.limits"
    label = "limits"
