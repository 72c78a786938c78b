from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "fobwatch.gateway"
    label = "gateway"
