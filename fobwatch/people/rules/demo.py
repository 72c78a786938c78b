"""The made-up people of the demo whom a visitor may be. They exist in the demo settings only."""

from dataclasses import dataclass


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
    _persona("grace.lindqvist", _HOSPITAL, "Ward manager. Sees who in her team has registered a phone."),
    _persona("imran.qureshi", _HOSPITAL, "Information governance lead. Writes and publishes the policy."),
    _persona("nia.pritchard", _HOSPITAL, "IT support. Keeps the register, and cuts a lost phone off."),
    _persona("owen.marsh", _HOSPITAL, "IT support. The second person who approves a new link for Nia or Imran."),
    _persona("ruth.kessler", _HOSPITAL, "Consultant and Caldicott Guardian. Works at the surgery too."),
    _persona("helen.coppard", _SURGERY, "Practice lead of a six-person practice without an IT department."),
    _persona("sam.tully", _SURGERY, "Receptionist. Asks what a phone may be used for."),
)
