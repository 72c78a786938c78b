from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.gateway.views import passage, systems

app_name = "gateway"
urlpatterns: list[URLPattern] = [
    path("start", passage.start, name="start"),
    path("pass", passage.pass_on, name="pass"),
    path("arrive", passage.arrive, name="arrive"),
    path("systems/", systems.systems, name="systems"),
    path("systems/connect/", systems.connect, name="connect"),
    path("systems/<slug:system_id>/", systems.system, name="system"),
    path("systems/<slug:system_id>/change/", systems.change, name="change"),
    path("systems/<slug:system_id>/disconnect/", systems.disconnect, name="disconnect"),
    path("systems/<slug:system_id>/routes/add/", systems.route_add, name="route_add"),
    path("systems/<slug:system_id>/routes/<slug:route_id>/remove/", systems.route_remove, name="route_remove"),
    path("systems/<slug:system_id>/config/", systems.config, name="config"),
]
