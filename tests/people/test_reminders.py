"""Reminders against the database: once, spaced, within the organisation, to those at work, one worker at a time."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test import Client

from fobwatch.audit.models import Detail, Entry
from fobwatch.people import jobs
from fobwatch.people.actions import invitations
from fobwatch.people.actions.reminders import remind
from fobwatch.people.models import Invitation, Letter, Membership, Organisation, Reminder
from fobwatch.people.rules.letters import WAITS
from fobwatch.people.rules.reminders import INVITED, SUBJECT, Kind, Wanting
from tests import cast
from tests.cast import NOW, TESTER
from tests.people.phone import Phone
from tests.people.test_reminder_rules import kind

# NOW is a Friday, 10:00 in London.
DAY, NIGHT = dt.timedelta(days=1), dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
KIND = kind(first=2, every=3, most=2, page="policy:read")


def wanting(*members: Membership, about: str = "thing:1", days: int = 5) -> list[Wanting]:
    return [Wanting(one.pk, about, NOW - days * DAY, NOW.date()) for one in members]


def tell(organisation: Organisation, to: list[Wanting], now: dt.datetime = NOW, what: Kind = KIND) -> int:
    return remind(organisation=organisation, kind=what, wanting=to, by=TESTER, now=now).letters


def test_a_reminder_is_a_letter_with_constant_words(nurse: Membership) -> None:
    assert tell(nurse.organisation, wanting(nurse)) == 1
    letter, row = Letter.objects.get(), Reminder.objects.get()
    assert (letter.to, letter.subject, letter.daytime_only) == (nurse.person.email, SUBJECT, True)
    assert "Since Sunday 15 November 2026, until Friday 20 November 2026." in letter.body
    assert "/policy/" in letter.body
    assert "01632 960 100" in letter.body
    assert nurse.person.name not in letter.body
    assert (row.number, row.kind, row.about, row.letter) == (1, KIND.key, "thing:1", letter)


def test_once_then_spaced_then_no_more(nurse: Membership) -> None:
    to = wanting(nurse)
    assert [tell(nurse.organisation, to, NOW + n * DAY) for n in range(20)].count(1) == KIND.most
    assert [row.number for row in Reminder.objects.order_by("at")] == [1, 2]
    assert tell(nurse.organisation, wanting(nurse, about="thing:2")) == 1, "about something else it begins anew"


def test_the_log_says_how_many_of_what_in_one_entry(nurse: Membership, porter: Membership) -> None:
    assert tell(nurse.organisation, wanting(nurse, porter)) == 2
    entry = Entry.objects.get(action="reminders.sent")
    assert entry.object == f"organisation:{nurse.organisation_id}"
    assert entry.organisation_id == nurse.organisation_id or TESTER.organisation_id == ""
    payload = Detail.objects.get(entry=entry).payload
    assert KIND.key in payload
    assert "2" in payload
    assert nurse.person.email not in payload


def test_nobody_of_another_organisation_is_reminded(nurse: Membership, outsider: Membership) -> None:
    assert tell(nurse.organisation, wanting(outsider)) == 0
    assert tell(outsider.organisation, wanting(nurse)) == 0
    assert not Letter.objects.exists()


YESTERDAY, TOMORROW = NOW.date() - DAY, NOW.date() + DAY


@pytest.mark.parametrize(
    ("employment", "told"),
    [
        ({"employment": "left", "leaves_on": YESTERDAY}, 0), ({"employment": "leaving", "leaves_on": YESTERDAY}, 0),
        ({"employment": "leaving", "leaves_on": TOMORROW}, 1), ({"employment": "away"}, 0),
        ({"away_from": YESTERDAY}, 0), ({"away_from": YESTERDAY, "away_until": NOW.date()}, 0),
        ({"away_from": TOMORROW}, 1), ({"employment": "away", "away_until": YESTERDAY}, 1),
        ({"employment": "leaving", "leaves_on": TOMORROW, "away_from": YESTERDAY}, 0), ({}, 1),
    ],
)  # fmt: skip
def test_who_left_or_is_away_is_never_reminded(
    hospital: Organisation, employment: dict[str, object], told: int
) -> None:
    assert tell(hospital, wanting(cast.member(hospital, "Some One", **employment))) == told


def test_not_at_night_and_not_on_a_weekend(nurse: Membership) -> None:
    assert tell(nurse.organisation, wanting(nurse), NIGHT) == 0
    assert tell(nurse.organisation, wanting(nurse), NOW + DAY) == 0
    assert list(Reminder.turns(lambda *_: [(KIND, wanting(nurse))], now=NIGHT)) == []
    assert len(list(Reminder.turns(lambda *_: [(KIND, wanting(nurse))], now=NOW))) == 1


def test_the_same_reminder_cannot_be_kept_twice(nurse: Membership) -> None:
    tell(nurse.organisation, wanting(nurse))
    row = Reminder.objects.get()
    row.pk = "0" * 32
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_each_person_once(hospital: Organisation) -> None:
    members = [cast.member(hospital, f"Person {number}") for number in range(12)]
    start, counts = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            counts.append(tell(hospital, wanting(*members)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 12]
    assert Letter.objects.count() == Reminder.objects.count() == 12


def test_a_mail_server_that_fails_is_tried_again_by_day_only(
    nurse: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(nurse.organisation, wanting(nurse))

    def fail(self: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("fobwatch.people.jobs.EmailMessage.send", fail)
        assert jobs.send_letters(NOW) == 0
    letter = Letter.objects.get()
    assert (letter.failure, letter.next_at) == ("ConnectionRefusedError", NOW + WAITS[0])
    assert letter.body
    assert Reminder.objects.get().went == "On its way"
    assert jobs.send_letters(NIGHT) == 0
    assert jobs.send_letters(MONDAY) == 1
    assert mail.outbox[0].subject == SUBJECT
    assert Reminder.objects.get().went == "Sent"
    assert tell(nurse.organisation, wanting(nurse), NOW + dt.timedelta(hours=1)) == 0, (
        "trying again is not reminding again"
    )


def test_a_letter_with_a_link_still_goes_at_night(nurse: Membership) -> None:
    invitations.invite(membership=nurse, purpose="join", inviter=None, by=TESTER, now=NIGHT)
    assert jobs.send_letters(NIGHT) == 1


def test_what_became_of_it_is_said_in_words(nurse: Membership) -> None:
    tell(nurse.organisation, wanting(nurse))
    Letter.objects.update(body="", failure="OSError")
    assert Reminder.objects.get().went == "Could not be sent"
    Letter.objects.all().delete()
    assert Reminder.objects.get().went == "Sent"


class TestInvitations:
    @pytest.fixture
    def invited(self, nurse: Membership, it_support: Membership) -> Invitation:
        then = NOW - 4 * DAY
        return invitations.invite(membership=nurse, purpose="join", inviter=it_support, by=TESTER, now=then)

    def reminders(self) -> Iterator[Letter]:
        return Letter.objects.filter(subject=SUBJECT).iterator()

    def test_who_has_not_used_the_link_is_told_which_letter_it_was_and_gets_no_new_link(
        self, invited: Invitation
    ) -> None:
        before = Invitation.objects.values().get()
        assert jobs.remind(NOW) == 1
        (letter,) = self.reminders()
        assert "On Monday 16 November 2026 we sent you an e-mail" in letter.body
        assert "works until Monday 23 November 2026" in letter.body
        assert "/join/" not in letter.body
        assert "http" not in letter.body
        assert Invitation.objects.values().get() == before
        assert jobs.remind(NOW + dt.timedelta(hours=2)) == 0

    @pytest.mark.parametrize("changed", [
        {"used_at": NOW}, {"withdrawn_at": NOW}, {"expires_at": NOW}, {"purpose": "recover"}, {"needs_approval": True},
        {"created_at": NOW - 2 * DAY},
    ])  # fmt: skip
    def test_a_link_that_is_used_gone_waiting_or_fresh_is_not_reminded_of(
        self, invited: Invitation, changed: dict[str, object]
    ) -> None:
        Invitation.objects.update(**changed)
        assert jobs.remind(NOW) == 0

    def test_a_link_counts_from_when_the_second_person_approved_it(
        self, invited: Invitation, second_it: Membership
    ) -> None:
        Invitation.objects.update(needs_approval=True, approved_by=second_it, approved_at=NOW - DAY)
        assert jobs.remind(NOW) == 0
        Invitation.objects.update(approved_at=NOW - 3 * DAY)
        assert jobs.remind(NOW) == 1

    def test_who_has_a_passkey_already_is_not_reminded(self, invited: Invitation, nurse: Membership) -> None:
        Phone().enrolled(nurse)
        Invitation.objects.filter(pk=invited.pk).update(used_at=None, withdrawn_at=None)
        assert jobs.remind(NOW) == 0


class TestPages:
    def test_a_person_sees_what_we_reminded_them_of_and_why(
        self, nurse: Membership, porter: Membership, browse: Callable[..., Client]
    ) -> None:
        client = browse(nurse)
        assert "We have sent you none" in client.get("/account/reminders/").content.decode()
        tell(nurse.organisation, wanting(nurse))
        page = client.get("/account/reminders/").content.decode()
        assert "You got it because we test" in page
        assert "On its way" in page
        assert "/account/reminders/" in client.get("/account/").content.decode()
        assert "We have sent you none" in browse(porter).get("/account/reminders/").content.decode()

    def test_in_another_organisation_the_same_person_sees_none_of_it(
        self, nurse: Membership, surgery: Organisation, browse: Callable[..., Client]
    ) -> None:
        tell(nurse.organisation, wanting(nurse))
        there = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=NOW)
        assert "We have sent you none" in browse(there).get("/account/reminders/").content.decode()

    @pytest.mark.parametrize(("role", "sees"), [("people_admin", False), ("ig_lead", True), ("it_support", True)])
    def test_colleagues_see_of_what_only_as_far_as_their_role_goes(
        self, nurse: Membership, browse: Callable[..., Client], role: str, sees: bool
    ) -> None:
        from fobwatch.devices.rules.reminders import UNFINISHED

        tell(nurse.organisation, wanting(nurse), what=UNFINISHED)
        tell(nurse.organisation, wanting(nurse), what=INVITED)
        viewer = cast.member(nurse.organisation, "View Er", role)
        page = browse(viewer).get(f"/staff/{nurse.pk}/").content.decode()
        assert INVITED.what in page
        assert (UNFINISHED.what in page) is sees
