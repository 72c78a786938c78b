"""The fictional staff of the demo: personas by name, the rest made from lists by a fixed seed."""

import datetime as dt
import random
from importlib import resources

from fobwatch.people.rules.recruits import Recruit

TEAMS = [
    ("Ward 6", True, 26), ("Ward 9", True, 26), ("Emergency department", True, 34), ("Theatres", True, 24),
    ("Community nursing", True, 28), ("Physiotherapy", True, 16), ("Pharmacy", True, 18), ("Maternity", True, 24),
    ("Imaging", True, 16), ("Medical staff", True, 30), ("Portering", False, 14), ("Outpatient bookings", False, 16),
    ("Estates", False, 10), ("Finance", False, 8),
]  # fmt: skip
JOBS = {
    "Theatres": ["Theatre nurse", "Operating department practitioner"], "Physiotherapy": ["Physiotherapist"],
    "Pharmacy": ["Pharmacist", "Pharmacy technician"], "Maternity": ["Midwife"], "Imaging": ["Radiographer"],
    "Medical staff": ["Foundation doctor", "Specialty registrar", "Consultant"], "Portering": ["Porter"],
    "Outpatient bookings": ["Booking clerk"], "Estates": ["Engineer"], "Finance": ["Accounts assistant"],
}  # fmt: skip
NURSING = ["Staff nurse", "Senior staff nurse", "Health care assistant"]
FIRST, LAST = (
    line.split() for line in resources.files(__package__).joinpath("names.txt").read_text("utf-8").splitlines()
)


HOSPITAL, SURGERY = "fennimore-hospitals.example", "copper-lane-surgery.example"


def _persona(name: str, role: str, clinical: bool, job: str, team: str, number: int, at: str = HOSPITAL) -> Recruit:
    email = f"{name.removeprefix('Dr ').lower().replace(' ', '.')}@{at}"
    return Recruit(name, email, role, clinical, job, team, f"F{number:05}" if at == HOSPITAL else f"C{number:03}")


HOSPITAL_PERSONAS = (
    _persona("Amara Osei", "staff", True, "Staff nurse", "Ward 6", 10001),
    _persona("Tom Birch", "staff", False, "Porter", "Portering", 10002),
    _persona("Grace Lindqvist", "manager", True, "Ward manager", "Ward 6", 10003),
    _persona("Imran Qureshi", "ig_lead", False, "Head of information governance", "Information governance", 10004),
    _persona("Nia Pritchard", "it_support", False, "Mobile devices engineer", "IT", 10005),
    _persona("Owen Marsh", "it_support", False, "Service desk lead", "IT", 10006),
    _persona("Dr Ruth Kessler", "caldicott_guardian", True, "Consultant physician", "Medical staff", 10007),
    _persona("Miriam Achterberg", "people_admin", False, "Staff records officer", "People", 10008),
    _persona("Callum Dunbar", "dpo", False, "Data protection officer", "Information governance", 10009),
    _persona("Joyce Tanner", "auditor", False, "Internal auditor", "Audit", 10010),
)
SURGERY_STAFF = (
    _persona("Helen Coppard", "practice_lead", True, "GP partner", "Surgery", 1, SURGERY),
    _persona("Sam Tully", "staff", False, "Receptionist", "Surgery", 2, SURGERY),
    _persona("Bashir Noor", "staff", True, "Practice nurse", "Surgery", 3, SURGERY),
    _persona("Ellen Frayne", "manager", False, "Practice manager", "Surgery", 4, SURGERY),
    _persona("Dr Piotr Zelny", "staff", True, "Salaried GP", "Surgery", 5, SURGERY),
)


def hospital_staff(today: dt.date, size: int = 300) -> list[Recruit]:
    """The hospital's staff: the personas and `size` less them by the fixed seed; some away, leaving or gone."""
    rng = random.Random(2026)  # noqa: S311  a fixed demo, no secret
    staff = list(HOSPITAL_PERSONAS)
    seen = {one.email for one in staff}
    places = [(team, clinical) for team, clinical, count in TEAMS for _ in range(count)]
    number = 20000
    while len(staff) < size:
        first, last = rng.choice(FIRST), rng.choice(LAST)
        email = f"{first}.{last}@{HOSPITAL}".lower()
        if email in seen:
            continue
        seen.add(email)
        number += rng.randint(1, 9)
        team, clinical = places[len(staff) % len(places)]
        job = rng.choice(JOBS.get(team, NURSING))
        staff.append(
            _employed(Recruit(f"{first} {last}", email, "staff", clinical, job, team, f"F{number}"), rng, today)
        )
    return staff


def _employed(one: Recruit, rng: random.Random, today: dt.date) -> Recruit:
    """Some are away, some about to leave, some have left."""
    draw = rng.random()
    if draw < 0.03:
        return one._replace(employment="left", leaves_on=today - dt.timedelta(days=rng.randint(3, 40)))
    if draw < 0.05:
        return one._replace(employment="leaving", leaves_on=today + dt.timedelta(days=rng.randint(3, 28)))
    if draw < 0.09:
        return one._replace(employment="away", away_from=today - dt.timedelta(days=rng.randint(10, 90)))
    return one
