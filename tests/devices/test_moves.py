"""Lost, suspended, restored, removed: what each cuts off, what it leaves alone, and who may do it."""

import pytest
from django.conf import settings

from fobwatch.audit.models import Entry
from fobwatch.devices import actions
from fobwatch.devices.models import Device, Registration
from fobwatch.devices.rules import lostcode
from fobwatch.devices.rules.browser import Seen
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation, SignIn
from tests.cast import NOW, TESTER, member, sign_in
from tests.devices.conftest import register

SEEN = Seen("ios")


def actor(who: Membership) -> Actor:
    return Actor(f"membership:{who.pk}", who.organisation_id)


@pytest.fixture
def second_job(nurse: Membership, surgery: Organisation) -> Membership:
    there = member(surgery, "Amara Second")
    Membership.objects.filter(pk=there.pk).update(person=nurse.person)
    return Membership.objects.get(pk=there.pk)


@pytest.fixture
def both(phone: Registration, second_job: Membership) -> tuple[Registration, Registration]:
    """One phone, registered with two organisations."""
    return phone, register(second_job, device=phone.device)


def states() -> set[str]:
    return set(Registration.objects.values_list("state", flat=True))


def still_open(who: Membership) -> int:
    return SignIn.objects.filter(membership=who, ended_at__isnull=True).count()


def test_lost_by_the_owner_cuts_off_everywhere_and_ends_every_session(
    both: tuple[Registration, Registration], nurse: Membership, second_job: Membership, porter: Membership
) -> None:
    here, _ = both
    for who, device in ((nurse, here.device_id), (nurse, ""), (second_job, here.device_id), (porter, "")):
        sign_in(who, membership=who).device = device
    assert actions.report_lost(device=here.device, by=actor(nurse), now=NOW) == 2
    assert states() == {"lost"}
    assert still_open(nurse) == still_open(second_job) == 0
    assert still_open(porter) == 1
    assert actions.report_lost(device=here.device, by=actor(nurse), now=NOW) == 0


def test_each_organisation_has_its_own_entry_and_learns_nothing_of_the_other(
    both: tuple[Registration, Registration], nurse: Membership, second_job: Membership
) -> None:
    here, there = both
    actions.report_lost(device=here.device, by=actor(nurse), now=NOW)
    entry = Entry.within(second_job.organisation).get(action="registration.lost")
    assert entry.object == f"registration:{there.pk}"
    assert entry.actor == f"membership:{second_job.pk}"
    for found in Entry.within(second_job.organisation):
        assert nurse.pk not in found.actor + found.object


def test_lost_by_it_cuts_off_in_their_organisation_only(
    both: tuple[Registration, Registration], nurse: Membership, second_job: Membership, it_support: Membership
) -> None:
    here, there = both
    sign_in(nurse)
    sign_in(second_job)
    actions.mark_lost(registration=here, reason="Rang at 3", by=actor(it_support), now=NOW)
    there.refresh_from_db()
    assert (here.state, there.state) == ("lost", "active")
    assert still_open(nurse) == 0
    assert still_open(second_job) == 1


def test_the_lost_code_cuts_off_everywhere_once_and_nothing_else(
    both: tuple[Registration, Registration], nurse: Membership
) -> None:
    here, there = both
    laptop = register(nurse, device=Device.objects.create(person=nurse.person, label="Laptop", created_at=NOW))
    code = actions.new_lost_code(registration=here, by=actor(nurse), now=NOW)
    actions.new_lost_code(registration=there, by=actor(nurse), now=NOW)
    actions.report_lost_by_code(code=code.lower().replace("-", " "), by=Actor.anonymous("lost-code"), now=NOW)
    laptop.refresh_from_db()
    assert laptop.state == "active"
    assert set(Registration.objects.filter(device=here.device).values_list("state", "lost_code_hash")) == {("lost", "")}
    with pytest.raises(Refused, match="not in use"):
        actions.report_lost_by_code(code=code, by=Actor.anonymous("lost-code"), now=NOW)


def test_a_wrong_code_changes_nothing(phone: Registration) -> None:
    wrong = lostcode.make(bytes(8))
    for code in (wrong, "", "nonsense", "A" * 10_000):
        with pytest.raises(Refused):
            actions.report_lost_by_code(code=code, by=Actor.anonymous("lost-code"), now=NOW)
    assert states() == {"active"}


def test_a_new_code_replaces_the_last_and_is_stored_hashed(phone: Registration, nurse: Membership) -> None:
    first = actions.new_lost_code(registration=phone, by=actor(nurse), now=NOW)
    second = actions.new_lost_code(registration=phone, by=actor(nurse), now=NOW)
    assert lostcode.matches(lostcode.normalise(second), settings.SECRET_KEY.encode(), phone.lost_code_hash)
    assert second not in phone.lost_code_hash
    with pytest.raises(Refused):
        actions.report_lost_by_code(code=first, by=Actor.anonymous("lost-code"), now=NOW)


def test_it_suspends_and_restores_and_only_sessions_on_the_device_end(
    phone: Registration, nurse: Membership, it_support: Membership
) -> None:
    on_it, elsewhere = sign_in(nurse), sign_in(nurse)
    SignIn.objects.filter(pk=on_it.pk).update(device=phone.device_id)
    actions.suspend(registration=phone, reason="Old version", by=actor(it_support), now=NOW)
    assert phone.state == "suspended"
    assert SignIn.objects.get(pk=on_it.pk).ended_at
    assert SignIn.objects.get(pk=elsewhere.pk).ended_at is None
    actions.restore(registration=phone, reason="Updated", by=actor(it_support), now=NOW)
    assert (phone.state, phone.state_reason) == ("active", "Updated")


def test_a_lost_phone_can_be_restored_and_has_no_lost_code_any_more(
    phone: Registration, nurse: Membership, it_support: Membership
) -> None:
    actions.new_lost_code(registration=phone, by=actor(nurse), now=NOW)
    actions.report_lost(device=phone.device, by=actor(nurse), now=NOW)
    phone.refresh_from_db()
    actions.restore(registration=phone, reason="Found in her locker", by=actor(it_support), now=NOW)
    assert (phone.state, phone.lost_code_hash) == ("active", "")


def test_the_key_is_forgotten_with_the_last_registration(
    both: tuple[Registration, Registration], nurse: Membership, it_support: Membership
) -> None:
    here, there = both
    actions.retire(registration=here, reason="Left", by=actor(it_support), now=NOW)
    assert Device.objects.get(pk=here.device_id).browser_key
    actions.retire(registration=there, reason="Mine", by=Actor(f"membership:{there.membership_id}"), now=NOW)
    device = Device.objects.get(pk=here.device_id)
    assert (device.browser_key, device.cookie_hash) == ("", "")
    assert states() == {"retired"}


def test_what_is_removed_stays_removed(phone: Registration, it_support: Membership) -> None:
    actions.retire(registration=phone, reason="Left", by=TESTER, now=NOW)
    with pytest.raises(Refused, match="removed from work"):
        actions.restore(registration=phone, reason="No", by=actor(it_support), now=NOW)
    with pytest.raises(Refused):
        actions.new_lost_code(registration=phone, by=actor(it_support), now=NOW)


def test_a_stale_page_cannot_move_what_has_moved(phone: Registration, it_support: Membership) -> None:
    Registration.objects.filter(pk=phone.pk).update(state="retired")
    with pytest.raises(Refused):
        actions.suspend(registration=phone, reason="Late", by=actor(it_support), now=NOW)


def test_the_program_itself_may_suspend_and_may_not_restore(phone: Registration) -> None:
    actions.suspend(registration=phone, reason="Leaver", by=Actor.system("leavers"), now=NOW)
    assert phone.state == "suspended"


def test_a_look_is_recorded_by_name(phone: Registration, it_support: Membership) -> None:
    actions.look(registration=phone, by=actor(it_support), now=NOW)
    entry = Entry.within(phone.organisation).get(action="registration.looked_at")
    assert (entry.actor, entry.object) == (f"membership:{it_support.pk}", f"registration:{phone.pk}")


def test_finishing_needs_a_key_and_an_open_registration(nurse: Membership) -> None:
    begun = actions.start_registration(membership=nurse, sign_in=sign_in(nurse), seen=SEEN, by=TESTER, now=now())
    with pytest.raises(Refused, match="no key"):
        actions.finish(registration=begun, items=[], by=TESTER, now=now())
    begun.state = "lost"
    with pytest.raises(Refused, match="lost at the moment"):
        actions.answer_checklist(registration=begun, items=[], by=TESTER, now=now())


def test_a_shared_computer_is_never_registered(nurse: Membership) -> None:
    with pytest.raises(Refused, match="shared computer"):
        actions.start_registration(
            membership=nurse, sign_in=sign_in(nurse, shared=True), seen=SEEN, by=TESTER, now=now()
        )
    assert not Registration.objects.exists()


def test_begun_twice_is_begun_once(nurse: Membership) -> None:
    session = sign_in(nurse)
    first = actions.start_registration(membership=nurse, sign_in=session, seen=SEEN, by=TESTER, now=now())
    second = actions.start_registration(membership=nurse, sign_in=session, seen=SEEN, by=TESTER, now=now())
    assert first == second
    assert first.ownership == "personal"


def test_a_made_up_device_of_the_demo_does_not_stand_in_the_way(nurse: Membership) -> None:
    made_up = register(nurse, device=Device.objects.create(person=nurse.person, browser_key="demo:1", created_at=NOW))
    session = sign_in(nurse, how="demo")
    SignIn.objects.filter(pk=session.pk).update(device=made_up.device_id)
    session.refresh_from_db()
    begun = actions.start_registration(membership=nurse, sign_in=session, seen=SEEN, by=TESTER, now=now())
    assert begun.pk != made_up.pk
