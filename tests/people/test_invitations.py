"""One-time links: who may send them, who approves, what a lost phone does, and the e-mails that carry them."""

import datetime as dt

import pytest
from django.core import mail

from fobwatch.audit.models import Detail, Entry
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people import jobs
from fobwatch.people.actions import invitations, letters, passkeys
from fobwatch.people.models import Invitation, Letter, Membership, Organisation, Passkey, SignIn
from fobwatch.people.rules.letters import WAITS, Words
from tests import cast
from tests.cast import NOW, TESTER
from tests.people.phone import Phone, link_for


def token_in(letter: Letter) -> str:
    return letter.body.split("/join/")[1].split("/")[0]


def by(member: Membership) -> Actor:
    return Actor(f"membership:{member.pk}", member.organisation_id)


def recover(member: Membership, inviter: Membership, reason: str = "") -> Invitation:
    return invitations.invite(
        membership=member, purpose="recover", inviter=inviter, exception_reason=reason, by=by(inviter), now=now()
    )


@pytest.fixture
def settled(nurse: Membership) -> Membership:
    """A nurse who has a passkey."""
    Phone().enrolled(nurse)
    Letter.objects.all().delete()
    return nurse


@pytest.fixture
def settled_it(it_support: Membership) -> Membership:
    """IT support with a passkey: a privileged role."""
    Phone().enrolled(it_support)
    Letter.objects.all().delete()
    return it_support


def test_a_first_link_goes_by_e_mail_and_works_for_seven_days(nurse: Membership, it_support: Membership) -> None:
    made = invitations.invite(membership=nurse, purpose="join", inviter=it_support, by=TESTER, now=NOW)
    letter = Letter.objects.get()
    assert letter.to == nurse.person.email
    assert token_in(letter) == made.token
    assert nurse.person.name not in letter.subject
    assert "Friday 27 November 2026, 10:00" in letter.body
    assert nurse.organisation.help_phone in letter.body
    assert made.state(NOW + dt.timedelta(days=7, seconds=-1)) == "open"
    assert made.state(NOW + dt.timedelta(days=7)) == "expired"
    assert made.token not in str(Detail.objects.values_list("payload", flat=True))
    assert made.token_hash != made.token


def test_a_newer_link_replaces_an_older_one(nurse: Membership, it_support: Membership) -> None:
    first, second = link_for(nurse), link_for(nurse)
    assert Phone().join(second).status_code == 200
    states = {one.state(now()) for one in Invitation.objects.all()}
    assert states == {"withdrawn", "used"}
    assert first != second


def test_it_support_sends_a_new_link_to_a_nurse_alone(settled: Membership, it_support: Membership) -> None:
    made = recover(settled, it_support)
    assert not made.needs_approval
    assert made.expires_at - made.created_at == dt.timedelta(hours=24)
    assert "signed out everywhere else" in Letter.objects.get().body


@pytest.mark.parametrize(("lost", "works"), [(True, False), (False, True)])
def test_a_new_link_ends_every_session_and_the_old_passkey_only_if_lost(
    nurse: Membership, it_support: Membership, lost: bool, works: bool
) -> None:
    old = Phone().enrolled(nurse)
    token = recover(nurse, it_support).token
    new = Phone()
    assert new.join(token, old_phone_lost=lost).status_code == 200
    assert old.client.get("/account/").status_code == 302
    assert new.client.get("/account/").status_code == 200
    assert (old.sign_in().status_code == 200) is works
    assert new.sign_in().status_code == 200


def test_a_new_link_for_a_privileged_role_waits_for_a_second_person(
    settled_it: Membership, ig_lead: Membership, second_it: Membership
) -> None:
    made = recover(settled_it, second_it)
    assert made.state(now()) == "waiting"
    assert made.token == ""
    assert not Letter.objects.exists()
    for wrong, words in ((second_it, "You asked for this link yourself"), (settled_it, "This link is for you")):
        with pytest.raises(Refused, match=words):
            invitations.approve(invitation=made, approver=wrong, by=by(wrong), now=now())
    invitations.approve(invitation=made, approver=ig_lead, by=by(ig_lead), now=now())
    phone = Phone()
    assert phone.join(token_in(Letter.objects.get())).status_code == 200
    with pytest.raises(Refused, match="not waiting"):
        invitations.approve(invitation=Invitation.objects.get(pk=made.pk), approver=ig_lead, by=TESTER, now=now())


def test_a_first_link_for_somebody_who_had_a_passkey_waits_too(settled_it: Membership, second_it: Membership) -> None:
    """Retiring the passkeys of a privileged person first must not spare the second approver."""
    Passkey.objects.filter(person=settled_it.person).update(retired_at=now())
    made = invitations.invite(membership=settled_it, purpose="join", inviter=second_it, by=by(second_it), now=now())
    assert made.state(now()) == "waiting"
    assert made.token == ""


def test_who_may_not_approve_may_not(settled_it: Membership, second_it: Membership, nurse, outsider) -> None:
    made = recover(settled_it, second_it)
    for wrong in (nurse, outsider):
        with pytest.raises(Refused, match="does not include approving"):
            invitations.approve(invitation=made, approver=wrong, by=by(wrong), now=now())
    assert not Letter.objects.exists()


def test_a_decision_made_meanwhile_is_not_overruled(settled_it: Membership, second_it: Membership, ig_lead) -> None:
    made = recover(settled_it, second_it)
    Invitation.objects.filter(pk=made.pk).update(withdrawn_at=now())
    with pytest.raises(Refused, match="just decided"):
        invitations.approve(invitation=made, approver=ig_lead, by=by(ig_lead), now=now())
    assert not Letter.objects.exists()


def test_approval_on_the_page(settled_it: Membership, second_it: Membership, ig_lead: Membership, browse) -> None:
    made = recover(settled_it, second_it)
    assert "You asked for it yourself" in browse(second_it).get("/staff/approvals/").content.decode()
    assert "It is for you" in browse(settled_it).get("/staff/approvals/").content.decode()
    body = {"invitation": made.pk, "answer": "approve"}
    assert browse(second_it).post("/staff/approvals/", body).status_code == 403
    assert browse(ig_lead).post("/staff/approvals/", body).status_code == 302
    assert Letter.objects.count() == 1
    other = recover(settled_it, second_it)
    browse(ig_lead).post("/staff/approvals/", {"invitation": other.pk, "answer": "refuse"})
    assert Invitation.objects.get(pk=other.pk).state(now()) == "withdrawn"


def test_an_invitation_of_another_organisation_is_not_found(settled_it, second_it, outsider, browse) -> None:
    made = recover(settled_it, second_it)
    body = {"invitation": made.pk, "answer": "approve"}
    assert browse(outsider).post("/staff/approvals/", body).status_code == 404
    assert browse(outsider).post(f"/staff/links/{made.pk}/withdraw/").status_code == 404


@pytest.fixture
def practice(surgery: Organisation) -> Organisation:
    """A practice in which one person approves alone."""
    surgery.single_approver = True
    surgery.save()
    return surgery


def test_a_tiny_practice_records_an_exception(practice: Organisation, outsider: Membership) -> None:
    partner = cast.member(practice, "Ellen Frayne", "practice_lead")
    Phone().enrolled(partner)
    made = recover(partner, outsider, "Ellen lost her phone on holiday and I have seen her.")
    assert made.state(now()) == "open"
    assert "holiday" in Detail.objects.get(entry__action="invitation.made", payload__contains="holiday").payload
    with pytest.raises(Refused, match="too short"):
        recover(partner, outsider, "lost")
    assert recover(partner, outsider).state(now()) == "waiting"


def test_a_hospital_records_no_exception(settled_it: Membership, second_it: Membership) -> None:
    with pytest.raises(Refused, match="One person alone"):
        recover(settled_it, second_it, "Nobody else is here today, honestly.")


def test_who_opens_doors_elsewhere_needs_two_people_here(practice, outsider, settled_it: Membership) -> None:
    here = Membership.objects.create(organisation=practice, person=settled_it.person, joined_at=NOW)
    assert recover(here, outsider).state(now()) == "waiting"
    with pytest.raises(Refused, match="One person alone"):
        recover(here, outsider, "They lost their phone and I have seen them.")


def test_nobody_sends_a_link_to_themselves_or_to_who_left(it_support: Membership, settled: Membership) -> None:
    with pytest.raises(Refused, match="to yourself"):
        recover(it_support, it_support)
    settled.employment, settled.leaves_on = "left", NOW.date()
    with pytest.raises(Refused, match="has left"):
        recover(settled, it_support)


def test_a_new_link_needs_a_passkey_to_replace(nurse: Membership, it_support: Membership) -> None:
    with pytest.raises(Refused, match="no passkey to replace"):
        recover(nurse, it_support)


def test_a_first_link_makes_no_second_passkey(nurse: Membership) -> None:
    """A link that was open when the first passkey came must not become a way around a second person's approval."""
    token = link_for(nurse)
    other = Phone()
    body = other.making(f"/join/{token}/options")
    Passkey.objects.create(
        person=nurse.person, credential_id="x", public_key=b"", aaguid="", attestation_format="none",
        backup_eligible=True, backed_up=True, label="x", created_at=NOW,
    )  # fmt: skip
    assert "You have a passkey already" in other.client.get(f"/join/{token}/").content.decode()
    assert other.post(f"/join/{token}/answer", body).status_code == 403
    assert Invitation.objects.get().used_at is None
    assert not SignIn.objects.exists()


def test_a_link_for_somebody_who_left_meanwhile_does_nothing(nurse: Membership) -> None:
    token = link_for(nurse)
    Membership.objects.update(employment="left", leaves_on=NOW.date())
    assert Phone().join(token).status_code == 403
    assert not Passkey.objects.exists()


def test_a_withdrawn_link_is_withdrawn_once(nurse: Membership, it_support: Membership, browse) -> None:
    link_for(nurse)
    address = f"/staff/links/{Invitation.objects.get().pk}/withdraw/"
    assert browse(it_support).post(address).status_code == 302
    assert browse(it_support).post(address).status_code == 403
    assert Entry.objects.filter(action="invitation.withdrawn").count() == 1


def test_letters_go_out_once_and_lose_their_text(nurse: Membership) -> None:
    token = link_for(nurse)
    assert jobs.send_letters(now()) == 1
    assert jobs.send_letters(now()) == 0
    assert token in mail.outbox[0].body
    assert mail.outbox[0].to == [nurse.person.email]
    letter = Letter.objects.get()
    assert letter.sent_at
    assert letter.body == ""


def test_a_letter_that_fails_is_tried_again_and_given_up(hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    letters.queue(organisation=hospital, to="a@b.example", words=Words("s", "the secret"), by=TESTER, now=NOW)

    def fail(self: object) -> None:
        raise ConnectionRefusedError("a@b.example the secret")

    monkeypatch.setattr("fobwatch.people.jobs.EmailMessage.send", fail)
    moment = NOW
    for wait in WAITS:
        assert jobs.send_letters(moment) == 0
        letter = Letter.objects.get()
        assert (letter.failure, letter.body) == ("ConnectionRefusedError", "the secret")
        assert letter.next_at == moment + wait
        assert jobs.send_letters(moment + wait / 2) == 0
        assert Letter.objects.get().attempts == letter.attempts
        moment += wait
    jobs.send_letters(moment)
    assert Letter.objects.get().body == ""
    assert not Letter.to_send(moment + dt.timedelta(days=9)).exists()
    assert not Detail.objects.filter(payload__contains="secret").exists()


def test_a_letter_is_taken_by_one_worker(hospital: Organisation) -> None:
    letter = letters.queue(organisation=hospital, to="a@b.example", words=Words("s", "b"), by=TESTER, now=NOW)
    same = Letter.objects.get()
    assert letters.claim(letter=letter, by=TESTER, now=NOW)
    assert not letters.claim(letter=same, by=TESTER, now=NOW)


def test_another_worker_takes_the_letter_first(hospital: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    letters.queue(organisation=hospital, to="a@b.example", words=Words("s", "b"), by=TESTER, now=NOW)
    monkeypatch.setattr("fobwatch.people.jobs.letters.claim", lambda **_: False)
    assert jobs.send_letters(NOW) == 0
    assert mail.outbox == []


def test_in_the_demo_the_letters_stay_for_the_page(nurse: Membership, settings, browse) -> None:
    token = link_for(nurse)
    settings.FOBWATCH_DEMO = True
    assert jobs.send_letters(now()) == 0
    page = browse(None).get("/demo/letters/").content.decode()
    assert f"/join/{token}/" in page
    assert nurse.person.email in page


def test_a_passkey_from_another_session_is_not_added_without_a_person(settled: Membership, porter: Membership) -> None:
    session = cast.sign_in(porter)
    with pytest.raises(Refused, match="somebody else"):
        passkeys.check_again(
            sign_in=session,
            passkey=Passkey.objects.get(),
            answered=None,
            by=TESTER,
            now=now(),  # type: ignore[arg-type]
        )


def test_a_new_link_read_twice_is_used_once(settled: Membership, it_support: Membership) -> None:
    token = recover(settled, it_support).token
    first, second = (Invitation.of_link(token, whence="", now=now()) for _ in range(2))
    invitations.use(invitation=first, by=TESTER, now=now())
    with pytest.raises(Refused, match="used already"):
        invitations.use(invitation=second, by=TESTER, now=now())
    assert Entry.objects.filter(action="invitation.used").count() == 2  # the first link's, and this
