from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "fobwatch.learning"
    label = "learning"
