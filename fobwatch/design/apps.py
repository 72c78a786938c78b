from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "fobwatch.design"
    label = "design"
