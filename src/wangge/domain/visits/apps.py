from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "wangge.domain.visits"
    label = "visits"
