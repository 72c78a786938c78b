"""Every address of Fobwatch: each app brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("fobwatch.web.urls")),
    path("", include("fobwatch.people.urls")),
    path("policy/", include("fobwatch.policy.urls")),
    path("devices/", include("fobwatch.devices.urls")),
    path("training/", include("fobwatch.learning.urls")),
    path("", include("fobwatch.notices.urls")),
    path("access/", include("fobwatch.access.urls")),
    path("gate/", include("fobwatch.gateway.urls")),
    path("log/", include("fobwatch.audit.urls")),
]
handler404 = "fobwatch.web.views.not_found"
handler500 = "fobwatch.web.views.broken"
handler400 = "fobwatch.web.views.bad_request"
