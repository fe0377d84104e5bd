from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "wangge.faces.cli"
    label = "cli"
