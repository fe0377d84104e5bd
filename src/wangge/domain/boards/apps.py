from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "wangge.domain.boards"
    label = "boards"
