"""What exists in the demo only: be a made-up person, read their e-mails."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import public
from fobwatch.people.actions import demo as actions
from fobwatch.people.models import Letter, Membership, computer_here, hand_over
from fobwatch.people.rules.addresses import local_address
from fobwatch.people.rules.browsers import browser_words
from fobwatch.people.rules.demo import PERSONAS


def _in_the_demo() -> None:
    if not settings.FOBWATCH_DEMO:
        raise Http404


@public
def demo(request: HttpRequest) -> HttpResponse:
    """Choose a made-up person, and be signed in as them."""
    _in_the_demo()
    if request.method == "POST":
        chosen = get_object_or_404(Membership.personas(), pk=request.POST.get("membership", ""))
        computer = computer_here(request)
        session = actions.sign_in(
            membership=chosen, computer=computer, browser=browser_words(request.headers.get("User-Agent", "")),
            by=Actor.anonymous("demo", chosen.organisation_id), now=now(),
        )  # fmt: skip
        return hand_over(redirect(local_address(request.POST.get("next", "")) or "web:home"), session, computer)
    sentences = {one.email: one.sentence for one in PERSONAS}
    personas = [(one, sentences[one.person.email]) for one in Membership.personas()]
    context = {"personas": personas, "next": local_address(request.GET.get("next", ""))}
    return render(request, "people/demo.jinja", context)


@require_safe
@public
def letters(request: HttpRequest) -> HttpResponse:
    """The e-mails of the demo, newest first: nothing is sent there."""
    _in_the_demo()
    return render(request, "people/letters.jinja", {"letters": Letter.newest()[:50]})
