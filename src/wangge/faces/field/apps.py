from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "wangge.faces.field"
    label = "field_face"
