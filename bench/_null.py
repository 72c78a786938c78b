"""A Django view that does nothing, behind the full middleware, beside the gate: for `bench/forward_auth.py` alone."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

pages = get_wsgi_application()

from fobwatch.gateway.api import GATE, check  # noqa: E402
from fobwatch.kernel.guards import public  # noqa: E402


@public
def null(_: HttpRequest) -> HttpResponse:
    """Do nothing."""
    return HttpResponse(status=204)


urlpatterns = [path("null", null, name="null")]
settings.ROOT_URLCONF = __name__
settings.ALLOWED_HOSTS = ["*"]
settings.ORIGIN = "https://fobwatch.example"


def application(environ, start_response):
    """The gate as `fobwatch.config.wsgi` answers it, everything else by Django."""
    if environ["PATH_INFO"] == GATE:
        return check(environ, start_response)
    return pages(environ, start_response)
