from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "wangge.faces.portal"
    label = "portal"
