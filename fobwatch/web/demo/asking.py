"""Questions of staff in the demo: one answered for all to read, one that waits; and how patients reach the places."""

import datetime as dt
from collections.abc import Iterable

from fobwatch.kernel.actor import Actor
from fobwatch.notices import actions
from fobwatch.people.models import Membership, Organisation

ANSWERED = (
    "May I look at my rota on my own phone while I am on a break?",
    "Yes. Email, calendar and rota are open to all staff on their own device, once it is registered. The rule"
    " “Email, calendar and rota” says how.",
)
WAITS = "May I use my phone’s own dictation to write a message about work?"
PLACES = {
    "fennimore-hospitals": {
        "ask_phone": "01632 960 120", "ask_email": "patients@fennimore-hospitals.example",
        "dpo_email": "dpo@fennimore-hospitals.example",
        "complain": "Our patient advice service listens and helps: 01632 960 121, 9am to 5pm on weekdays.",
        "sites": "https://www.fennimore-hospitals.example",
    },
    "copper-lane-surgery": {"ask_phone": "01632 960 211", "complain": "Ask for the practice manager: 01632 960 210."},
}  # fmt: skip


def leave_questions(
    places: Iterable[Organisation], staff: Iterable[Membership], *, by: Actor, now: dt.datetime
) -> None:
    """Ask and answer, and set what the public notices say."""
    for place in places:
        actions.set_desk(organisation=place, values=PLACES[place.slug], by=by, now=now)
    by_name = {one.person.name: one for one in staff}
    lead, nurse, porter = (by_name[name] for name in ("Imran Qureshi", "Amara Osei", "Tom Birch"))
    then = now - dt.timedelta(days=20)
    asked, said = ANSWERED
    question = actions.ask(member=porter, text=asked, clause="open-mail", by=by, now=then)
    actions.answer(question=question, member=lead, text=said, by=by, now=then + dt.timedelta(hours=5))
    actions.publish_entry(
        question=question, member=lead, question_text=asked, answer_text=said, by=by, now=then + dt.timedelta(hours=6)
    )
    actions.ask(member=nurse, text=WAITS, clause="open-chat", by=by, now=now - dt.timedelta(days=2, hours=3))
