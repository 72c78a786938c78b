"""The pages of learning: who may open which, what they say, and that Back and a second press are safe."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.kernel.clock import epoch, now
from fobwatch.learning import actions
from fobwatch.learning.models import Answer, Attempt, OwnQuestion
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version
from tests.cast import member
from tests.learning.conftest import START, actor, begin, finish, page, passed
from tests.learning.test_actions import own

Browse = Callable[..., Client]
# name, arguments, method, who may
PAGES = [
    ("mine", (), "get", "staff"),
    ("begin", ("start",), "post", "staff"),
    ("question", ("no", 1), "get", "staff"),
    ("result", ("no",), "get", "staff"),
    ("progress", (), "get", "ig"),
    ("team", (), "get", "manager"),
    ("questions", (), "get", "ig"),
    ("clause", ("auto-lock",), "get", "ig"),
    ("add", ("auto-lock",), "get", "ig"),
    ("withdraw", ("no",), "post", "ig"),
]


def ask(client: Client, name: str, *args: object, method: str = "get", **data: object):
    return getattr(client, method)(reverse(f"learning:{name}", args=args), data)


# --- who may ---


@pytest.mark.parametrize(("name", "args", "method", "who"), PAGES)
def test_nobody_signed_in_goes_to_sign_in(
    browse: Browse, version: Version, name: str, args: tuple[object, ...], method: str, who: str
) -> None:
    response = ask(browse(None), name, *args, method=method)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("people:sign_in"))


@pytest.mark.parametrize(("name", "args", "method", "who"), [row for row in PAGES if row[3] != "staff"])
def test_without_the_role_a_page_says_why_it_is_closed(
    browse: Browse, version: Version, nurse: Membership, name: str, args: tuple[object, ...], method: str, who: str
) -> None:
    response = ask(browse(nurse), name, *args, method=method)
    assert response.status_code == 403
    assert "Your role here does not include this" in response.content.decode()


def test_an_attempt_is_nobody_elses_to_see(
    browse: Browse, version: Version, nurse: Membership, ig_lead: Membership, outsider: Membership
) -> None:
    attempt = passed(nurse)
    for other in (ig_lead, outsider):
        assert ask(browse(other), "question", attempt.pk, 1).status_code == 404
        assert ask(browse(other), "question", attempt.pk, 1, method="post", choice=0).status_code == 404
        assert ask(browse(other), "result", attempt.pk).status_code == 404


def test_questions_of_another_organisation_are_not_there(
    browse: Browse, version: Version, ig_lead: Membership, outsider: Membership
) -> None:
    question = own(ig_lead)
    assert ask(browse(outsider), "withdraw", question.pk, method="post").status_code == 404
    assert OwnQuestion.asked_in(ig_lead.organisation).count() == 1
    # The other organisation has no policy, so it has no rule of this name.
    assert ask(browse(outsider), "clause", "auto-lock").status_code == 404
    assert ask(browse(outsider), "add", "auto-lock").status_code == 404


def test_what_is_not_there_is_not_found(
    browse: Browse, version: Version, nurse: Membership, ig_lead: Membership
) -> None:
    client = browse(nurse)
    attempt = begin(nurse)
    assert ask(client, "begin", "no-such", method="post").status_code == 404
    assert ask(client, "begin", "managers", method="post").status_code == 404
    assert ask(client, "question", attempt.pk, 0).status_code == 404
    assert ask(client, "question", attempt.pk, 99).status_code == 404
    assert ask(browse(ig_lead), "clause", "no-such").status_code == 404


# --- taking it ---


def test_a_question_is_asked_without_saying_what_is_right(browse: Browse, version: Version, nurse: Membership) -> None:
    attempt = begin(nurse)
    said = page(browse(nurse), "question", attempt.pk, 1)
    one = attempt.questions[0]
    assert "Question 1 of 8" in said
    assert one.why not in said
    assert re.findall(r'<input[^>]+name="choice"[^>]+value="(\d)"', said) == [str(n) for n in range(len(one.choices))]
    assert "right" not in " ".join(re.findall(r"<(?:input|form)[^>]*>", said))


def test_an_answer_leads_to_why_and_on_to_the_next(browse: Browse, version: Version, nurse: Membership) -> None:
    client, attempt = browse(nurse), begin(nurse)
    one = attempt.questions[0]
    sent = ask(client, "question", attempt.pk, 1, method="post", choice=one.right)
    assert sent["Location"] == reverse("learning:question", args=[attempt.pk, 1])
    said = page(client, "question", attempt.pk, 1)
    assert "That is right" in said
    assert reverse("learning:question", args=[attempt.pk, 2]) in said
    number = [clause.id for clause in version.policy.clauses].index(one.clause) + 1
    assert f"Rule {number}:" in said


def test_a_wrong_answer_shows_both_and_why(browse: Browse, version: Version, nurse: Membership) -> None:
    client, attempt = browse(nurse), begin(nurse)
    one = attempt.questions[0]
    ask(client, "question", attempt.pk, 1, method="post", choice=(one.right + 1) % len(one.choices))
    said = page(client, "question", attempt.pk, 1)
    assert "Not quite" in said
    assert "You answered" in said


def test_back_and_a_second_press_change_no_answer(browse: Browse, version: Version, nurse: Membership) -> None:
    client, attempt = browse(nurse), begin(nurse)
    ask(client, "question", attempt.pk, 1, method="post", choice=0)
    again = ask(client, "question", attempt.pk, 1, method="post", choice=1)
    assert again.status_code == 302
    assert Answer.objects.get().chosen == 0


@pytest.mark.parametrize("choice", ["", "9", "x"])
def test_an_answer_that_is_none_is_asked_for_again(
    browse: Browse, version: Version, nurse: Membership, choice: str
) -> None:
    attempt = begin(nurse)
    response = ask(browse(nurse), "question", attempt.pk, 1, method="post", choice=choice)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not Answer.objects.exists()


def test_a_later_question_waits_for_the_earlier_ones(browse: Browse, version: Version, nurse: Membership) -> None:
    client, attempt = browse(nurse), begin(nurse)
    for address in (("question", attempt.pk, 3), ("result", attempt.pk)):
        assert ask(client, *address)["Location"] == reverse("learning:question", args=[attempt.pk, 1])


def test_beginning_twice_is_beginning_once(browse: Browse, version: Version, nurse: Membership) -> None:
    client = browse(nurse)
    addresses = {ask(client, "begin", START, method="post")["Location"] for _ in range(2)}
    assert len(addresses) == 1
    assert Attempt.objects.count() == 1


def test_the_last_answer_leads_to_the_result_and_the_result_back_to_work(
    browse: Browse, version: Version, nurse: Membership
) -> None:
    client, attempt = browse(nurse), finish(begin(nurse), wrong=1)
    assert reverse("learning:result", args=[attempt.pk]) in page(client, "question", attempt.pk, 8)
    said = page(client, "result", attempt.pk)
    assert "You passed" in said
    assert "7 of 8" in said
    assert "Read this once more" in said
    assert reverse("access:mine") in said


def test_a_fail_says_when_and_what_to_read_and_blames_the_words(
    browse: Browse, version: Version, nurse: Membership
) -> None:
    client = browse(nurse)
    attempt = finish(begin(nurse, now=now()), wrong=8, now=now())
    said = page(client, "result", attempt.pk)
    assert "Not this time" in said
    assert "You need 7" in said
    assert "try again from" in said
    assert said.count("<h3") == 8
    assert "badly written" in said
    assert "Not passed yet" in page(client, "mine")
    refused = ask(client, "begin", START, method="post")
    assert refused.status_code == 403
    assert "You can try again" in refused.content.decode()


def test_an_attempt_that_was_replaced_says_so(browse: Browse, version: Version, nurse: Membership) -> None:
    client, attempt = browse(nurse), begin(nurse)
    Attempt.objects.filter(pk=attempt.pk).update(state="overtaken", ended_at=now())
    assert "This training was replaced" in page(client, "result", attempt.pk)
    assert ask(client, "question", attempt.pk, 1)["Location"] == reverse("learning:mine")


# --- my training ---


def test_my_training_offers_what_is_for_me(
    browse: Browse, version: Version, nurse: Membership, porter: Membership, manager: Membership
) -> None:
    def offered(who: Membership) -> list[str]:
        return re.findall(r'id="module-(\w+)"', page(browse(who), "mine"))

    assert offered(nurse) == ["start", "messages", "records", "photographs"]
    assert offered(porter) == ["start", "messages"]
    assert offered(manager)[-1] == "managers"


def test_my_training_says_where_i_stand(browse: Browse, version: Version, nurse: Membership) -> None:
    client = browse(nurse)
    assert "You have not done it yet" in page(client, "mine")
    attempt = begin(nurse, now=now())
    actions.answer(attempt=attempt, place=1, chosen=0, by=actor(nurse), now=now())
    assert "You have answered 1 of 8 questions" in page(client, "mine")
    finish(attempt, now=now())
    assert "It counts until" in page(client, "mine")


@pytest.mark.parametrize(("days", "said"), [(20, "Do it again before then"), (-20, "It counted until")])
def test_training_that_is_out_of_date_is_due(
    browse: Browse, version: Version, nurse: Membership, days: int, said: str
) -> None:
    passed(nurse)
    nurse.understandings.update(until_epoch=epoch(now()) + days * 86_400)
    assert said in page(browse(nurse), "mine")


def test_without_a_policy_the_pages_say_so(browse: Browse, nurse: Membership, ig_lead: Membership) -> None:
    assert "The training begins when there is one" in page(browse(nurse), "mine")
    assert "There is no policy in force yet" in page(browse(ig_lead), "questions")
    assert ask(browse(nurse), "begin", START, method="post").status_code == 404


# --- the author ---


def test_a_rule_that_many_get_wrong_comes_first_with_a_word(
    browse: Browse, version: Version, hospital: Organisation, ig_lead: Membership
) -> None:
    question = own(ig_lead)
    for number in range(5):
        somebody = member(hospital, f"Person {number}")
        attempt = begin(somebody, now=now())
        Answer.objects.create(
            organisation=hospital, attempt=attempt, place=1, question=f"own-{question.pk}", clause="auto-lock",
            chosen=1, right=number == 0, at=now(),
        )  # fmt: skip
    said = page(browse(ig_lead), "questions")
    assert said.index("Let it lock itself") < said.index("Register your device")
    assert "80% wrong" in said
    assert "Look at its words" in said
    said = page(browse(ig_lead), "clause", "auto-lock")
    assert "80% wrong" in said
    assert "Our ward phone sleeps after 5 minutes" in said
    assert "Person" not in said


def test_an_author_writes_a_question_and_withdraws_it(browse: Browse, version: Version, ig_lead: Membership) -> None:
    client = browse(ig_lead)
    form = {"text": "Why?", "right": "Because", "wrong_1": "No", "wrong_2": "Never", "why": "It is so."}
    assert "{auto_lock_minutes}" in page(client, "add", "auto-lock")
    sent = ask(client, "add", "auto-lock", method="post", **form)
    assert sent["Location"] == reverse("learning:clause", args=["auto-lock"])
    made = OwnQuestion.objects.get()
    assert (made.choices, made.written_by) == (["Because", "No", "Never"], ig_lead)
    ask(client, "withdraw", made.pk, method="post")
    assert not OwnQuestion.asked_in(ig_lead.organisation).exists()


def test_a_question_with_two_choices_alike_stays_on_the_page(
    browse: Browse, version: Version, ig_lead: Membership
) -> None:
    form = {"text": "Why?", "right": "Because", "wrong_1": "because", "wrong_2": "Never", "why": "It is so."}
    response = ask(browse(ig_lead), "add", "auto-lock", method="post", **form)
    assert "Two choices say the same" in response.content.decode()
    assert not OwnQuestion.objects.exists()


def test_a_rule_without_details_and_without_questions_says_so(
    browse: Browse, version: Version, ig_lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "this rule has none" in page(browse(ig_lead), "add", "screen-lock")
    monkeypatch.setattr("fobwatch.learning.models.questions.shipped_questions", lambda: ())
    assert "There is no question for this rule yet" in page(browse(ig_lead), "clause", "screen-lock")


# --- progress ---


def test_progress_shows_counts_a_chart_and_its_table_and_no_name(
    browse: Browse, version: Version, nurse: Membership, porter: Membership, ig_lead: Membership
) -> None:
    passed(nurse, now=now())
    said = page(browse(ig_lead), "progress")
    assert "1 of 3 members of staff have done" in said
    assert said.count("<rect") == 13
    assert "The numbers of the chart" in said
    assert nurse.person.name not in said
    assert porter.person.name not in said


def test_a_manager_sees_who_has_it_to_do_and_not_who_failed(
    browse: Browse, version: Version, hospital: Organisation, manager: Membership, nurse: Membership, porter: Membership
) -> None:
    failer = member(hospital, "Unlucky One", team="Ward 6")
    finish(begin(failer, now=now()), wrong=8, now=now())
    passed(nurse, now=now())
    said = page(browse(manager), "team")
    assert "1 of 2 people has done it" in said
    assert said.index("Unlucky One") < said.index(nurse.person.name), "who has it to do comes first"
    assert said.count(">To do<") == 1
    assert porter.person.name not in said
    assert "Not passed" not in said


def test_a_manager_without_a_team_is_told_how_it_comes(browse: Browse, version: Version, manager: Membership) -> None:
    assert "Nobody is in your team yet" in page(browse(manager), "team")
