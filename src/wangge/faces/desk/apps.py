from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "wangge.faces.desk"
    label = "desk"
