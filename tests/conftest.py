"""Fixtures for every test: the cast, and clients signed in as each of them."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from fobwatch.people.models import Membership, Organisation
from tests import cast
from tests.audit.flush import tests_may_empty_the_log  # noqa: F401  a fixture for every test
from tests.browser import chromium_path


@pytest.fixture
def hospital(db: None) -> Organisation:
    return cast.organisation("Fennimore Hospitals")


@pytest.fixture
def surgery(db: None) -> Organisation:
    return cast.organisation("Copper Lane Surgery", kind="practice")


@pytest.fixture
def nurse(hospital: Organisation) -> Membership:
    return cast.member(hospital, "Amara Osei", clinical=True, job_title="Staff nurse", team="Ward 6")


@pytest.fixture
def porter(hospital: Organisation) -> Membership:
    return cast.member(hospital, "Tom Birch", job_title="Porter", team="Portering")


@pytest.fixture
def manager(hospital: Organisation) -> Membership:
    return cast.member(hospital, "Grace Lindqvist", "manager", clinical=True, team="Ward 6")


@pytest.fixture
def ig_lead(hospital: Organisation) -> Membership:
    return cast.member(hospital, "Imran Qureshi", "ig_lead", team="Information governance")


@pytest.fixture
def it_support(hospital: Organisation) -> Membership:
    return cast.member(hospital, "Nia Pritchard", "it_support", team="IT")


@pytest.fixture
def second_it(hospital: Organisation) -> Membership:
    return cast.member(hospital, "Owen Marsh", "it_support", team="IT")


@pytest.fixture
def outsider(surgery: Organisation) -> Membership:
    """The practice lead of another organisation: every permission there, none here."""
    return cast.member(surgery, "Helen Coppard", "practice_lead", clinical=True)


@pytest.fixture
def browse() -> Callable[..., Client]:
    """`browse(member)` is a client signed in as that member; `browse(None)` is nobody."""
    return cast.browser


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium for every test that needs one: Playwright starts once in a process.

    After the test database: a live server that starts before it takes it for one in memory, and shares one
    connection between threads.
    """
    # Playwright runs an event loop in this thread, and Django then takes our calls to the database for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()
