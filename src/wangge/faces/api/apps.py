from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "wangge.faces.api"
    label = "api"
