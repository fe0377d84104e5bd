from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "wangge.domain.office"
    label = "office"
