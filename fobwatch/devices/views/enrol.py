"""Enrolment, one thing a page. Each page can be left and come back to; nothing is written by looking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fobwatch.design.environment import day_words
from fobwatch.design.frame import address
from fobwatch.devices import actions
from fobwatch.devices.forms import OWN, ChecklistForm, WhichForm, checklist_form
from fobwatch.devices.models import KIND, Group, Registration, next_page, to_ask
from fobwatch.devices.rules.browser import Seen, read
from fobwatch.devices.rules.visible import LOSING, visible
from fobwatch.kernel.clock import epoch, now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import MemberRequest
from fobwatch.people.rules.passkeys import must_check_again
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS

STEPS = 5


def _seen(request: HttpRequest) -> Seen:
    return read(dict(request.headers))


def _here(request: MemberRequest) -> Registration | None:
    """What this browser is registered as here already; a made-up device of the demo stands in nobody's way."""
    found = Registration.here(request.sign_in, request.member)
    return None if found is None or found.device.made_up else found


def _at(name: str, chosen: str) -> str:
    """The address of a step, with the device that was chosen: an id, or "own". So two tabs never mix their answers."""
    return reverse(name) + (f"?device={chosen}" if chosen else "")


def _issued(request: MemberRequest) -> Registration | None:
    """The issued device that this step is about; None for one's own. Refused where it waits no more."""
    chosen = request.GET.get("device", "")
    if chosen in ("", OWN):
        return None
    mine = Registration.within(request.organisation).filter(membership=request.member, ownership="issued")
    found = get_object_or_404(mine.select_related("device"), pk=chosen)
    if found.waits or found == _here(request):
        return found
    raise refuse(
        f"{found.device.label} is not waiting to be set up any more.",
        "Look under “My devices”. If it is not there, ask your IT team to issue it to you again.",
    )


@needs(Permission.OWN_DEVICE)
def start(request: MemberRequest) -> HttpResponse:
    """Step 1: which device this is; what you get, what we ask, and that it is your choice (B27, R11)."""
    found, issued = _here(request), list(Registration.issued_to(request.member))
    own = request.GET.get("device") == OWN
    if issued and found is None and not own and not request.sign_in.shared:
        return _which(request, issued)
    context = {
        "step": 1, "steps": STEPS, "found": found, "again": next_page(found, epoch(now())) if found else (),
        "shared": request.sign_in.shared, "issued": issued, "query": f"?device={OWN}" if issued else "",
        "back": reverse("devices:start") if issued and own else "",
    }  # fmt: skip
    return render(request, "devices/start.jinja", context)


def _which(request: MemberRequest, issued: list[Registration]) -> HttpResponse:
    """Ask whether this is a device that was issued. The answer stands in the address; nothing is kept of it."""
    form = WhichForm(request.POST or None, issued=issued, organisation=request.organisation)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["device"]
        return redirect(_at("devices:start" if chosen == OWN else "devices:sight", chosen))
    hints = {one.pk: f"Issued to you on {day_words(one.created_at)}" for one in issued}
    hints[OWN] = "It stays yours, whatever you use it for."
    return render(request, "devices/which.jinja", {"step": 1, "steps": STEPS, "form": form, "hints": hints})


@require_POST
@needs(Permission.OWN_DEVICE)
def put_back(request: MemberRequest) -> HttpResponse:
    """This is not the device that was issued: it waits for the right one, and nothing is registered here."""
    found = _here(request)
    if found is not None:
        actions.put_back(registration=found, sign_in=request.sign_in, by=request.actor, now=now())
    return redirect("devices:start")


@needs(Permission.OWN_DEVICE)
def sight(request: MemberRequest) -> HttpResponse:
    """Step 2: what we will and will not see. Going on begins the registration; before that nothing is kept (B27)."""
    issued, chosen = _issued(request), request.GET.get("device", "")
    if not chosen and _here(request) is None and Registration.issued_to(request.member).exists():
        return redirect("devices:start")
    if request.method == "POST" and issued and issued.waits:
        return redirect(_at("devices:key", chosen))
    if request.method == "POST":
        registration = actions.start_registration(
            membership=request.member, sign_in=request.sign_in, seen=_seen(request), by=request.actor, now=now()
        )
        return redirect(*next_page(registration, epoch(now())))
    back = _at("devices:start", chosen if chosen == OWN else "")
    lists = visible(_seen(request).platform)
    context = {"step": 2, "steps": STEPS, "back": back, "lists": lists, "issued": issued}
    return render(request, "devices/sight.jinja", context)


@needs(Permission.OWN_DEVICE)
def key(request: MemberRequest) -> HttpResponse:
    """Step 3: prove it's you, and make the browser's own key."""
    issued, here = _issued(request), Registration.here(request.sign_in, request.member)
    found = issued if issued and issued.waits else Registration.waiting(request.member) or here
    if found is None:
        return redirect("devices:start")
    if found.step != "key":
        return redirect(*next_page(found, epoch(now())))
    session = request.sign_in
    again = must_check_again(how=session.how, verified_at=session.verified_at, now=now())
    chosen = request.GET.get("device", "")
    context = {
        "step": 3, "steps": STEPS, "back": _at("devices:sight", chosen), "check_first": again, "registration": found,
        "query": f"?device={chosen}" if chosen else "",
    }  # fmt: skip
    return render(request, "devices/key.jinja", context)


@needs(Permission.OWN_DEVICE)
def checklist(request: MemberRequest, group: str) -> HttpResponse:
    """Step 4: what only you can tell us, in a few screens. After the last one the device is ready."""
    found = Registration.here(request.sign_in, request.member)
    if found is None:
        return redirect("devices:start")
    screens = to_ask(found.platform, found.known(), epoch(now()))
    place = next((place for place, screen in enumerate(screens) if screen.id == group), None)
    if place is None:
        return redirect(*next_page(found, epoch(now())))
    form = checklist_form(screens[place], found.known(), request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.helped:
        if place == len(screens) - 1 and found.state == "enrolling" and group != KIND:
            _, code = actions.finish(registration=found, items=form.items(), by=request.actor, now=now())
            return _done(request, found, code)
        actions.answer_checklist(registration=found, items=form.items(), by=request.actor, now=now())
        if found.state == "active" and request.GET.get("then") == "answers":
            messages.success(request, "Thank you. We have noted what you told us.")
            return redirect(f"{address('access:mine') or reverse('web:home')}#answers")
        return redirect(*_after(found, screens, place))
    return render(request, "devices/checklist.jinja", _screen(found, screens, place, form))


def _after(found: Registration, screens: tuple[Group, ...], place: int) -> tuple[str, ...]:
    """Where to go after a screen that was answered."""
    if screens[place].id == KIND:
        return next_page(found, epoch(now()))
    if place == len(screens) - 1:
        return ("devices:device", found.pk)
    return ("devices:checklist", screens[place + 1].id)


def _screen(found: Registration, screens: tuple[Group, ...], place: int, form: ChecklistForm) -> dict[str, object]:
    """What the page of one screen shows."""
    enrolling = found.state == "enrolling"
    back = reverse("devices:sight") if enrolling else reverse("devices:device", args=[found.pk])
    return {
        "step": 4 if enrolling else None, "steps": STEPS, "form": form, "screen": screens[place],
        "place": place + 1, "places": len(screens), "platform": found.platform,
        "last": place == len(screens) - 1 and enrolling and screens[place].id != KIND,
        "back": reverse("devices:checklist", args=[screens[place - 1].id]) if place else back,
        "helped": form.helped if form.is_bound and form.is_valid() else [],
        "device_word": PLATFORM_WORDS.get(found.platform, "device"),
    }  # fmt: skip


@needs(Permission.OWN_DEVICE)
def done(request: MemberRequest) -> HttpResponse:
    """Step 5: ready. The lost code is shown by the answer to a POST and never again; a new one replaces it."""
    registration = Registration.here(request.sign_in, request.member)
    if registration is None:
        return redirect("devices:start")
    if request.method != "POST":
        return _done(request, registration, "")
    if registration.state == "enrolling":
        _, code = actions.finish(registration=registration, items=[], by=request.actor, now=now())
    else:
        code = actions.new_lost_code(registration=registration, by=request.actor, now=now())
    return _done(request, registration, code)


def _done(request: MemberRequest, registration: Registration, code: str) -> HttpResponse:
    return render(
        request,
        "devices/done.jinja",
        {"step": 5, "steps": STEPS, "registration": registration, "code": code, "losing": LOSING,
         "next": address("access:mine") or reverse("web:home"),
         "lost_address": request.build_absolute_uri(reverse("devices:lost"))},
    )  # fmt: skip
