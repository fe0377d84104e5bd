from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "wangge.domain.register"
    label = "register"
