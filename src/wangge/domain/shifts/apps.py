from django.apps import AppConfig


class ShiftsConfig(AppConfig):
    name = "wangge.domain.shifts"
    label = "shifts"
