from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.audit import views

app_name = "audit"
urlpatterns: list[URLPattern] = [
    path("", views.log, name="log"),
    path("check", views.check, name="check"),
    path("verify.py", views.verifier, name="verifier"),
    path("<int:seq>", views.entry, name="entry"),
    path("<int:seq>/export", views.export, name="export"),
]
