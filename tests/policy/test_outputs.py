"""The policy as files and shorter readings: who may open which, and what each says."""

import io
import json
from collections.abc import Callable

import cedarpy
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from fobwatch.people.models import Membership
from fobwatch.policy.models import Step, Version
from fobwatch.policy.rules.cedar import cedar_request
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.row import pack
from tests.access.policy import publish_template
from tests.policy.rules.made import NOW, facts

Browse = Callable[..., Client]
PAGES = [
    ("staff_pdf", ()), ("easy", ()), ("duties", ()), ("schema", ()), ("formal_pdf", (1,)), ("formal_docx", (1,)),
    ("cedar", (1,)), ("cedar_schema", (1,)), ("rego", (1,)),
]  # fmt: skip
AUTHORS = [("draft_pdf", ()), ("draft_docx", ())]


def opened(client: Client, name: str, *args: object, **query: str):
    return client.get(reverse(f"policy:{name}", args=args), query)


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(("name", "args"), [*PAGES, *AUTHORS])
def test_nobody_signed_in_goes_to_sign_in(browse: Browse, first: Version, name: str, args: tuple[object, ...]) -> None:
    response = opened(browse(None), name, *args)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("people:sign_in"))


@pytest.mark.parametrize(("name", "args"), AUTHORS)
def test_a_draft_is_for_its_authors(browse: Browse, nurse: Membership, draft: Version, name: str, args) -> None:
    response = opened(browse(nurse), name, *args)
    assert response.status_code == 403
    assert "Your role here does not include this: " in text(response)


@pytest.mark.parametrize(("name", "args"), [row for row in PAGES if row[0] != "schema"])
def test_what_belongs_to_another_organisation_is_not_there(
    browse: Browse, outsider: Membership, first: Version, name: str, args: tuple[object, ...]
) -> None:
    assert opened(browse(outsider), name, *args).status_code == 404


@pytest.mark.parametrize(("name", "args"), AUTHORS)
def test_the_draft_of_another_organisation_is_not_there(
    browse: Browse, outsider: Membership, draft: Version, name: str, args: tuple[object, ...]
) -> None:
    assert opened(browse(outsider), name, *args).status_code == 404


def test_a_draft_is_not_among_the_versions_that_staff_take_away(
    browse: Browse, nurse: Membership, draft: Version
) -> None:
    assert opened(browse(nurse), "formal_pdf", draft.number).status_code == 404


def test_the_page_leaves_out_what_does_not_concern_the_reader_and_says_so(
    browse: Browse, porter: Membership, first: Version
) -> None:
    client = browse(porter)
    page = text(opened(client, "read", platform="ios"))
    assert "A Windows computer must run" not in page
    assert "An iPhone must run iOS" in page
    assert "Tap “Turn Passcode On”." in page
    assert "It is not open to your staff group." in page
    everything = text(opened(client, "read", platform="ios", show="all"))
    assert "A Windows computer must run" in everything
    assert "Show only what concerns me" in everything


@pytest.mark.parametrize("platform", ["toaster", "<script>", ""])
def test_an_unknown_device_counts_as_none(browse: Browse, nurse: Membership, first: Version, platform: str) -> None:
    page = text(opened(browse(nurse), "read", platform=platform))
    assert "A Windows computer must run" in page
    assert "How to do it: " not in page
    assert "toaster" not in page


def test_the_pdf_is_for_the_reader_and_has_a_large_print(browse: Browse, nurse: Membership, first: Version) -> None:
    client = browse(nurse)
    usual, large = opened(client, "staff_pdf", platform="ios"), opened(client, "staff_pdf", size="large")
    assert usual["Content-Type"] == "application/pdf"
    assert usual["Content-Disposition"] == 'attachment; filename="policy-1.pdf"'
    assert large["Content-Disposition"] == 'attachment; filename="policy-1-large-print.pdf"'
    assert usual.content.startswith(b"%PDF-")
    assert usual.content != large.content


def test_the_formal_document_is_word_and_pdf_and_names_a_role_and_no_person(
    browse: Browse, nurse: Membership, ig_lead: Membership, first: Version
) -> None:
    client = browse(nurse)
    assert opened(client, "formal_pdf", 1).content.startswith(b"%PDF-")
    made = Document(io.BytesIO(opened(client, "formal_docx", 1).content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert "Information governance lead" in cells
    assert "Caldicott Guardian" in cells
    assert not [cell for cell in cells if ig_lead.person.name in cell]


def test_who_approved_what_they_wrote_is_in_the_version_control(
    browse: Browse, nurse: Membership, first: Version
) -> None:
    Step.objects.filter(version=first, kind="approved").update(alone=True)
    made = Document(io.BytesIO(opened(browse(nurse), "formal_docx", 1).content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert "Caldicott Guardian, who also wrote it" in cells


def test_a_version_that_nobody_approved_says_so(browse: Browse, nurse: Membership) -> None:
    publish_template(nurse.organisation)
    made = Document(io.BytesIO(opened(browse(nurse), "formal_docx", 1).content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert {"Not recorded", "Fobwatch itself"} <= set(cells)


def test_a_draft_can_be_taken_to_a_committee(browse: Browse, ig_lead: Membership, draft: Version) -> None:
    client = browse(ig_lead)
    assert opened(client, "draft_pdf").content.startswith(b"%PDF-")
    made = Document(io.BytesIO(opened(client, "draft_docx").content))
    assert "This is not the version in force. Do not work by it." in [one.text for one in made.paragraphs]


def test_the_cedar_that_is_downloaded_decides_as_we_do(browse: Browse, nurse: Membership, first: Version) -> None:
    client = browse(nurse)
    policy, schema = text(opened(client, "cedar", 1)), json.loads(text(opened(client, "cedar_schema", 1)))
    compiled = compile_policy(first.policy)
    for changes, may in (({}, True), ({"screen_lock": False}, False)):
        request = cedar_request(compiled, pack(facts(**changes)), NOW, "mail:view")
        request["context"] = json.loads(request["context"])
        answer = cedarpy.is_authorized(request, policy, [], schema=schema)
        assert (answer.decision == cedarpy.Decision.Allow) is may


def test_rego_and_the_schema_are_downloaded_as_text(browse: Browse, nurse: Membership, first: Version) -> None:
    client = browse(nurse)
    assert text(opened(client, "rego", 1)).startswith("package fobwatch")
    response = opened(client, "schema")
    assert response["Content-Type"] == "application/schema+json"
    assert json.loads(text(response))["title"] == "A Fobwatch policy"


def test_the_easy_words_say_which_version_they_are_of(browse: Browse, nurse: Membership, first: Version) -> None:
    page = text(opened(browse(nurse), "easy"))
    assert "You can take photographs of patients." in page
    assert "From version 1 of the policy" in page


def test_a_manager_sees_the_duties_of_managers_first(
    browse: Browse, manager: Membership, it_support: Membership, first: Version
) -> None:
    theirs = text(opened(browse(manager), "duties"))
    assert theirs.index('id="managers"') < theirs.index('id="it"')
    assert "Managers check leavers and people who are away." in theirs
    its = text(opened(browse(it_support), "duties"))
    assert its.index('id="it"') < its.index('id="managers"')


def test_duties_that_no_rule_names_are_said_to_be_none(browse: Browse, nurse: Membership, first: Version) -> None:
    import dataclasses

    from fobwatch.policy.rules.clause import canonical, digest

    policy = first.policy
    bare = tuple(dataclasses.replace(one, binds=("staff",)) for one in policy.clauses)
    bare_policy = dataclasses.replace(policy, clauses=bare, effective=0)
    Version.objects.filter(pk=first.pk).update(state="superseded")
    Version.objects.create(
        organisation=first.organisation, number=2, state="published", content=canonical(bare_policy).decode(),
        hash=digest(bare_policy), template_version="", created_at=first.created_at, published_at=first.published_at,
    )  # fmt: skip
    assert "No rule names them." in text(opened(browse(nurse), "duties"))
