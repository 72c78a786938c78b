from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "fobwatch.notices"
    label = "notices"
