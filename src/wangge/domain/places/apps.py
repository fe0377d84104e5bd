from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "wangge.domain.places"
    label = "places"
