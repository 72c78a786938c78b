"""IT's page of one device: what is known and how, what was done, and what can be done. Each look is recorded."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fobwatch.design.frame import address
from fobwatch.devices import actions
from fobwatch.devices.forms import ReasonForm
from fobwatch.devices.models import Registration, stored, timeline
from fobwatch.devices.rules.states import IT, may_move
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest


@dataclass(frozen=True, slots=True)
class Move:
    """What IT may do: its words, the state after it, what it does and what it cannot do."""

    name: str
    button: str
    title: str
    after: str
    does: tuple[str, ...]
    done: str
    warning: bool = False


CANNOT = "Nothing on the device is erased, locked or found. Nobody here can touch anything personal."
MOVES = {
    move.name: move
    for move in (
        Move("suspend", "Suspend", "Suspend this device", "suspended", (
            "Its access to work here ends at the next request, and its sign-ins end.",
            "You can restore it at any time.",
        ), "Suspended. Its access to work here has ended."),
        Move("lost", "Mark as lost", "Mark this device as lost", "lost", (
            "Its access to work here ends at the next request.",
            "All sign-ins of its owner in your organisation end, on other devices too. They can sign in again.",
            "Other organisations that its owner works for are not told. The owner can cut it off everywhere.",
        ), "Marked as lost. Its access to work here has ended.", warning=True),
        Move("restore", "Restore", "Restore this device", "active", (
            "It may be used for work again, as far as your policy allows.",
            "Its owner has to sign in again, and its browser has to show its key.",
            "If it was lost: make sure that its owner has it back, and speak to them yourself.",
        ), "Restored. It may be used for work again once its owner has signed in on it."),
        Move("retire", "Remove", "Remove this device from work", "retired", (
            "Its access to work here ends for good, and its sign-ins end.",
            "To use it for work again, its owner registers it anew.",
            "What we know about it is kept for two years, so that we can look back after an incident (unverified).",
        ), "Removed. Its access to work here has ended for good.", warning=True),
        Move("withdraw", "Withdraw", "Withdraw this device", "retired", (
            "The person it was issued to is not asked about it any more.",
            "If they had begun to set it up, they are signed out on it.",
            "You can issue it again at any time.",
        ), "Withdrawn. Nobody is asked about it any more."),
    )
}  # fmt: skip
ACTIONS = {
    "suspend": actions.suspend, "lost": actions.mark_lost, "restore": actions.restore, "retire": actions.retire,
    "withdraw": actions.retire,
}  # fmt: skip


def _found(request: MemberRequest, registration_id: str) -> Registration:
    found = Registration.within(request.organisation).select_related("device", "membership__person", "organisation")
    return get_object_or_404(found, pk=registration_id)


def _offered(found: Registration) -> list[Move]:
    """The moves in the words for this device: what was issued and never set up is withdrawn, all else removed."""
    unfinished = found.ownership == "issued" and found.state == "enrolling"
    not_for_it = "retire" if unfinished else "withdraw"
    return [move for move in MOVES.values() if move.name != not_for_it]


@needs(Permission.SEE_REGISTER)
def registration(request: MemberRequest, registration_id: str) -> HttpResponse:
    """One device in the register. The look is recorded, and its owner can see it (B27)."""
    found = _found(request, registration_id)
    if not found.is_of(request.member):
        actions.look(registration=found, by=request.actor, now=now())
    may = Permission.MANAGE_DEVICES in request.permissions
    moves = [move for move in _offered(found) if may and may_move(found.state, move.after, IT)]
    context = {
        "registration": found, "rows": stored(found), "timeline": timeline(found), "moves": moves,
        "back": address("access:register"),
    }  # fmt: skip
    return render(request, "devices/registration.jinja", context)


@needs(Permission.MANAGE_DEVICES)
def move(request: MemberRequest, registration_id: str, move: str) -> HttpResponse:
    """Suspend, mark as lost, restore or remove, with a reason; the page says what it does and what it cannot do."""
    found = _found(request, registration_id)
    chosen = next((one for one in _offered(found) if one.name == move), None)
    if chosen is None:
        raise Http404
    may_move(found.state, chosen.after, IT).or_refuse()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ACTIONS[move](registration=found, reason=form.cleaned_data["reason"], by=request.actor, now=now())
        messages.success(request, chosen.done)
        return redirect("devices:registration", found.pk)
    context = {
        "form": form, "registration": found, "move": chosen, "cannot": CANNOT,
        "back": reverse("devices:registration", args=[found.pk]),
    }  # fmt: skip
    return render(request, "devices/move.jinja", context)
