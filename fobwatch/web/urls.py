from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.web import views

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("demo/device/<slug:registration_id>/", views.demo_device, name="demo_device"),
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
]
