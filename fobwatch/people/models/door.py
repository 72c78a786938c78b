"""The request of somebody who is signed in, as the middleware makes it; and how a session reaches a browser."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.permission import Permission
from fobwatch.people.models.organisation import Membership, Organisation
from fobwatch.people.models.shared_computer import SharedComputer
from fobwatch.people.models.sign_in import SignIn

R = TypeVar("R", bound=HttpResponseBase)


class MemberRequest(HttpRequest):
    """A request with its member, organisation, session, actor and permissions."""

    member: Membership
    organisation: Organisation
    sign_in: SignIn
    actor: Actor
    permissions: frozenset[Permission]


# Browsers keep no cookie for longer than 400 days (RFC 6265bis; Chrome since 104: developer.chrome.com/blog/
# cookie-max-age-expires, checked 22 November 2026); each sign-in there begins the time anew.
MARK_SECONDS = 400 * 86_400


def computer_here(request: HttpRequest) -> SharedComputer | None:
    """The shared computer that this browser is marked as; None where it is not, or no longer."""
    return SharedComputer.of_cookie(request.COOKIES.get(settings.SHARED_COOKIE, ""))


def mark_browser(response: R, computer: SharedComputer) -> R:
    """Give the mark of a shared computer to its browser, or renew it.

    Lax, not Strict: the sign-in page that another system sends people to must know the computer too.
    """
    response.set_cookie(
        settings.SHARED_COOKIE, computer.token, max_age=MARK_SECONDS, secure=settings.COOKIES_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip
    return response


def hand_over(response: R, sign_in: SignIn, computer: SharedComputer | None = None) -> R:
    """Give the session to the browser: scripts can't read the cookie, and other sites' forms don't carry it.

    computer: the shared computer that the browser is marked as, whose mark is renewed.
    """
    response.set_cookie(
        settings.SESSION_COOKIE, sign_in.token, secure=settings.COOKIES_SECURE, httponly=True, samesite="Lax"
    )
    return mark_browser(response, computer) if computer else response
