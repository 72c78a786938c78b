"""The pages of questions and notices: who may open which, what they say, and what strangers get."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.notices import actions
from fobwatch.notices.models import Desk, FaqEntry, Question
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version
from fobwatch.policy.rules.clause import canonical, digest, parse, to_data
from tests.access.policy import publish_template
from tests.cast import NOW, TESTER
from tests.notices.conftest import answered, asked

Browse = Callable[..., Client]
# name, what its address names, method, who may
PAGES = [
    ("ask", "", "get", "staff"), ("ask", "", "post", "staff"), ("new", "", "get", "staff"),
    ("new", "", "post", "staff"),
    ("answers", "", "get", "staff"), ("question", "question", "get", "staff"),
    ("withdraw", "question", "post", "staff"), ("inbox", "", "get", "team"),
    ("inbox_question", "question", "get", "team"), ("inbox_question", "question", "post", "team"),
    ("take", "question", "post", "team"), ("give_back", "question", "post", "team"),
    ("publish", "question", "get", "team"), ("check", "entry", "post", "team"), ("retire", "entry", "post", "team"),
    ("patients", "", "get", "author"), ("patients", "", "post", "author"),
]  # fmt: skip


def opened(client: Client, name: str, *args: object, method: str = "get", **data: object):
    return getattr(client, method)(reverse(f"notices:{name}", args=args), data)


def text(response) -> str:
    return response.content.decode()


def named(of: str, entry: FaqEntry) -> list[str]:
    return {"": [], "question": [entry.source_id], "entry": [entry.pk]}[of]


@pytest.mark.parametrize(("name", "of", "method", "who"), PAGES)
def test_nobody_signed_in_goes_to_sign_in(
    browse: Browse, entry: FaqEntry, name: str, of: str, method: str, who: str
) -> None:
    response = opened(browse(None), name, *named(of, entry), method=method)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("people:sign_in"))


@pytest.mark.parametrize(("name", "of", "method", "who"), [row for row in PAGES if row[3] != "staff"])
@pytest.mark.parametrize("role", ["nurse", "it_support"])
def test_without_the_role_a_page_says_why_it_is_closed(
    request: pytest.FixtureRequest,
    browse: Browse,
    entry: FaqEntry,
    role: str,
    name: str,
    of: str,
    method: str,
    who: str,
) -> None:
    response = opened(browse(request.getfixturevalue(role)), name, *named(of, entry), method=method)
    assert response.status_code == 403
    assert "Your role here does not include this: " in text(response)


@pytest.mark.parametrize(("name", "of", "method", "who"), [row for row in PAGES if row[1]])
def test_what_belongs_to_another_organisation_is_not_there(
    browse: Browse, entry: FaqEntry, outsider: Membership, name: str, of: str, method: str, who: str
) -> None:
    assert opened(browse(outsider), name, *named(of, entry), method=method).status_code == 404


@pytest.mark.parametrize(("name", "method"), [("question", "get"), ("withdraw", "post")])
def test_a_question_of_a_colleague_is_not_there(
    browse: Browse, question: Question, porter: Membership, name: str, method: str
) -> None:
    assert opened(browse(porter), name, question.pk, method=method).status_code == 404


# --- may I …? ---


def test_a_search_quotes_the_rule_and_what_is_open(browse: Browse, nurse: Membership, version: Version) -> None:
    page = text(opened(browse(nurse), "ask", method="post", query="may I send a photo on WhatsApp?"))
    assert "Do not use other apps to send messages about patients." in page
    assert "<strong>Take photographs of patients only with the camera in our own service.</strong>" in page
    assert "Ask the patient first." in page
    assert "We look them up: we do not decide." in page
    assert "View and add. Rule “Clinical photographs”." in page


def test_a_rule_is_quoted_whole(browse: Browse, nurse: Membership, version: Version) -> None:
    page = text(opened(browse(nurse), "ask", method="post", query="lost phone"))
    assert "<strong>Is your device lost or stolen?</strong>" in page
    assert "You will not be blamed for telling us." in page


def test_what_the_policy_does_not_speak_of_is_no_yes(browse: Browse, nurse: Membership, version: Version) -> None:
    page = text(opened(browse(nurse), "ask", method="post", query="parking my bike"))
    assert "That is not a yes." in page
    assert "parking my bike" in page  # as the question to the IG team


def test_a_porter_is_told_that_a_rule_is_not_open_to_them(browse: Browse, porter: Membership, version: Version) -> None:
    page = text(opened(browse(porter), "ask", method="post", query="take a photograph of a wound"))
    assert "It is not open to your staff group." in page
    assert "Closed on your own device." in page


def test_a_search_that_names_a_patient_is_not_made(browse: Browse, nurse: Membership, version: Version) -> None:
    page = text(opened(browse(nurse), "ask", method="post", query="text Mrs Lindqvist"))
    assert "This may hold the name of a patient." in page
    assert "What the policy says" not in page


def test_an_empty_search_says_what_to_do(browse: Browse, nurse: Membership, version: Version) -> None:
    assert "Write what you want to know" in text(opened(browse(nurse), "ask", method="post", query=""))


def test_without_a_policy_there_is_nothing_to_search(browse: Browse, nurse: Membership) -> None:
    client = browse(nurse)
    assert "has not published a policy yet" in text(opened(client, "ask"))
    assert "has not published a policy yet" in text(opened(client, "ask", method="post", query="lost phone"))


def test_published_answers_are_found_and_a_doubtful_one_says_so(
    browse: Browse, porter: Membership, entry: FaqEntry, hospital: Organisation
) -> None:
    client = browse(porter)
    page = text(opened(client, "ask", method="post", query="text a colleague about my shift"))
    assert "Asked before: May I text a colleague about a shift?" in page
    assert "The policy has changed since." not in page
    publish_template(hospital)
    page = text(opened(client, "ask", method="post", query="text a colleague about my shift"))
    assert "The policy has changed since." in page


def test_words_of_a_rule_cannot_become_markup(browse: Browse, nurse: Membership, version: Version) -> None:
    data = to_data(version.policy)
    data["clause"][0]["text"] = "Register <script>alert(1)</script> your device."
    evil = parse(data)
    Version.objects.filter(pk=version.pk).update(state="superseded")
    Version.objects.create(
        organisation=nurse.organisation, number=9, state="published", content=canonical(evil).decode(),
        hash=digest(evil), template_version="", created_at=NOW, published_at=NOW,
    )  # fmt: skip
    client = browse(nurse)
    for page in (
        opened(client, "ask", method="post", query="register"), client.get(reverse("policy:read")),
        client.get(reverse("policy:easy")), client.get(reverse("policy:duties")),
    ):  # fmt: skip
        assert "<script>alert" not in text(page)
    assert "&lt;script&gt;alert" in text(opened(client, "ask", method="post", query="register"))


# --- from question to answer ---


def test_from_a_question_to_an_answer_that_all_read(
    browse: Browse, nurse: Membership, porter: Membership, ig_lead: Membership, version: Version
) -> None:
    staff, team = browse(nurse), browse(ig_lead)
    sent = staff.post(
        reverse("notices:new"), {"text": "May I show my rota at home?", "clause": "open-mail"}, follow=True
    )
    assert "Your question is with the IG team." in text(sent)
    question = Question.objects.get()
    assert "Amara Osei" in text(opened(team, "inbox"))
    page = text(opened(team, "inbox_question", question.pk))
    number = [clause.id for clause in version.policy.clauses].index("open-mail") + 1
    assert f"rule {number}, Email, calendar and rota" in page
    assert "Nobody yet" in page
    taken = team.post(reverse("notices:take", args=(question.pk,)), follow=True)
    assert "The question is yours to answer." in text(taken)
    back = team.post(reverse("notices:give_back", args=(question.pk,)), follow=True)
    assert "waits for somebody else" in text(back)
    page = text(team.post(reverse("notices:inbox_question", args=(question.pk,)), {"text": "Mrs Lindqvist may."}))
    assert "This may hold the name of a patient." in page
    done = team.post(reverse("notices:inbox_question", args=(question.pk,)), {"text": "Yes, it is yours."}, follow=True)
    assert "the person who asked is told" in text(done)
    assert "Yes, it is yours." in text(opened(staff, "question", question.pk))
    form = {"question": "May I show my rota?", "answer": "Yes, it is yours."}
    assert "<h1" in text(opened(team, "publish", question.pk))
    wrong = opened(team, "publish", question.pk, method="post", question="Mrs Lindqvist?", answer="Mrs Lindqvist!")
    assert text(wrong).count("This may hold the name of a patient.") >= 2
    assert "All staff can read this answer now." in text(
        team.post(reverse("notices:publish", args=(question.pk,)), form, follow=True)
    )
    everybody = text(opened(browse(porter), "answers"))
    assert "May I show my rota?" in everybody
    assert "Amara" not in everybody
    assert "Retire this answer" not in everybody


def test_a_question_that_cannot_be_kept_comes_back_with_its_words(browse: Browse, nurse: Membership) -> None:
    page = text(opened(browse(nurse), "new", method="post", text="short"))
    assert "Ask in at least 10 characters" in page
    assert not Question.objects.exists()


def test_an_open_question_says_when_and_can_be_taken_back(
    browse: Browse, nurse: Membership, question: Question
) -> None:
    client = browse(nurse)
    assert "Wednesday 25 November 2026" in text(opened(client, "question", question.pk))
    assert "You took your question back." in text(
        client.post(reverse("notices:withdraw", args=(question.pk,)), follow=True)
    )
    assert "Taken back" in text(opened(client, "ask"))


def test_a_late_question_is_marked_in_the_inbox(browse: Browse, nurse: Membership, ig_lead: Membership) -> None:
    asked(nurse)  # in 2026, longer ago than the five days of the desk for whoever runs this later
    Desk.objects.create(organisation=nurse.organisation, answer_days=1, changed_at=NOW)
    question = Question.objects.get()
    Question.objects.filter(pk=question.pk).update(asked_at=NOW.replace(year=2025))
    assert "Late" in text(opened(browse(ig_lead), "inbox"))


def test_published_answers_are_checked_and_retired(
    browse: Browse, ig_lead: Membership, entry: FaqEntry, hospital: Organisation
) -> None:
    client = browse(ig_lead)
    publish_template(hospital)
    assert "It is still right" in text(opened(client, "answers"))
    assert "is right under the policy in force" in text(
        client.post(reverse("notices:check", args=(entry.pk,)), follow=True)
    )
    assert "do not see this answer any more" in text(
        client.post(reverse("notices:retire", args=(entry.pk,)), follow=True)
    )
    assert "Nothing here yet." in text(opened(client, "answers"))


def test_the_inbox_of_one_organisation_never_shows_anothers(
    browse: Browse, question: Question, outsider: Membership
) -> None:
    assert "No questions yet." in text(opened(browse(outsider), "inbox"))


# --- patients ---


@pytest.fixture
def desk(hospital: Organisation) -> Desk:
    values = {
        "ask_phone": "01632 960 001", "ask_email": "ask@example.org", "dpo_email": "dpo@example.org",
        "dpo_phone": "01632 960 002", "complain": "Our patient advice service:\n01632 960 003",
        "privacy_notice": "https://www.example.org/privacy", "more": "<b>More</b> words.",
        "sites": "https://www.example.org", "ask_post": "1 Lane", "answer_days": 3,
    }  # fmt: skip
    return actions.set_desk(organisation=hospital, values=values, by=TESTER, now=NOW)


def test_anybody_reads_the_notice_of_the_version_in_force(version: Version, desk: Desk) -> None:
    response = Client().get("/notice/fennimore-hospitals/")
    page = text(response)
    assert response.status_code == 200
    for words in (
        "Take a clinical photograph of you", "Staff ask you first. You can say no.", "01632 960 001",
        "dpo@example.org", "01632 960 003", "ico.org.uk", f"version {version.number}", "&lt;b&gt;More",
    ):  # fmt: skip
        assert words in page
    assert "Sign in" not in page
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_the_notice_holds_no_name_of_staff_even_for_whoever_is_signed_in(
    browse: Browse, nurse: Membership, ig_lead: Membership, version: Version
) -> None:
    for client in (browse(nurse), Client()):
        for name in ("notice", "fragment", "notice_json"):
            page = text(opened(client, name, "fennimore-hospitals"))
            assert "Amara" not in page
            assert "Imran" not in page


@pytest.mark.parametrize("name", ["notice", "fragment", "notice_json"])
def test_a_wrong_name_of_an_organisation_is_not_there(hospital: Organisation, name: str) -> None:
    assert opened(Client(), name, "no-such-place").status_code == 404
    assert opened(Client(), name, "fennimore-hospitals", method="post").status_code == 405


def test_without_a_policy_the_notice_says_so(hospital: Organisation) -> None:
    assert "There is no policy yet" in text(opened(Client(), "notice", hospital.slug))
    data = json.loads(text(opened(Client(), "notice_json", hospital.slug)))
    assert (data["version"], data["since"]) == (None, None)


def test_the_json_says_what_the_page_says_and_any_site_may_read_it(version: Version, desk: Desk) -> None:
    response = opened(Client(), "notice_json", "fennimore-hospitals")
    data = json.loads(text(response))
    page = text(opened(Client(), "notice", "fennimore-hospitals"))
    for part in data["parts"]:
        assert part["title"] in page
        for line in part["lines"]:
            assert line in page
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert data["version"] == version.number
    assert data["contact"]["dpo_email"] == "dpo@example.org"


def test_only_the_json_is_open_to_other_sites(version: Version) -> None:
    for name in ("notice", "fragment"):
        assert "Access-Control-Allow-Origin" not in opened(Client(), name, "fennimore-hospitals")


def test_the_fragment_shows_only_in_frames_of_the_sites_that_were_named(version: Version, desk: Desk) -> None:
    policy = opened(Client(), "fragment", "fennimore-hospitals")["Content-Security-Policy"]
    assert "frame-ancestors https://www.example.org;" in f"{policy};"
    assert "default-src 'none'" in policy
    page = opened(Client(), "notice", "fennimore-hospitals")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page
    fragment = text(opened(Client(), "fragment", "fennimore-hospitals"))
    assert "<script" not in fragment
    assert 'target="_blank"' in fragment


def test_without_named_sites_no_frame_shows_it(version: Version) -> None:
    policy = opened(Client(), "fragment", "fennimore-hospitals")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


def test_contacts_and_sites_are_set(browse: Browse, ig_lead: Membership, version: Version) -> None:
    client = browse(ig_lead)
    assert "Until then no site can." in text(opened(client, "patients"))
    sent = client.post(
        reverse("notices:patients"),
        {"ask_phone": "01632 960 009", "sites": "https://www.example.org/", "answer_days": "4"}, follow=True,
    )  # fmt: skip
    assert "&lt;iframe src=" in text(sent)
    desk = Desk.objects.get()
    assert (desk.ask_phone, desk.frames, desk.answer_days) == ("01632 960 009", ("https://www.example.org",), 4)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sites", "*", "is not the address of a site"),
        ("sites", "http://www.example.org", "is not the address of a site"),
        ("privacy_notice", "http://www.example.org", "begins with https"),
        ("privacy_notice", "javascript:alert(1)", "Write the whole address"),
        ("answer_days", "0", "a whole number from 1 to 30"),
        ("ask_email", "nobody", "enter an e-mail address"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    browse: Browse, ig_lead: Membership, field: str, value: str, words: str
) -> None:
    page = text(opened(browse(ig_lead), "patients", method="post", **{"answer_days": "5", field: value}))
    assert words in page
    assert not Desk.objects.exists()


def test_an_answered_question_shows_in_the_inbox_with_who_answered(
    browse: Browse, question: Question, ig_lead: Membership
) -> None:
    answered(question, ig_lead)
    page = text(opened(browse(ig_lead), "inbox_question", question.pk))
    assert "Answered by Imran Qureshi" in page
    assert "Publish it to all staff" in page
