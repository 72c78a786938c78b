"""Registrations in a known state."""

import pytest

from fobwatch.devices.models import Device, Registration
from fobwatch.people.models import Membership
from tests.cast import NOW


def register(
    member: Membership, *, state: str = "active", device: Device | None = None, **more: object
) -> Registration:
    device = device or Device.objects.create(
        person=member.person, label="Apple iPhone", platform="ios", browser_key=f"key of {member.pk}",
        cookie_hash="c" * 64, created_at=NOW,
    )  # fmt: skip
    fields: dict[str, object] = {"ownership": "personal", "platform": "ios", "step": "done"}
    return Registration.objects.create(
        organisation=member.organisation, membership=member, device=device, state=state, state_at=NOW,
        created_at=NOW, **{**fields, **more},
    )  # fmt: skip


@pytest.fixture
def phone(nurse: Membership) -> Registration:
    """The nurse's own phone, active."""
    return register(nurse)
