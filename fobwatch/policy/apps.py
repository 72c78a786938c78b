from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "fobwatch.policy"
    label = "policy"
