"""The pages of the review: upload, one document, many documents, a draft from one; and who may open them."""

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.models import ReviewedDocument, Version
from fobwatch.policy.views import review as views
from tests.cast import NOW, member
from tests.policy.conftest import actor
from tests.policy.review import made

Browse = Callable[..., Client]
PAGES = [
    ("review", False, "get"),
    ("review", False, "post"),
    ("review_csv", False, "get"),
    ("review_json", False, "get"),
    ("review_report", False, "get"),
    ("reviewed", True, "get"),
    ("review_finding", True, "post"),
    ("review_remove", True, "post"),
    ("review_start", True, "post"),
]


@pytest.fixture
def author(hospital: Organisation) -> Membership:
    return member(hospital, "Ines Marlow", "ig_lead")


@pytest.fixture
def client(browse: Browse, author: Membership) -> Client:
    return browse(author)


def files(**named: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name.replace("_", "."), data) for name, data in named.items()]


def upload(client: Client, given: list[SimpleUploadedFile]):
    return client.post(reverse("policy:review"), {"files": given}, follow=True)


@pytest.fixture
def row(client: Client, author: Membership) -> ReviewedDocument:
    upload(client, files(policy_txt=made.as_text()))
    return ReviewedDocument.objects.get()


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"policy:{name}", args=args)).content.decode()


@pytest.mark.parametrize(("name", "one", "method"), PAGES)
def test_staff_without_the_permission_are_told_so(
    name: str, one: bool, method: str, browse: Browse, row: ReviewedDocument, hospital: Organisation
) -> None:
    nurse = browse(member(hospital, "Asa Finch"))
    answer = getattr(nurse, method)(reverse(f"policy:{name}", args=[row.pk] if one else []))
    assert answer.status_code == 403
    assert "Your role here does not include this" in answer.content.decode()


@pytest.mark.parametrize(("name", "method"), [(name, method) for name, one, method in PAGES if one])
def test_the_document_of_another_organisation_is_not_there(
    name: str, method: str, browse: Browse, row: ReviewedDocument, surgery: Organisation
) -> None:
    elsewhere = browse(member(surgery, "Ola Birch", "ig_lead"))
    assert getattr(elsewhere, method)(reverse(f"policy:{name}", args=[row.pk])).status_code == 404


def test_the_lists_of_another_organisation_show_nothing_of_ours(
    browse: Browse, row: ReviewedDocument, surgery: Organisation
) -> None:
    elsewhere = browse(member(surgery, "Ola Birch", "ig_lead"))
    assert "What you have reviewed will appear here." in page(elsewhere, "review")
    assert json.loads(page(elsewhere, "review_json")) == {"documents": {}}


def test_several_documents_are_read_and_a_bad_one_is_named(client: Client) -> None:
    given = files(policy_txt=made.as_text(), same_txt=made.as_text(), broken_pdf=b"%PDF-1.7 nonsense")
    given.append(SimpleUploadedFile("policy.txt", made.as_text()))
    said = upload(client, given).content.decode()
    assert "4 documents were read." in said
    assert {row.name for row in ReviewedDocument.objects.all()} == {
        "policy.txt", "same.txt", "broken.pdf", "policy.txt (4)",
    }  # fmt: skip
    assert "What is covered least" in said
    assert "Not read" in said
    broken = ReviewedDocument.objects.get(name="broken.pdf")
    assert "This PDF is damaged" in page(client, "reviewed", broken.pk)


def test_a_document_is_told_item_by_item_with_the_words_of_the_template(client: Client, row: ReviewedDocument) -> None:
    said = page(client, "reviewed", row.pk)
    assert "This looks like a BYOD policy." in said
    assert made.PARAGRAPHS[3] in said
    assert "We looked for: multi-factor" in said
    assert "Use the template’s wording" in said
    assert "Start my policy from this document" in said


def test_an_upload_without_a_document_or_with_too_many_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "You chose no document." in client.post(reverse("policy:review")).content.decode()
    monkeypatch.setattr(views, "MOST_FILES", 1)
    given = files(a_txt=b"x", b_txt=b"y")
    assert "You chose 2 documents." in client.post(reverse("policy:review"), {"files": given}).content.decode()
    assert not ReviewedDocument.objects.exists()


def test_the_reviewer_writes_a_finding_and_takes_it_away(client: Client, row: ReviewedDocument) -> None:
    address = reverse("policy:review_finding", args=[row.pk])
    answer = client.post(address, {"item": "P02", "words": "Page 9: a code is texted."})
    assert answer.url.endswith("#P02")
    assert "Page 9: a code is texted." in page(client, "reviewed", row.pk)
    client.post(address, {"item": "P02", "words": " "})
    row.refresh_from_db()
    assert row.findings == {}
    assert "There is no such item." in client.post(address, {"item": "P99", "words": "x"}).content.decode()


def test_a_finding_about_a_removed_review_is_refused(row: ReviewedDocument, author: Membership) -> None:
    ReviewedDocument.objects.all().delete()
    with pytest.raises(Refused, match="removed"):
        actions.write_finding(document=row, item="P02", words="x", by=actor(author), now=NOW)


def test_a_review_is_removed(client: Client, row: ReviewedDocument) -> None:
    said = client.post(reverse("policy:review_remove", args=[row.pk]), follow=True).content.decode()
    assert "The review is removed." in said
    assert not ReviewedDocument.objects.exists()


def test_a_first_policy_starts_from_a_document(client: Client, row: ReviewedDocument, hospital: Organisation) -> None:
    address = reverse("policy:review_start", args=[row.pk])
    said = client.post(address, follow=True).content.decode()
    draft = Version.draft_of(hospital)
    assert draft is not None
    assert f"Version {draft.number} is your draft." in said
    assert reverse("policy:clause", args=["report-loss"]) in said
    client.post(address)
    assert Version.within(hospital).count() == 1


def test_the_table_the_json_and_the_report_are_files(client: Client, row: ReviewedDocument) -> None:
    assert "policy.txt,BYOD policy,5" in page(client, "review_csv")
    assert json.loads(page(client, "review_json"))["documents"]["policy.txt"]["covered"] == 5
    answer = client.get(reverse("policy:review_report"))
    assert answer["Content-Disposition"] == 'attachment; filename="review.html"'
    assert made.PARAGRAPHS[3] in answer.content.decode()
