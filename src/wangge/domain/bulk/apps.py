from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "wangge.domain.bulk"
    label = "bulk"
