"""What is seen and what is not, in plain words."""

import pytest

from fobwatch.devices.rules.visible import LEAVING, LOSING, visible
from fobwatch.policy.rules.vocabulary import PLATFORMS


@pytest.mark.parametrize("platform", [*PLATFORMS, None])
def test_every_platform_has_both_lists(platform: str | None) -> None:
    lists = visible(platform)
    assert len(lists.see) >= 5
    words = " ".join(lists.cannot_see).lower()
    for private in ("photos", "messages", "contacts", "where you are", "other apps", "websites", "fingerprint"):
        assert private in words
    assert not set(lists.see) & set(lists.cannot_see)


def test_computers_and_phones_differ() -> None:
    assert visible("windows").cannot_see[-1] != visible("ios").cannot_see[-1]
    assert visible(None).cannot_see == visible("ios").cannot_see[:-1]


def test_an_unknown_platform_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such kind"):
        visible("symbian")


def test_leaving_and_losing_delete_nothing_personal() -> None:
    assert any("Nothing of yours is deleted" in sentence for sentence in LEAVING)
    assert any("Nothing on the device is erased" in sentence for sentence in LOSING)
