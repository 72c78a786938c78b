"""What stands around every page: whose it is, who is signed in, the menu, and the ways out.

`request` is duck-typed, because people stands above design: `organisation.name`, `member.person.name`,
`permissions`, and `other_organisations` (true where the person may switch). All of them may be missing.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.urls import NoReverseMatch, reverse

from fobwatch.design import navigation

NAME = "Fobwatch"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the menu; `current` is true on the page it leads to."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that `layout.jinja` prints around the content. An empty address means: no such page here."""

    service: str
    organisation: str
    person: str
    menu: tuple[Link, ...]
    messages: tuple[Any, ...]
    nonce: str
    demo: bool
    nhs_logo: bool
    home: str
    sign_in: str
    sign_out: str
    account: str
    switch: str
    lost: str
    privacy: str
    about: str


def frame(request: Any = None, bare: bool = False) -> Frame:
    """The frame for this request. `bare`: as for nobody, and no database asked, for when something broke."""
    nonce = getattr(request, "csp_nonce", "")
    request = None if bare else request
    held = getattr(request, "permissions", None)
    person = getattr(getattr(getattr(request, "member", None), "person", None), "name", "")
    return Frame(
        service=getattr(getattr(request, "organisation", None), "name", "") or NAME,
        organisation=getattr(getattr(request, "organisation", None), "name", "") or "your organisation",
        person=person,
        menu=() if held is None else _menu(request, held),
        messages=tuple(get_messages(request)) if request else (),
        # The nonce of django-csp is false until it is used, and the NHS template asks whether it is true.
        nonce=str(nonce),
        demo=bool(getattr(settings, "FOBWATCH_DEMO", False)),
        nhs_logo=bool(getattr(settings, "FOBWATCH_NHS_LOGO", False)),
        home=address(navigation.HOME),
        sign_in="" if person or bare else address(navigation.SIGN_IN),
        sign_out=address(navigation.SIGN_OUT),
        account=address(navigation.ACCOUNT),
        switch=address(navigation.SWITCH) if getattr(request, "other_organisations", None) else "",
        lost=address(navigation.LOST),
        privacy=address(navigation.PRIVACY),
        about=address(navigation.ABOUT),
    )


def address(name: str) -> str:
    """Where the named page is; empty where it is not mounted, for an error page must not fail over a link."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _menu(request: Any, held: frozenset[str]) -> tuple[Link, ...]:
    here = getattr(getattr(request, "resolver_match", None), "view_name", "")
    allowed = (item for item in navigation.NAVIGATION if item.needs is None or item.needs in held)
    placed = ((item, address(item.name)) for item in allowed)
    return tuple(Link(item.text, href, item.name == here) for item, href in placed if href)
