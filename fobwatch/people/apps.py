from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "fobwatch.people"
    label = "people"
