from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "wangge.domain.field"
    label = "field"
