"""The register: every device of this organisation, its answers, a page at a time, as a file, and never another's."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.access.models import Filters, Line, listed, pages
from fobwatch.access.rules.register import mark, place
from fobwatch.audit.models import Entry
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.models import Membership, Organisation
from fobwatch.people.rules.cells import plain_cell
from fobwatch.policy.models import Version
from tests import cast
from tests.access.policy import DAY, confirm, publish, registered

Browse = Callable[..., Client]
ADDRESS = "/access/register"


@pytest.fixture
def version(hospital: Organisation) -> Version:
    return publish(hospital)


def text(client: Client, query: str = "", **data: str) -> str:
    response = client.post(ADDRESS, data) if data else client.get(ADDRESS + query)
    assert response.status_code == 200
    return response.content.decode()


def test_each_device_has_its_answers(
    nurse: Membership, it_support: Membership, version: Version, browse: Browse
) -> None:
    confirm(nurse, version)
    phone = registered(nurse, label="Pixel 8")
    page = text(browse(it_support))
    assert "Amara Osei" in page
    assert "Pixel 8" in page
    assert reverse("devices:registration", args=[phone.pk]) in page
    assert page.count('fob-square--yes" title') == 4
    assert page.count('fob-square--no" title') == 1
    assert "Patient records: Yes. " in page
    assert "1 device." in page


def test_a_key_that_answers_at_sign_in_counts_as_answering(
    nurse: Membership, it_support: Membership, version: Version, browse: Browse
) -> None:
    confirm(nurse, version)
    phone = registered(nurse)
    old = {**phone.known(), "browser_key": (1, 5, epoch(now()) - 5 * DAY, epoch(now()) - 4 * DAY)}
    Registration.objects.filter(pk=phone.pk).update(
        facts=str(old).replace("'", '"').replace("(", "[").replace(")", "]")
    )
    assert 'fob-square--yes" title' in text(browse(it_support))


def test_without_a_policy_every_answer_is_no(nurse: Membership, it_support: Membership, browse: Browse) -> None:
    registered(nurse)
    page = text(browse(it_support))
    assert page.count('fob-square--no" title') == 5
    assert "No policy is in force" in page


def test_an_empty_register_says_what_will_appear(it_support: Membership, version: Version, browse: Browse) -> None:
    assert "No device is registered yet" in text(browse(it_support))


@pytest.fixture
def many(nurse: Membership, porter: Membership, version: Version) -> None:
    moment = epoch(now())
    confirm(nurse, version)
    registered(nurse, label="fresh phone")
    registered(nurse, label="lost phone", state="lost", last_seen=moment - 3 * DAY)
    registered(nurse, label="old phone", changes={"os_version": "16.0"}, observed=moment - 20 * DAY)
    registered(porter, label="porter tablet", platform="ipados", last_seen=0)
    registered(
        porter, label="old laptop", platform="windows", last_seen=moment - 90 * DAY, changes={"unaltered": False}
    )


LABELS = ["fresh phone", "lost phone", "old phone", "porter tablet", "old laptop"]


@pytest.mark.parametrize(("query", "shown"), [
    ("", LABELS), ("?state=lost", ["lost phone"]), ("?platform=ipados", ["porter tablet"]),
    ("?failing=updated-ios", ["old phone"]), ("?failing=unaltered", ["old laptop"]),
    ("?seen=day", ["fresh phone"]), ("?seen=week", ["lost phone"]), ("?seen=month", ["old phone"]),
    ("?seen=longer", ["old laptop"]), ("?seen=never", ["porter tablet"]), ("?state=nonsense&seen=x&failing=y", LABELS),
    ("?state=lost&platform=windows", []), ("?after=nonsense", LABELS), ("?search=lost", LABELS),
])  # fmt: skip
@pytest.mark.usefixtures("many")
def test_filters_choose(it_support: Membership, browse: Browse, query: str, shown: list[str]) -> None:
    page = text(browse(it_support), query)
    assert [label for label in LABELS if f">{label}</a>" in page] == shown
    assert ("No device fits" in page) is (not shown)


@pytest.mark.parametrize(("search", "shown"), [
    ("osei", LABELS[:3]), ("Birch", LABELS[3:]), ("laptop", ["old laptop"]), ("%", []), ("", LABELS),
])  # fmt: skip
@pytest.mark.usefixtures("many")
def test_a_search_is_sent_and_never_stands_in_an_address(
    it_support: Membership, browse: Browse, search: str, shown: list[str]
) -> None:
    page = text(browse(it_support), search=search, size="100")
    assert [label for label in LABELS if f">{label}</a>" in page] == shown
    assert f"search={search}" not in page


def test_pages_follow_each_other_without_a_gap(
    nurse: Membership, version: Version, hospital: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fobwatch.access.models.register.CHUNK", 2)
    moment = now()
    for number in range(7):
        registered(nurse, label=f"{number}", last_seen=number // 3)
    seen: list[str] = []
    after = None
    for _ in range(9):
        found = listed(hospital, version, Filters(), moment, size=2, after=after)
        seen += [line.id for line in found.lines]
        after = place(found.after)
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert [line.id for line in pages(hospital, version, Filters(), moment)] == seen


def test_the_next_page_keeps_the_filters(
    nurse: Membership, it_support: Membership, version: Version, browse: Browse
) -> None:
    for number in range(26):
        registered(nurse, label=f"phone {number}", last_seen=number)
    client = browse(it_support)
    first = text(client, "?state=active")
    link = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "state=active" in link
    second = text(client, link)
    assert "phone 0</a>" in second
    assert 'rel="next"' not in second
    searched = text(client, search="phone")
    assert 'name="after"' in searched
    assert "More than 25 devices" in text(client, "?failing=policy-read")
    for size in (100, 1000):
        whole = text(client, f"?failing=policy-read&size={size}")
        assert "26 devices." in whole
        assert "phone 0</a>" in whole


def test_the_number_of_questions_is_constant(
    nurse: Membership, it_support: Membership, version: Version, browse: Browse,
    django_assert_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    client = browse(it_support)
    registered(nurse)
    text(client)
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        text(client)
    for number in range(20):
        registered(cast.member(nurse.organisation, f"Person {number}"))
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        text(client)


@pytest.mark.usefixtures("many")
def test_the_file_holds_every_line(it_support: Membership, nurse: Membership, browse: Browse) -> None:
    registered(nurse, label="=HYPERLINK(1)")
    response = browse(it_support).post(reverse("access:register_file"))
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0][:3] == ["Person", "Team", "Device"]
    assert len(rows) == 7
    assert "'=HYPERLINK(1)" in {row[2] for row in rows}
    assert {row[6] for row in rows if row[2] == "porter tablet"} == {"Never"}
    assert response["Content-Disposition"].startswith('attachment; filename="register-')
    some = browse(it_support).get(reverse("access:register_file") + "?state=lost")
    assert b"".join(some.streaming_content).decode().count("\r\n") == 2


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(bad: str) -> None:
    assert plain_cell(bad) == f"'{bad}"
    assert plain_cell(f"a{bad}") == f"a{bad}"


@pytest.mark.parametrize(
    "wrong", ["", "1", "x.y", "1.", "-1.ab", "1.a-b", "1." + "a" * 33, "9" * 19 + ".a", "²." + "a"]
)
def test_a_place_is_one_that_we_wrote(wrong: str) -> None:
    assert place(wrong) is None
    assert place(mark(5, "ab12")) == (5, "ab12")


def test_one_device_has_its_reasons_and_the_look_is_recorded(
    nurse: Membership, it_support: Membership, version: Version, browse: Browse
) -> None:
    phone = registered(nurse, changes={"os_version": "16.0"}, observed=epoch(now()) - 20 * DAY)
    page = browse(it_support).get(reverse("access:device", args=[phone.pk])).content.decode()
    assert "as if the person had just signed in" in page
    assert "Your iPhone runs 16" in page
    assert "What the person can do" in page
    assert "check again</button>" not in page
    assert Entry.objects.filter(action="registration.looked_at", object=f"registration:{phone.pk}").count() == 1


def test_the_owner_sees_who_looked_at_its_answers(
    nurse: Membership, it_support: Membership, version: Version, browse: Browse
) -> None:
    phone, owner = registered(nurse), browse(nurse)
    own = reverse("devices:device", args=[phone.pk])
    assert "Nia Pritchard" not in owner.get(own).content.decode()
    page = browse(it_support).get(reverse("access:device", args=[phone.pk])).content.decode()
    assert "That you looked at this page is recorded." in page
    assert "Nia Pritchard, IT support" in owner.get(own).content.decode()


def test_ones_own_look_at_its_answers_is_no_look(it_support: Membership, version: Version, browse: Browse) -> None:
    own = registered(it_support)
    page = browse(it_support).get(reverse("access:device", args=[own.pk])).content.decode()
    assert "is recorded" not in page
    assert not Entry.objects.filter(action="registration.looked_at").exists()


def test_a_look_that_may_not_be_is_none(nurse: Membership, outsider: Membership, browse: Browse) -> None:
    phone = registered(nurse)
    for member, status in ((outsider, 404), (nurse, 403)):
        assert browse(member).get(reverse("access:device", args=[phone.pk])).status_code == status
    assert not Entry.objects.filter(action="registration.looked_at").exists()


def test_one_device_without_a_policy(nurse: Membership, it_support: Membership, browse: Browse) -> None:
    page = browse(it_support).get(reverse("access:device", args=[registered(nurse).pk])).content.decode()
    assert page.count("There is no policy yet.") == 5


def test_nothing_of_another_organisation_is_listed(
    nurse: Membership, outsider: Membership, surgery: Organisation, browse: Browse
) -> None:
    publish(surgery)
    registered(nurse)
    assert "Amara Osei" not in text(browse(outsider))
    assert "Amara Osei" not in text(browse(outsider), search="Amara")
    body = b"".join(browse(outsider).post(reverse("access:register_file")).streaming_content)
    assert b"Amara" not in body


def test_a_clause_that_is_gone_lists_nothing(nurse: Membership, version: Version, hospital: Organisation) -> None:
    registered(nurse)
    assert listed(hospital, version, Filters(failing="gone"), now(), size=10).lines == []
    found: list[Line] = listed(hospital, None, Filters(), now(), size=10).lines
    assert found[0].answers == ("no",) * 5
