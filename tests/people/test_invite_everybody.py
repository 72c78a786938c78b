"""Everybody who has no sign-in yet gets a first link at once: nobody else, and nobody twice."""

import datetime as dt
import re
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from fobwatch.audit.models import Detail, Entry
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions import invitations
from fobwatch.people.models import Invitation, Letter, Membership, Organisation, Passkey, Person
from tests import cast
from tests.cast import NOW, TESTER
from tests.people.phone import Phone, link_for

Browse = Callable[..., Client]
HOW_MANY = 300


def many(organisation: Organisation, count: int) -> None:
    people = Person.objects.bulk_create(
        Person(name=f"Person {number:03}", email=f"p{number:03}@fennimore.example", created_at=NOW)
        for number in range(count)
    )
    Membership.objects.bulk_create(Membership(organisation=organisation, person=one, joined_at=NOW) for one in people)


def everybody(inviter: Membership) -> int:
    return int(invitations.invite_everybody(organisation=inviter.organisation, inviter=inviter, by=TESTER, now=now()))


def test_a_hospital_is_invited_in_one_go(
    it_support: Membership, browse: Browse, django_assert_max_num_queries: Callable[..., object]
) -> None:
    many(it_support.organisation, HOW_MANY)
    client = browse(it_support)
    staff = client.get("/staff/").content.decode()
    assert "300 people have no sign-in yet" in staff
    assert "Send a first link to 300 people?" in client.get("/staff/invite/").content.decode()
    assert not Invitation.objects.exists()
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        answer = client.post("/staff/invite/")
    assert "A first link is on its way to 300 people." in client.get(answer.url).content.decode()
    links = Invitation.objects.all()
    assert {(one.invited_by_id, one.purpose, one.state(now())) for one in links} == {(it_support.pk, "join", "open")}
    assert links.values("membership").distinct().count() == links.count() == HOW_MANY
    assert set(Letter.objects.values_list("to", flat=True)) == set(
        Membership.objects.exclude(pk=it_support.pk).values_list("person__email", flat=True)
    )
    entry = Entry.objects.get(action__startswith="invitation")
    assert entry.object == f"organisation:{it_support.organisation_id}"
    assert '"result":300' in Detail.objects.get(entry=entry).payload
    assert not Entry.objects.filter(action="letter.queued").exists()


def test_each_letter_holds_its_own_link_and_works(it_support: Membership, nurse: Membership) -> None:
    many(it_support.organisation, 3)
    assert everybody(it_support) == 4
    found = {}
    for letter in Letter.objects.all():
        match = re.search(r"/join/([\w-]+)/", letter.body)
        assert match
        found[letter.to] = match[1]
        assert "Until" not in letter.subject
    assert len(set(found.values())) == 4
    phone = Phone()
    phone.store.user_handle = nurse.person_id.encode()
    assert phone.join(found[nurse.person.email]).status_code == 200
    assert Passkey.objects.get().person == nurse.person


def test_a_second_press_finds_nobody(it_support: Membership, nurse: Membership, browse: Browse) -> None:
    client = browse(it_support)
    client.post("/staff/invite/")
    answer = client.post("/staff/invite/")
    assert "Everybody has a sign-in or a link already." in client.get(answer.url).content.decode()
    assert (Invitation.objects.count(), Letter.objects.count()) == (1, 1)
    page = client.get("/staff/invite/").content.decode()
    assert "Everybody has a sign-in or a link" in page
    assert "<form" not in page[page.index("<main") :]
    assert "no sign-in yet" not in client.get("/staff/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_invite_each_person_once(it_support: Membership, second_it: Membership) -> None:
    many(it_support.organisation, 40)
    start, counts = threading.Barrier(2), []

    def press(inviter: Membership) -> None:
        start.wait()
        try:
            counts.append(everybody(inviter))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(one,)) for one in (it_support, second_it)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Invitation.objects.filter(membership__person__name__startswith="Person").count() == 40
    assert Letter.objects.filter(to__startswith="p0").count() == 40
    assert len(counts) == 2


def test_it_touches_nobody_else(
    it_support: Membership, hospital: Organisation, surgery: Organisation, outsider: Membership
) -> None:
    yesterday, tomorrow = now().date() - dt.timedelta(days=1), now().date() + dt.timedelta(days=1)
    cast.member(hospital, "Left Already", employment="left", leaves_on=yesterday)
    cast.member(hospital, "Left Yesterday", employment="leaving", leaves_on=yesterday)
    leaving = cast.member(hospital, "Leaving Soon", employment="leaving", leaves_on=tomorrow)
    away = cast.member(hospital, "Is Away", employment="away", away_from=yesterday)
    with_passkey, once_had, elsewhere = (cast.member(hospital, name) for name in ("Has Key", "Had Key", "Else Where"))
    for one in (with_passkey, once_had, elsewhere):
        Phone().enrolled(one)
    Passkey.objects.filter(person=once_had.person).update(retired_at=now())
    Membership.objects.create(organisation=surgery, person=elsewhere.person, joined_at=NOW)
    holder, used, old, withdrawn = (cast.member(hospital, name) for name in ("Hol Der", "U Sed", "O Ld", "With Drawn"))
    for one in (holder, used, old, withdrawn):
        link_for(one)
    links = Invitation.objects
    links.filter(membership=used).update(used_at=now())
    links.filter(membership=old).update(expires_at=now() - dt.timedelta(seconds=1))
    links.filter(membership=withdrawn).update(withdrawn_at=now())
    before, open_link = links.count(), links.get(membership=holder)
    Letter.objects.all().delete()
    assert everybody(it_support) == 5
    told = set(Letter.objects.values_list("to", flat=True))
    assert told == {one.person.email for one in (leaving, away, used, old, withdrawn)}
    assert links.count() == before + 5
    open_link.refresh_from_db()
    assert open_link.state(now()) == "open"
    assert not links.filter(membership__organisation=surgery).exists()


def test_only_those_who_keep_the_list_invite(nurse: Membership, outsider: Membership, porter: Membership) -> None:
    for stranger in (porter, outsider):
        with pytest.raises(Refused, match="inviting people"):
            invitations.invite_everybody(organisation=nurse.organisation, inviter=stranger, by=TESTER, now=now())
    assert not Invitation.objects.exists()


def test_after_an_import_the_list_offers_it(it_support: Membership, browse: Browse) -> None:
    client = browse(it_support)
    file = "Full name,Email\nNew One,new.one@fennimore.example\n"
    from tests.people.test_staff_file import upload

    client.post(upload(client, file).url)
    page = client.get("/staff/").content.decode()
    assert "1 person has no sign-in yet" in page
    assert 'href="/staff/invite/"' in page


def test_who_only_reads_the_list_is_not_offered_it(it_support: Membership, nurse: Membership, browse: Browse) -> None:
    from fobwatch.people.rules.roles import ROLES

    assert all("manage_people" in one.permissions for one in ROLES.values() if "see_people" in one.permissions)
    assert browse(nurse).get("/staff/invite/").status_code == 403
