from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wangge.faces.web"
    label = "web"
