from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "fobwatch.devices"
    label = "devices"
