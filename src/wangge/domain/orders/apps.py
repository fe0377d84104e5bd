from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "wangge.domain.orders"
    label = "orders"
