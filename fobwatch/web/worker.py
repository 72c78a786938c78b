"""The worker: calls each app's jobs in turn. A job pulls its own work, so a missed turn loses nothing."""

import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections

from fobwatch.audit.jobs import checkpoint
from fobwatch.devices.jobs import remind as remind_of_devices
from fobwatch.devices.jobs import tidy
from fobwatch.kernel.clock import now
from fobwatch.learning.jobs import remind as remind_of_training
from fobwatch.people.jobs import remind as remind_of_invitations
from fobwatch.people.jobs import send_letters
from fobwatch.policy.jobs import remind as remind_of_policy
from fobwatch.policy.jobs import start_due
from fobwatch.web.retention import purge_all

log = logging.getLogger("fobwatch.worker")

Job = Callable[[dt.datetime], object]
SECONDS_BETWEEN_TURNS = 5.0
JOBS: dict[str, tuple[Job, int]] = {
    "send letters": (send_letters, 5),
    "sign the log": (checkpoint, 3_600),
    "start approved policies": (start_due, 5),
    "remind of invitations": (remind_of_invitations, 3_600),
    "remind of policy": (remind_of_policy, 3_600),
    "remind of devices": (remind_of_devices, 3_600),
    "remind of training": (remind_of_training, 3_600),
    "tidy devices": (tidy, 86_400),
    "purge": (purge_all, 86_400),
}


def turn(moment: dt.datetime, last: dict[str, dt.datetime]) -> list[str]:
    """Run what is due; `last` remembers when each ran. A job that fails is logged and does not stop the others.

    Returns the names of those that failed.
    """
    failed = []
    for name, (job, seconds) in JOBS.items():
        if name in last and (moment - last[name]).total_seconds() < seconds:
            continue
        last[name] = moment
        try:
            job(moment)
        except Exception:
            failed.append(name)
            log.exception("A job failed; it is tried again at its next turn: " + name)
    return failed


def run_forever(*, once: bool = False) -> None:
    """Take turns until told to stop; with `once`, one turn."""
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if not once:
        signal.signal(signal.SIGTERM, told)
        signal.signal(signal.SIGINT, told)
    last: dict[str, dt.datetime] = {}
    while True:
        turn(now(), last)
        close_old_connections()
        if once or stop.wait(SECONDS_BETWEEN_TURNS):
            return
