"""Who may open a page. Every URL carries `@public` or `@needs(Permission…)`; a test fails where one carries neither."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)

PUBLIC = "public"


def public(view: V) -> V:
    """Open to anybody, signed in or not."""
    view.guard = PUBLIC  # type: ignore[attr-defined]
    return view


def needs(permission: Permission) -> Callable[[View], View]:
    """Open to members of the organisation of the request whose role has `permission`.

    Nobody signed in: on to the sign-in page, and back afterwards. Without the permission: refused with a sentence.
    `request.permissions` is set by the middleware that knows who is at the door; where it is missing, closed.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            held: frozenset[Permission] | None = getattr(request, "permissions", None)
            if held is None:
                query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
                address = reverse(settings.SIGN_IN_URL_NAME)
                return HttpResponseRedirect(f"{address}?{query}" if query else address)
            if permission not in held:
                raise refuse(
                    f"Your role here does not include this: {permission.sentence.rstrip('.').lower()}.",
                    "If your work needs it, ask the person who looks after staff accounts in your organisation.",
                )
            return view(request, *args, **kwargs)

        guarded.guard = permission  # type: ignore[attr-defined]
        return guarded

    return wrap
