"""A staff file: what we read, what we refuse and where, and that it is imported whole or not at all."""

import contextlib
import datetime as dt
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.audit.models import Entry
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions import staff_files
from fobwatch.people.models import Membership, Person, StaffFile
from fobwatch.people.rules import staff_text
from fobwatch.people.rules.cells import plain_cell
from fobwatch.people.rules.staff_changes import Changes, Known, compare, in_words
from fobwatch.people.rules.staff_file import StaffRow, parse
from tests import cast
from tests.cast import NOW, TESTER

HEAD = (
    "Employee Number,Title,First Name,Last Name,Email,Job Title,Staff Group,Department,Line manager's email,"
    "Start Date,Leave Date"
)
ROW = (
    "F1,Ms,Zoë,O'Hara-Núñez,Zoe@example.org,Staff nurse,Nursing and Midwifery Registered,Ward 6,,01/02/2020,2027-01-31"
)
WANTED = StaffRow(
    row=2, name="Ms Zoë O'Hara-Núñez", email="zoe@example.org", number="F1", job="Staff nurse", team="Ward 6",
    clinical=True, starts_on="2020-02-01", leaves_on="2027-01-31",
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_reads_every_common_export(encoding: str, mark: str, end: str) -> None:
    text = end.join([HEAD, ROW, "", ""]).replace(",", mark)
    table = parse(text.encode(encoding))
    assert table.rows == [WANTED]
    assert table.wrong == 0
    assert bool(table.notes) is (encoding == "cp1252")


def test_a_quoted_cell_may_hold_delimiters_and_short_rows_are_read() -> None:
    table = parse(b'Full name,Email,Department\n"Osei, Amara",a@b.example,"Ward 6, East"\nTom Birch,t@b.example\n')
    assert [(row.name, row.team) for row in table.rows] == [("Osei, Amara", "Ward 6, East"), ("Tom Birch", "")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "Excel workbook"),
        (b"Full name,Email\n\x81\x8d,a@b.example", "read the letters"),
        (b"Full name,Email\nA" + b"x" * 300 + b"\0,a@b.example", "read the letters"),
        (b"just some words\nand more", "find the headings"),
        (b"Email,Team\na@b.example,X", "needs"),
        (b"First name,Email\nA,a@b.example", "needs"),
        (b"Full name,Email,E-mail\nA,a@b.example,c@d.example", "Two columns say the same"),
        (b"Full name,Email\n", "nobody in it"),
        (b"Full name,Email\n,,\n", "nobody in it"),
        (b'Full name,Email\n"' + b"x" * 140_000, "far too long"),
        (b"x" * 2_000_001, "MB"),
        (b"Full name,Email\n" + b"\n" * 20_001, "more than 20,000 rows"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_says_why(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words) as caught:
        parse(data)
    assert caught.value.verdict.next_step


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("Email", "", "missing"),
        ("Email", "a b@c.example", "e-mail address"),
        ("Email", "a@b", "e-mail address"),
        ("Email", "ü" * 70 + "@b.example", "e-mail address"),
        ("Last name", "", "name of at most"),
        ("First name", "=cmd|' /C calc'!A0", "like a formula"),
        ("Job title", "+441632", "like a formula"),
        ("Job title", "x" * 121, "120 characters"),
        ("Manager", "x" * 401, "too long"),
        ("Team", "Ward\u202e6", "can't be printed"),
        ("Employee number", "1 2", "letters and digits"),
        ("Staff group", "Wizards", "staff group"),
        ("Leave date", "31/02/2026", "31/12/2026"),
        ("Leave date", "tomorrow", "31/12/2026"),
        ("Start date", "01/01/0001", "31/12/2026"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(column: str, cell: str, words: str) -> None:
    told = {
        "First name": "" if column == "Last name" else "Amara",
        "Last name": "" if column == "Last name" else "Osei",
    }
    told |= {"Email": "amara@example.org"} | {column: cell}
    table = parse("\n".join([",".join(told), ",".join(told.values())]).encode())
    assert (table.wrong, table.rows) == (1, [])
    assert (table.errors[0].row, table.errors[0].column) == (2, column)
    assert words in table.errors[0].message


def test_the_same_person_twice_is_an_error_in_the_second_row() -> None:
    table = parse(b"Full name,Email,Employee number\nA,a@b.example,1\nB,A@B.example,2\nC,c@b.example,1\n")
    assert [(one.row, one.column, one.message) for one in table.errors] == [
        (3, "Email", "Row 2 has the same."), (4, "Employee number", "Row 2 has the same.")
    ]  # fmt: skip


def test_only_the_first_hundred_errors_are_kept_and_all_are_counted() -> None:
    table = parse(b"Full name,Email\n" + b"A,nothing\n" * 150)
    assert (len(table.errors), table.wrong) == (100, 150)


def test_columns_that_we_do_not_use_are_named() -> None:
    table = parse(b"Full name,Email,Shoe size\nA,a@b.example,7\n")
    assert table.notes == ["We did not use these columns: Shoe size."]


def test_a_million_rows_are_refused_at_once() -> None:
    data = b"Full name,Email\n" + b"A,a@b.example\n" * 1_000_000
    began = time.perf_counter()
    with pytest.raises(Refused, match="We read up to 2 MB"):
        parse(data)
    assert time.perf_counter() - began < 1


@given(st.binary(max_size=300))
def test_any_bytes_end_as_a_table_or_a_sentence(data: bytes) -> None:
    for text in (data, b"Full name,Email\n" + data):
        with contextlib.suppress(Refused):
            table = parse(text)
            assert table.rows or table.wrong


@given(st.text(max_size=20))
def test_no_cell_starts_as_a_formula(text: str) -> None:
    assert not plain_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert plain_cell(None) == ""


def known(key: str, **more: object) -> Known:
    told = {
        "name": key, "email": f"{key}@b.example", "number": "", "job": "", "team": "", "clinical": False,
        "manager": "", "leaves_on": "",
    }  # fmt: skip
    return Known(key=key, **{**told, **more})  # type: ignore[arg-type]


def row(name: str, number: int = 2, **more: object) -> StaffRow:
    return StaffRow(**{"row": number, "name": name, "email": f"{name}@b.example", **more})  # type: ignore[arg-type]


def test_it_tells_new_changed_unchanged_and_absent_apart() -> None:
    register = [known("a", team="X"), known("b"), known("c"), known("d", shared=True)]
    rows = [row("a", team="Y"), row("b", 3), row("n", 4), StaffRow(5, "Other", "d@b.example")]
    found = compare(rows, register)
    assert [(one.key, dict(one.fields)) for one in found.changed] == [("a", {"team": ("X", "Y")})]
    assert [one.name for one in found.new] == ["n"]
    assert [one.key for one in found.absent] == ["c"]
    assert found.unchanged == 2


def test_an_empty_cell_changes_nothing() -> None:
    found = compare([row("a")], [known("a", team="X", clinical=True, leaves_on="2027-01-01", number="7")])
    assert (found.unchanged, found.changed) == (1, [])


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (StaffRow(2, "n", "n@b.example", number="7"), "has this number"),
        (StaffRow(2, "b", "b@b.example", number="7"), "has this number"),
        (row("b", manager="nobody@b.example"), "Nobody in the file"),
        (row("b", manager="b@b.example"), "their own line manager"),
    ],
)
def test_what_does_not_fit_the_register_is_an_error(one: StaffRow, words: str) -> None:
    found = compare([one], [known("a", number="7"), known("b")])
    assert words in found.errors[0].message
    assert found.errors[0].row == 2


def test_a_line_manager_is_found_by_number_in_the_same_file() -> None:
    rows = [row("a", manager="m7"), StaffRow(3, "m", "m@b.example", number="M7")]
    assert not compare(rows, []).errors
    changed = compare([row("a", manager="x9")], [known("a"), known("boss", number="X9")])
    assert changed.changed[0].fields["manager"] == ("", "boss@b.example")


@pytest.mark.parametrize(
    ("value", "words"),
    [(True, "clinical"), (False, "not clinical"), ("2027-01-31", "31/01/2027"), ("", "nothing"), ("A-B-C", "A-B-C")],
)
def test_values_are_shown_in_words(value: object, words: str) -> None:
    assert in_words(value) == words


def test_the_digest_is_of_what_would_be_done() -> None:
    one = compare([row("a", team="Y")], [known("a")]).digest
    assert one == compare([row("a", team="Y")], [known("a"), known("b")]).digest
    assert one != compare([row("a", team="Z")], [known("a")]).digest
    assert one != Changes().digest


def upload(client, text: str | bytes, name: str = "staff.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post("/staff/import/", {"file": SimpleUploadedFile(name, data, "text/csv")})


FILE = (
    "Full name,Email,Employee number,Staff group,Team,Line manager,Leave date\n"
    "Amara Osei,amara.osei@fennimore-hospitals.example,F2,clinical,Ward 9,F1,31/01/2027\n"
    "New Boss,boss@fennimore-hospitals.example,F1,non-clinical,Ward 9,,\n"
    "Tom Birch-Hall,tom.birch@fennimore-hospitals.example,,,,,\n"
    "Nia Pritchard,nia.pritchard@fennimore-hospitals.example,,,,,\n"
)


def test_a_file_is_looked_at_then_imported_whole(it_support, nurse, porter, manager, browse) -> None:
    client = browse(it_support)
    answer = upload(client, FILE)
    page = client.get(answer.url).content.decode()
    counts = ("1 new person", "2 people changed", "1 person as they are")
    for words in (*counts, "1 person in your list but not in the file"):
        assert words in page, words
    assert Membership.objects.count() == 4
    assert client.post(answer.url).url == "/staff/"
    nurse.refresh_from_db()
    boss = Membership.objects.get(person__name="New Boss")
    assert (nurse.team, nurse.manager, nurse.employment, nurse.staff_number) == ("Ward 9", boss, "leaving", "F2")
    assert nurse.role == "staff"
    assert Person.objects.filter(name="Tom Birch-Hall").exists()
    assert Entry.objects.filter(action="staff_file.imported").count() == 1
    assert StaffFile.objects.get().rows == []


def test_a_double_submit_imports_once(it_support, nurse, browse) -> None:
    client = browse(it_support)
    address = upload(client, FILE).url
    assert client.post(address).status_code == 302
    again = client.post(address)
    assert again.status_code == 403
    assert "imported already" in again.content.decode()
    assert client.get(address).url == "/staff/"
    assert Membership.objects.filter(person__name="New Boss").count() == 1


def test_a_list_that_changed_since_the_preview_is_not_overwritten(it_support, nurse, porter, browse) -> None:
    client = browse(it_support)
    address = upload(client, FILE).url
    nurse.team = "Ward 7"
    nurse.save()
    assert "has changed since you looked" in client.post(address).content.decode()
    assert not Membership.objects.filter(person__name="New Boss").exists()
    assert StaffFile.objects.get().imported_at is None
    Membership.objects.filter(pk=porter.pk).update(staff_number="F1")
    assert "fit any more" in client.get(address).content.decode()


def test_a_fault_in_the_middle_leaves_nothing(it_support, nurse, browse, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browse(it_support)
    address = upload(client, FILE).url

    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("fobwatch.people.actions.staff_files._managers", fail)
    with pytest.raises(RuntimeError):
        client.post(address)
    assert not Person.objects.filter(name="New Boss").exists()
    assert StaffFile.objects.get().imported_at is None


def test_wrong_cells_are_shown_and_nothing_is_kept(it_support, browse) -> None:
    page = upload(browse(it_support), "Full name,Email\nA,nothing\nB,b@b.example\n").content.decode()
    assert "1 cell needs correcting" in page
    assert re.search(r"<td[^>]*>\s*(<[^>]+>[^<]*</[^>]+>\s*)*2\s*(</span>)?\s*</td>", page)
    assert not StaffFile.objects.exists()


def test_what_does_not_fit_the_list_is_shown(it_support, nurse, browse) -> None:
    page = upload(browse(it_support), "Full name,Email,Manager\nA,a@b.example,x@y.example\n").content.decode()
    assert "Nobody in the file or the list has this" in page


@pytest.mark.parametrize("data", [b"", b"x" * 2_000_001, b"PK\x03\x04"])
def test_a_file_that_cannot_be_read_is_an_error_of_the_form(it_support, browse, data: bytes) -> None:
    page = upload(browse(it_support), data).content.decode()
    assert "There is a problem" in page


def test_a_note_about_the_encoding_is_shown(it_support, browse) -> None:
    client = browse(it_support)
    answer = upload(client, "Full name,Email\nZoë,z@b.example\n".encode("cp1252"))
    assert "older Windows text" in client.get(answer.url).content.decode()


def test_a_colleague_does_not_see_my_file(it_support, second_it, browse) -> None:
    address = upload(browse(it_support), FILE).url
    assert browse(second_it).get(address).status_code == 404
    assert browse(second_it).post(address).status_code == 404


def test_numbers_may_change_hands_with_a_new_file(hospital, it_support) -> None:
    one = cast.member(hospital, "A A", staff_number="1")
    rows = [StaffRow(2, "A A", one.person.email, number="9", leaves_on="2027-01-01"), row("zed", 3)]
    changes = compare(rows, Membership.register(hospital))
    kept = staff_files.receive(rows=rows, uploader=it_support, digest=changes.digest, by=TESTER, now=NOW)
    assert staff_files.take_over(staff_file=kept, by=TESTER, now=NOW) == {"new": 1, "changed": 1, "unchanged": 0}
    one.refresh_from_db()
    assert (one.staff_number, one.employment, one.leaves_on) == ("9", "leaving", dt.date(2027, 1, 1))


def test_five_thousand_people_come_in_quickly(hospital, it_support) -> None:
    lines = [f"P {n},p{n}@b.example,N{n},Ward {n % 40},N{n // 50}" for n in range(5000)]
    began = time.perf_counter()
    table = parse("\n".join(["Full name,Email,Employee number,Team,Manager", *lines]).encode())
    assert [one.message for one in compare(table.rows, []).errors] == ["Nobody is their own line manager."]
    rows = list(table.rows)
    rows[0] = StaffRow(2, "P 0", "p0@b.example", number="N0")
    digest = compare(rows, Membership.register(hospital)).digest
    kept = staff_files.receive(rows=rows, uploader=it_support, digest=digest, by=TESTER, now=NOW)
    staff_files.take_over(staff_file=kept, by=TESTER, now=NOW)
    assert Membership.objects.filter(manager__isnull=False).count() == 4999
    assert time.perf_counter() - began < 20


def test_the_limits_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    staff_text.too_large(staff_text.MOST_BYTES)
    with pytest.raises(Refused, match=r"3\.0 MB"):
        staff_text.too_large(3_000_000)
