"""Break-glass: short, for one kind of work, never on a lost device, reviewed afterwards by somebody else."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from fobwatch.access import actions
from fobwatch.access.models import Emergency, decide_for
from fobwatch.access.rules import emergency as rules
from fobwatch.audit.models import Detail, Entry
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch, now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.models import Version
from tests import cast
from tests.access.policy import DAY, confirm, publish, registered

Browse = Callable[..., Client]
REASON = "Chest pain on Ward 6, no computer free"


@pytest.fixture
def version(nurse: Membership) -> Version:
    found = publish(nurse.organisation)
    confirm(nurse, found)
    return found


def slow_phone(member: Membership, **more: object) -> Registration:
    """A phone that fails a clause which an emergency may set aside, past its grace."""
    return registered(member, changes={"auto_lock_minutes": 9}, observed=epoch(now()) - 20 * DAY, **more)


def start(member: Membership, phone: Registration | None, version: Version | None, **more: object) -> Emergency:
    sign_in = more.pop("sign_in", None) or cast.sign_in(member)
    told: dict[str, object] = {"kind": "record", "reason": REASON, **more}
    return actions.start_emergency(
        member=member, sign_in=sign_in, registration=phone, version=version, by=cast.TESTER, now=now(), **told
    )  # type: ignore[arg-type]


def test_it_opens_one_kind_of_work_for_a_time(nurse: Membership, version: Version) -> None:
    phone, sign_in = slow_phone(nurse), cast.sign_in(nurse)
    before = decide_for(sign_in, nurse, phone, version, now())
    opened = start(nurse, phone, version, sign_in=sign_in)
    assert opened.until_epoch - epoch(opened.started_at) == 3600
    during = decide_for(sign_in, nurse, phone, version, now())
    assert not before.may("record:view")
    assert during.may("record:view")
    assert not during.may("mail:view")
    after = decide_for(sign_in, nurse, phone, version, now() + dt.timedelta(minutes=61))
    assert not after.may("record:view")


def test_it_belongs_to_one_session(nurse: Membership, version: Version) -> None:
    phone = slow_phone(nurse)
    start(nurse, phone, version)
    assert not decide_for(cast.sign_in(nurse), nurse, phone, version, now()).may("record:view")


def test_a_clause_that_no_emergency_sets_aside_keeps_it_closed(nurse: Membership, version: Version) -> None:
    with pytest.raises(Refused, match="not even in an emergency"):
        start(nurse, registered(nurse, changes={"unaltered": False}), version)


@pytest.mark.parametrize(("state", "words"), [
    ("lost", "reported lost"), ("suspended", "was paused"), ("retired", "was removed"),
])  # fmt: skip
def test_a_device_that_was_cut_off_stays_closed(nurse: Membership, version: Version, state: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        start(nurse, slow_phone(nurse, state=state), version)


def test_a_device_that_is_cut_off_meanwhile_closes_at_once(nurse: Membership, version: Version) -> None:
    phone, sign_in = slow_phone(nurse), cast.sign_in(nurse)
    start(nurse, phone, version, sign_in=sign_in)
    phone.state = "lost"
    outcome = decide_for(sign_in, nurse, phone, version, now())
    assert outcome.decision is not None
    assert outcome.decision.allowed == 0


def test_somebody_who_left_gets_none(nurse: Membership, version: Version) -> None:
    phone = slow_phone(nurse)
    nurse.employment, nurse.leaves_on = "left", dt.date(2026, 1, 1)
    with pytest.raises(Refused, match="has ended"):
        start(nurse, phone, version)


def test_only_clinical_staff_may(porter: Membership) -> None:
    with pytest.raises(Refused, match="does not include"):
        start(porter, slow_phone(porter), publish(porter.organisation))


def test_what_is_open_needs_no_emergency(nurse: Membership, version: Version) -> None:
    with pytest.raises(Refused, match="open to you here already"):
        start(nurse, registered(nurse), version)


def test_a_second_one_for_the_same_is_refused(nurse: Membership, version: Version) -> None:
    phone, sign_in = slow_phone(nurse), cast.sign_in(nurse)
    start(nurse, phone, version, sign_in=sign_in)
    with pytest.raises(Refused, match="open already"):
        start(nurse, phone, version, sign_in=sign_in)


def test_without_a_policy_nothing_opens(nurse: Membership) -> None:
    with pytest.raises(Refused, match="No policy"):
        start(nurse, slow_phone(nurse), None)


def test_an_unknown_kind_of_work_is_refused(nurse: Membership, version: Version) -> None:
    with pytest.raises(Refused, match="do not know"):
        start(nurse, slow_phone(nurse), version, kind="everything")


def test_the_reason_stays_out_of_the_log(nurse: Membership, version: Version) -> None:
    start(nurse, slow_phone(nurse), version)
    entry = Entry.objects.get(action="emergency.started")
    assert "Chest" not in Detail.objects.get(entry=entry).payload


@pytest.mark.parametrize(("text", "words"), [
    ("", "at least"), ("help    ", "at least"), ("Cardiac arrest, 943 476 5919", "NHS number"),
    ("see 9434765919 now please", "NHS number"), ("943-476-5919 bleeding", "NHS number"),
    ("patient born 1960, unwell", "date of birth"), ("DOB in notes, very ill", "date of birth"),
    ("seen 3/4/1960 and again", "date of birth"), ("Mrs Jones has chest pain", "name of a patient"),
    ("Sepsis in Baby Okafor now", "name of a patient"),
])  # fmt: skip
def test_a_reason_must_say_why_and_not_who(text: str, words: str) -> None:
    verdict = rules.reason_verdict(text)
    assert not verdict
    assert words in verdict.reason


@pytest.mark.parametrize("text", [
    REASON, "Dr Smith asked for the last ECG", "Patient collapsed, bed 12, bay 3",
    "Called from 01632 960 100 about bed 4",
])  # fmt: skip
def test_an_ordinary_reason_is_taken(text: str) -> None:
    assert rules.reason_verdict(text)


def kept(nurse: Membership, **more: object) -> Emergency:
    moment = now() - dt.timedelta(hours=3)
    fields: dict[str, object] = {
        "organisation": nurse.organisation, "membership": nurse, "sign_in": "x", "kind": "record", "reason": REASON,
        "started_at": moment, "until_epoch": epoch(moment) + 3600,
    }  # fmt: skip
    return Emergency.objects.create(**{**fields, **more})


def test_a_review_is_kept_by_name(nurse: Membership, ig_lead: Membership, browse: Browse) -> None:
    one = kept(nurse)
    client = browse(ig_lead)
    listing = client.get(reverse("access:emergencies")).content.decode()
    assert "Amara Osei" in listing
    address = reverse("access:emergency_review", args=[one.pk])
    assert REASON in client.get(address).content.decode()
    assert client.post(address, {"outcome": "right", "note": ""}).status_code == 302
    one.refresh_from_db()
    assert (one.reviewed_by, one.review_outcome) == (ig_lead, "right")
    assert "reviewed by Imran Qureshi" in client.get(address).content.decode()
    again = client.post(address, {"outcome": "right", "note": ""})
    assert again.status_code == 403
    assert "reviewed already" in again.content.decode()


def test_a_follow_up_says_what_follows(nurse: Membership, ig_lead: Membership, browse: Browse) -> None:
    address = reverse("access:emergency_review", args=[kept(nurse).pk])
    client = browse(ig_lead)
    assert "Say what follows" in client.post(address, {"outcome": "follow_up"}).content.decode()
    assert client.post(address, {"outcome": "follow_up", "note": "Talk to the ward about computers"}).status_code == 302
    assert "Talk to the ward" in client.get(address).content.decode()


def test_nobody_reviews_their_own(surgery: object, outsider: Membership, browse: Browse) -> None:
    address = reverse("access:emergency_review", args=[kept(outsider).pk])
    client = browse(outsider)
    assert "cannot review your own" in client.get(address).content.decode()
    assert client.post(address, {"outcome": "right"}).status_code == 403
    assert "Waits for somebody else" in client.get(reverse("access:emergencies")).content.decode()


@pytest.fixture
def tiny(surgery: Organisation, outsider: Membership) -> Emergency:
    """In a practice where one person may do alone what needs two: her own emergency, to be reviewed."""
    Organisation.objects.filter(pk=surgery.pk).update(single_approver=True)
    outsider.organisation.single_approver = True
    return kept(outsider)


def test_the_only_reviewer_of_a_tiny_practice_reviews_her_own_as_an_exception(
    tiny: Emergency, outsider: Membership, browse: Browse
) -> None:
    address, client = reverse("access:emergency_review", args=[tiny.pk]), browse(outsider)
    assert "Waits for somebody else" not in client.get(reverse("access:emergencies")).content.decode()
    assert "This is your own emergency access." in client.get(address).content.decode()
    for note in ("", "too short"):
        assert "There is a problem" in client.post(address, {"outcome": "right", "note": note}).content.decode()
        with pytest.raises(Refused, match="Say how it was used"):
            actions.review_emergency(
                emergency=tiny, reviewer=outsider, outcome="right", note=note, exception=True, by=cast.TESTER, now=now()
            )
    assert client.post(address, {"outcome": "right", "note": "Collapse in the waiting room"}).status_code == 302
    tiny.refresh_from_db()
    assert (tiny.reviewed_by, tiny.review_note, tiny.reviewed_alone) == (outsider, "Collapse in the waiting room", True)
    assert '"exception":true' in Detail.objects.get(entry__action="emergency.reviewed").payload
    assert "This is an exception" in client.get(address).content.decode()
    assert "by the same person" in client.get(reverse("access:emergencies")).content.decode()


@pytest.mark.parametrize("role", ["ig_lead", "caldicott_guardian", "practice_lead"])
def test_where_somebody_else_may_review_nobody_reviews_their_own(
    tiny: Emergency, outsider: Membership, browse: Browse, role: str
) -> None:
    other = cast.member(outsider.organisation, "Priya Nair", role)
    address, client = reverse("access:emergency_review", args=[tiny.pk]), browse(outsider)
    assert "cannot review your own" in client.get(address).content.decode()
    assert client.post(address, {"outcome": "right", "note": "Collapse in the waiting room"}).status_code == 403
    other.employment, other.leaves_on = "left", now().date() - dt.timedelta(days=1)
    other.save()
    assert client.post(address, {"outcome": "right", "note": "Collapse in the waiting room"}).status_code == 302


def test_colleagues_who_may_not_review_do_not_count(tiny: Emergency, outsider: Membership) -> None:
    cast.member(outsider.organisation, "Sam Tully")
    told = {"emergency": tiny, "reviewer": outsider, "outcome": "right", "note": "Collapse in the waiting room"}
    with pytest.raises(Refused, match="cannot review your own"):
        actions.review_emergency(**told, by=cast.TESTER, now=now())
    assert actions.review_emergency(**told, exception=True, by=cast.TESTER, now=now()).reviewed_alone


def test_elsewhere_being_the_only_one_is_no_exception(
    outsider: Membership, ig_lead: Membership, nurse: Membership
) -> None:
    told = {"outcome": "right", "note": "Collapse in the waiting room", "by": cast.TESTER, "now": now()}
    for own in (kept(outsider), kept(ig_lead)):
        with pytest.raises(Refused, match="cannot review your own"):
            actions.review_emergency(emergency=own, reviewer=own.membership, exception=True, **told)
    assert not actions.review_emergency(emergency=kept(nurse), reviewer=ig_lead, **told).reviewed_alone


def test_what_is_still_open_is_not_reviewed(nurse: Membership, ig_lead: Membership, browse: Browse) -> None:
    one = kept(nurse, until_epoch=epoch(now()) + 600)
    client = browse(ig_lead)
    assert "Still open" in client.get(reverse("access:emergencies")).content.decode()
    assert "still open" in client.get(reverse("access:emergency_review", args=[one.pk])).content.decode()


def test_a_review_needs_an_answer() -> None:
    assert not rules.may_review(own=False, open_now=False, reviewed=False, outcome="", note="")


def test_a_review_needs_the_permission(nurse: Membership, porter: Membership) -> None:
    with pytest.raises(Refused, match="does not include"):
        actions.review_emergency(
            emergency=kept(nurse), reviewer=porter, outcome="right", note="", by=cast.TESTER, now=now()
        )


def test_an_empty_list_says_what_will_appear(ig_lead: Membership, browse: Browse) -> None:
    assert "appears here" in browse(ig_lead).get(reverse("access:emergencies")).content.decode()


def test_another_organisation_is_not_there(nurse: Membership, outsider: Membership, browse: Browse) -> None:
    one = kept(nurse)
    client = browse(outsider)
    assert client.get(reverse("access:emergency_review", args=[one.pk])).status_code == 404
    assert client.post(reverse("access:emergency_end", args=[one.pk])).status_code == 404
    assert "Amara" not in client.get(reverse("access:emergencies")).content.decode()


def test_a_nurse_opens_and_ends_it_on_the_page(nurse: Membership, version: Version, browse: Browse) -> None:
    phone, client = slow_phone(nurse), browse(nurse)
    SignIn.objects.filter(pk=client.sign_in.pk).update(device=phone.device_id)
    form = client.get(reverse("access:emergency") + "?kind=record").content.decode()
    assert "Open emergency access" in form
    assert 'value="record" checked' in form
    bad = client.post(reverse("access:emergency"), {"kind": "record", "reason": "Mrs Jones is ill"}).content.decode()
    assert "There is a problem" in bad
    done = client.post(reverse("access:emergency"), {"kind": "record", "reason": REASON})
    assert done["Location"] == reverse("access:mine")
    mine = client.get(reverse("access:mine")).content.decode()
    assert "Emergency access to patient records is open until" in mine
    one = Emergency.objects.get()
    assert client.get(reverse("access:emergency_end", args=[one.pk])).status_code == 405
    client.post(reverse("access:emergency_end", args=[one.pk]))
    assert "is open until" not in client.get(reverse("access:mine")).content.decode()
    client.post(reverse("access:emergency_end", args=[one.pk]))


def test_only_the_person_ends_it(nurse: Membership, manager: Membership) -> None:
    with pytest.raises(Refused, match="not your"):
        actions.end_emergency(emergency=kept(nurse), member=manager, by=cast.TESTER, now=now())


def test_where_it_opens_nothing_the_page_says_so(nurse: Membership, version: Version, browse: Browse) -> None:
    client = browse(nurse)
    assert "would open nothing more" in client.get(reverse("access:emergency")).content.decode()
    phone = slow_phone(nurse, state="lost")
    SignIn.objects.filter(pk=client.sign_in.pk).update(device=phone.device_id)
    assert "reported lost" in client.get(reverse("access:emergency")).content.decode()


def test_without_a_policy_the_page_says_so(nurse: Membership, browse: Browse) -> None:
    client = browse(nurse)
    assert client.get(reverse("access:emergency")).status_code == 403
    post = client.post(reverse("access:emergency"), {"kind": "record", "reason": REASON})
    assert "No policy is in force" in post.content.decode()


def test_it_ends_by_itself_on_the_page(nurse: Membership, version: Version, browse: Browse) -> None:
    phone, client = slow_phone(nurse), browse(nurse)
    SignIn.objects.filter(pk=client.sign_in.pk).update(device=phone.device_id)
    client.post(reverse("access:emergency"), {"kind": "record", "reason": REASON})
    SignIn.objects.filter(pk=client.sign_in.pk).update(idle_minutes=600)
    with time_machine.travel(now() + dt.timedelta(minutes=61)):
        assert "is open until" not in client.get(reverse("access:mine")).content.decode()
