"""Killed in the middle of a publication, or two at once: exactly one version is in force, whole."""

import datetime as dt
import os
import signal
import threading

import pytest
from django.db import connection, connections

from fobwatch.audit.models import Entry
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.actions import publishing
from fobwatch.policy.jobs import start_due
from fobwatch.policy.models import Acknowledgement, Version
from tests.cast import NOW
from tests.policy.conftest import actor, approved, changed, confirmed, put_in_force

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs) -> list[object]:
    """What each job returned or was refused with, all begun at the same moment."""
    results: list[object] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(index: int, job) -> None:
        try:
            start.wait(10)
            results[index] = job()
        except Exception as problem:
            results[index] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_a_process_killed_in_the_middle_of_a_publication_leaves_the_old_version(
    monkeypatch: pytest.MonkeyPatch, hospital: Organisation, nurse: Membership, first: Version, lead: Actor
) -> None:
    confirmed(nurse, first)
    second = approved(changed(first, lead, grace_days=3), lead)
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            monkeypatch.setattr(publishing, "_carry", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            put_in_force(second, lead, material=False)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert Version.in_force(hospital) == first
    assert Version.draft_of(hospital) == second
    assert Entry.objects.filter(action="policy.published").count() == 1
    assert put_in_force(second, lead, material=False).state == "published"


def test_of_two_publications_at_once_one_is_refused(hospital: Organisation, first: Version, lead: Actor) -> None:
    second = approved(changed(first, lead, grace_days=3), lead)
    tabs = [Version.objects.get(pk=second.pk) for _ in range(2)]
    results = at_once(*(lambda tab=tab: put_in_force(tab, lead) for tab in tabs))
    assert sorted(type(one).__name__ for one in results) == ["Refused", "Version"]
    assert Version.in_force(hospital) == second
    assert Version.history(hospital).count() == 2


def test_of_two_adoptions_at_once_one_is_refused(hospital: Organisation, lead: Actor) -> None:
    results = at_once(*[lambda: actions.adopt(organisation=hospital, by=lead, now=NOW)] * 2)
    assert sorted(type(one).__name__ for one in results) == ["Refused", "Version"]
    assert Version.objects.count() == 1


def test_two_presses_at_once_give_one_receipt(nurse: Membership, first: Version) -> None:
    results = at_once(*[lambda: confirmed(nurse, first)] * 3)
    assert len({one.receipt for one in results}) == 1
    assert Acknowledgement.objects.count() == 1


def test_confirming_while_a_small_change_is_published_is_never_lost(
    nurse: Membership, first: Version, lead: Actor
) -> None:
    second = approved(changed(first, lead, grace_days=3), lead)
    made, published = at_once(
        lambda: actions.acknowledge(membership=nurse, version=first, shown=first.hash, by=actor(nurse), now=NOW),
        lambda: put_in_force(second, lead, material=False),
    )
    assert isinstance(published, Version)
    # Either it came first and was carried over, or the nurse is asked to read again.
    assert isinstance(made, Refused) == (Acknowledgement.of(nurse, second) is None)


def test_with_two_workers_a_version_comes_in_force_once(hospital: Organisation, first: Version, lead: Actor) -> None:
    second = approved(changed(first, lead, grace_days=3), lead)
    at = NOW + dt.timedelta(days=1)
    actions.schedule(draft=second, shown=second.hash, starts_at=at, by=lead, now=NOW)
    results = at_once(*[lambda: start_due(at)] * 2)
    assert sorted(results) == [0, 1]
    assert Version.in_force(hospital) == second
    assert Entry.objects.filter(action="policy.published", doc_sha256=second.hash).count() == 1


def test_taking_back_and_starting_at_once_end_in_one_of_both(
    hospital: Organisation, first: Version, lead: Actor
) -> None:
    second = approved(changed(first, lead, grace_days=3), lead)
    at = NOW + dt.timedelta(days=1)
    actions.schedule(draft=second, shown=second.hash, starts_at=at, by=lead, now=NOW)
    tab = Version.objects.get(pk=second.pk)
    started, taken = at_once(lambda: start_due(at), lambda: actions.take_back(draft=tab, by=lead, now=NOW))
    assert (started, type(taken)) in ((1, Refused), (0, Version))
    assert (Version.in_force(hospital) == second) == bool(started)
