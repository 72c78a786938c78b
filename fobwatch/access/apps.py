from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "fobwatch.access"
    label = "access"
