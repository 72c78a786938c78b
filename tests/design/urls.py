"""A few addresses, so that these tests don't lean on the apps above."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest, number: int = 0) -> HttpResponse:
    return HttpResponse()


web = ([path("", page, name="home")], "web")
devices = (
    [path("lost", page, name="lost"), path("privacy", page, name="privacy"), path("mine", page, name="mine")],
    "devices",
)
people = (
    [
        path("in", page, name="sign_in"),
        path("out", page, name="sign_out"),
        path("me", page, name="account"),
        path("switch", page, name="switch"),
    ],
    "people",
)
access = ([path("register", page, name="register"), path("register/<int:number>", page, name="row")], "access")
urlpatterns = [path("", include(each)) for each in (web, devices, people, access)]
