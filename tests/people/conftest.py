"""For the tests of people: the log may be emptied after a test that commits, and a phone that signs in."""

import pytest

from tests.audit.flush import tests_may_empty_the_log
from tests.people.phone import Phone

__all__ = ["tests_may_empty_the_log"]


@pytest.fixture
def phone(db: None) -> Phone:
    """A phone whose browser has nobody signed in."""
    return Phone()
