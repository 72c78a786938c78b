"""My account: sessions, passkeys, organisations."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.actions import passkeys as passkey_actions
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.forms import PasskeyNameForm, RemovePasskeyForm
from fobwatch.people.models import MemberRequest, Membership, Passkey, Reminder, SignIn
from fobwatch.people.rules.addresses import local_address
from fobwatch.people.rules.passkeys import must_check_again


@require_safe
@needs(Permission.OWN_DEVICE)
def account(request: MemberRequest) -> HttpResponse:
    """Who I am here, and the ways to my sessions, passkeys and organisations."""
    places = Membership.working(request.member.person, now().date())
    return render(request, "people/account.jinja", {"member": request.member, "places": places})


@needs(Permission.OWN_DEVICE)
def sessions(request: MemberRequest) -> HttpResponse:
    """Where I am signed in, with sign-out of one and of all."""
    moment, person = now(), request.member.person
    mine = SignIn.open_of(person, now=moment)
    if request.method == "POST" and request.POST.get("which") == "all":
        sign_ins.end_everywhere(person=person, because="signed out everywhere", by=request.actor, now=moment)
        return redirect("people:sign_in")
    if request.method == "POST":
        chosen = next((one for one in mine if one.pk == request.POST.get("which")), None)
        if chosen:
            sign_ins.end(sign_in=chosen, because="signed out elsewhere", by=request.actor, now=moment)
        messages.success(request, "That browser is signed out.")
        return redirect("people:sessions")
    return render(request, "people/sessions.jinja", {"sessions": mine, "here": request.sign_in.pk})


@require_safe
@needs(Permission.OWN_DEVICE)
def passkeys(request: MemberRequest) -> HttpResponse:
    """My passkeys, in plain words."""
    return render(request, "people/passkeys.jinja", {"passkeys": list(Passkey.of(request.member.person))})


@require_safe
@needs(Permission.OWN_DEVICE)
def passkey_add(request: MemberRequest) -> HttpResponse:
    """Add a passkey; first prove that it is you, where the last proof is older than five minutes."""
    wanted = local_address(request.GET.get("next", ""))
    context = {
        "next": wanted or reverse("people:passkeys"),
        "here": request.get_full_path(),
        "check": must_check_again(how=request.sign_in.how, verified_at=request.sign_in.verified_at, now=now()),
        "back": reverse("people:passkeys"),
    }
    return render(request, "people/passkey_add.jinja", context)


@needs(Permission.OWN_DEVICE)
def passkey(request: MemberRequest, passkey_id: str) -> HttpResponse:
    """Give one of my passkeys another name."""
    mine = get_object_or_404(Passkey.of(request.member.person), pk=passkey_id)
    form = PasskeyNameForm(request.POST or None, initial={"label": mine.label})
    if request.method == "POST" and form.is_valid():
        passkey_actions.name(passkey=mine, label=form.cleaned_data["label"], by=request.actor, now=now())
        messages.success(request, "The name was changed.")
        return redirect("people:passkeys")
    context = {"form": form, "passkey": mine, "back": reverse("people:passkeys")}
    return render(request, "people/passkey.jinja", context)


@needs(Permission.OWN_DEVICE)
def passkey_remove(request: MemberRequest, passkey_id: str) -> HttpResponse:
    """Remove one of my passkeys; what happens with the last one is said first."""
    person = request.member.person
    mine = get_object_or_404(Passkey.of(person), pk=passkey_id)
    last = Passkey.of(person).count() == 1
    form = RemovePasskeyForm(request.POST if request.method == "POST" else None, last=last)
    if request.method == "POST" and form.is_valid():
        passkey_actions.retire(
            passkey=mine, because="removed", understood=last, keep=request.sign_in, by=request.actor, now=now()
        )
        messages.success(request, "The passkey was removed here. Delete it on your device too.")
        return redirect("people:passkeys")
    context = {"form": form, "passkey": mine, "last": last, "back": reverse("people:passkeys")}
    return render(request, "people/passkey_remove.jinja", context)


@require_safe
@needs(Permission.OWN_DEVICE)
def new_phone(request: MemberRequest) -> HttpResponse:
    """How to move to a new phone."""
    mine = list(Passkey.of(request.member.person))
    context = {"synced": any(one.backed_up for one in mine), "back": reverse("people:account")}
    return render(request, "people/new_phone.jinja", context)


@require_safe
@needs(Permission.OWN_DEVICE)
def reminders(request: MemberRequest) -> HttpResponse:
    """The e-mails that reminded me here, what they said, and why I got them."""
    context = {"reminders": Reminder.of(request.member)[:50], "back": reverse("people:account")}
    return render(request, "people/reminders.jinja", context)


@needs(Permission.OWN_DEVICE)
def switch(request: MemberRequest) -> HttpResponse:
    """Work for another of my organisations in this session."""
    places = Membership.working(request.member.person, now().date())
    if request.method == "POST":
        chosen = get_object_or_404(Membership.of(request.member.person), pk=request.POST.get("membership", ""))
        sign_ins.switch(sign_in=request.sign_in, membership=chosen, by=request.actor, now=now())
        return redirect(local_address(request.POST.get("next", "")) or "web:home")
    return render(request, "people/switch.jinja", {"places": places, "back": reverse("people:account")})
