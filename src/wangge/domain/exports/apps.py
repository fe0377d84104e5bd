from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "wangge.domain.exports"
    label = "exports"
