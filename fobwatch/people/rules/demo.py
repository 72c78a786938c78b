"""The made-up people of the demo whom a visitor may be. They exist in the demo settings only."""

import base64
from dataclasses import dataclass

# What a passkey is called that stands in the demo's list and that nobody holds.
MADE_UP = "Made-up passkey (demo)"


@dataclass(frozen=True, slots=True)
class Persona:
    """A made-up person: their address, and a sentence about what to try as them."""

    email: str
    sentence: str


def _persona(name: str, place: str, sentence: str) -> Persona:
    return Persona(f"{name}@{place}.example", sentence)


_HOSPITAL, _SURGERY = "fennimore-hospitals", "copper-lane-surgery"
PERSONAS = (
    _persona("amara.osei", _HOSPITAL, "Staff nurse. Her own iPhone, two things to fix before she sees records."),
    _persona("tom.birch", _HOSPITAL, "Porter. Wants his rota and messages on his own phone, nothing clinical."),
    _persona(
        "grace.lindqvist",
        _HOSPITAL,
        "Ward manager. Sees who in her team has registered a phone. A work phone waits for her.",
    ),
    _persona("imran.qureshi", _HOSPITAL, "Information governance lead. Writes and publishes the policy."),
    _persona("nia.pritchard", _HOSPITAL, "IT support. Keeps the register, and cuts a lost phone off."),
    _persona("owen.marsh", _HOSPITAL, "IT support. The second person: a new link for Imran waits for his approval."),
    _persona("ruth.kessler", _HOSPITAL, "Consultant and Caldicott Guardian. Works at the surgery too."),
    _persona("helen.coppard", _SURGERY, "Practice lead of a six-person practice without an IT department."),
    _persona("sam.tully", _SURGERY, "Receptionist. Asks what a phone may be used for."),
)


def made_up_key(membership: str) -> str:
    """The credential id of a persona's made-up passkey, in base64url without padding as all of them are."""
    return base64.urlsafe_b64encode(f"demo:{membership}".encode()).decode().rstrip("=")
