from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "wangge.domain.catalogue"
    label = "catalogue"
