from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "wangge.domain.exchange"
    label = "exchange"
