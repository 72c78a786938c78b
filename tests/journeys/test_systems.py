"""The pages of systems in a real browser, at the width of a phone and of a desk, with axe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from fobwatch.gateway.actions import register_route
from fobwatch.kernel.clock import now
from tests import cast
from tests.gateway import door
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_the_pages_read_well_at_both_sizes(
    context: BrowserContext, page: Page, site: str, shot: Callable[[str], Path]
) -> None:
    hospital = cast.organisation("Fennimore Hospitals")
    keeper = cast.member(hospital, "Nia Pritchard", "it_support")
    system = door.system(hospital, routes=False)
    for prefix, methods, cell in (("/", "read", "record:view"), ("/letters", "any", "documents:view")):
        register_route(system=system, prefix=prefix, methods=methods, cell=cell, by=cast.TESTER, now=now())
    context.add_cookies([{"name": settings.SESSION_COOKIE, "value": cast.sign_in(keeper).token, "url": site}])
    for name in ("systems", "connect", "system", "change", "route_add", "disconnect", "config"):
        page.goto(site + reverse(f"gateway:{name}", args=[] if name in ("systems", "connect") else [system.pk]))
        check_axe(page)
        shot(f"gateway-{name.replace('_', '-')}")
