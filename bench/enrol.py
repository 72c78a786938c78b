"""How long registering a phone takes: from the one-time link to the lost code, in a real browser at 360 px.

    python -m bench.enrol [--rounds 5] [--json]

A virtual authenticator answers for the passkey at once, and nobody reads: `seconds` is the share of the program and
the network at home (loopback), so what a person adds is reading, a fingerprint and `taps`. `screens` are the pages
that are seen, `steps` the numbered ones. Data is made up, in a database that is removed afterwards. The last line is
one JSON object.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from typing import Any

import django
from playwright.sync_api import Browser, sync_playwright

KEPT = tempfile.TemporaryDirectory()
os.environ["DJANGO_SETTINGS_MODULE"] = "fobwatch.config.settings.test"
os.environ["DATABASE_URL"] = f"sqlite:///{KEPT.name}/bench.sqlite3"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in this thread
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test.testcases import LiveServerThread  # noqa: E402

from fobwatch.devices.models import Registration  # noqa: E402
from fobwatch.devices.views.enrol import STEPS  # noqa: E402
from fobwatch.kernel.clock import now  # noqa: E402
from fobwatch.people.actions import invitations  # noqa: E402
from fobwatch.people.models import Membership  # noqa: E402
from tests import cast  # noqa: E402
from tests.browser import chromium_path  # noqa: E402
from tests.journeys.conftest import PHONE, Authenticator  # noqa: E402
from tests.journeys.enrolling import Walk, as_a_phone  # noqa: E402


def walk(browser: Browser, nurse: Membership) -> tuple[float, Walk]:
    """One person registers one phone: how many seconds, and what was walked."""
    invitation = invitations.invite(membership=nurse, purpose="join", inviter=None, by=cast.TESTER, now=now())
    context = browser.new_context(viewport=PHONE, base_url=settings.ORIGIN)  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    Authenticator(session).plug()
    as_a_phone(session)
    walked, start = Walk(page), time.perf_counter()
    walked.join(f"/join/{invitation.token}/")
    walked.begin()
    walked.answer()
    seconds = time.perf_counter() - start
    context.close()
    return seconds, walked


def measure(rounds: int) -> dict[str, Any]:
    """Walk as often as asked, each time as another nurse."""
    call_command("migrate", verbosity=0)
    hospital = cast.organisation("Bench Hospitals")
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    settings.ORIGIN = f"http://localhost:{server.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        nurses = [cast.member(hospital, f"Nurse {number}", clinical=True) for number in range(rounds + 1)]
        walks = [walk(browser, nurse) for nurse in nurses][1:]  # the first fills the caches
        browser.close()
        done = Registration.objects.filter(state="active").count()
    server.terminate()
    if done != rounds + 1:
        raise SystemExit(f"{done} of {rounds + 1} registrations are active.")
    taken = sorted(seconds for seconds, _ in walks)
    return {
        "steps": STEPS, "screens": len(walks[0][1].seen), "taps": walks[0][1].taps, "typed_characters": 0,
        "seconds": round(statistics.median(taken), 2), "slowest_seconds": round(taken[-1], 2), "rounds": rounds,
    }  # fmt: skip


def main() -> None:
    """Measure from the command line."""
    given = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given.add_argument("--rounds", type=int, default=5)
    given.add_argument("--json", action="store_true", help="print the JSON object only")
    asked = given.parse_args()
    found = measure(asked.rounds)
    if not asked.json:
        for name, value in found.items():
            print(f"{name:20} {value}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
