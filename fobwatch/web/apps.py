from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "fobwatch.web"
    label = "web"
