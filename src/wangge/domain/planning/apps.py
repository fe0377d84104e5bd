from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "wangge.domain.planning"
    label = "planning"
