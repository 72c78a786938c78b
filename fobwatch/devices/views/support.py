"""The support table: everybody may read it, IT keeps it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fobwatch.devices import actions
from fobwatch.devices.forms import SupportForm
from fobwatch.devices.models import SupportedRelease, shipped
from fobwatch.devices.rules.support import TRUSTED_WITHOUT_END
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS


@needs(Permission.READ_POLICY)
def support(request: MemberRequest) -> HttpResponse:
    """Which versions still get security fixes, since when we know and from where (B11, W03)."""
    context = {
        "own": SupportedRelease.within(request.organisation).order_by("platform", "version"),
        "shipped": shipped(), "words": PLATFORM_WORDS, "days": TRUSTED_WITHOUT_END.days, "today": now().date(),
        "back": reverse("access:register") if Permission.SEE_REGISTER in request.permissions else "",
        "may": Permission.MANAGE_SUPPORT_TABLE in request.permissions,
    }  # fmt: skip
    return render(request, "devices/support.jinja", context)


@needs(Permission.MANAGE_SUPPORT_TABLE)
def line(request: MemberRequest) -> HttpResponse:
    """Add or replace the organisation's own line for a version; devices are looked up again at once."""
    wanted = {name: request.GET[name] for name in ("platform", "version") if name in request.GET}
    form = SupportForm(request.POST or None, initial={**wanted, "checked_on": now().date()})
    if request.method == "POST" and form.is_valid():
        actions.keep_support_line(organisation=request.organisation, **form.cleaned_data, by=request.actor, now=now())
        return redirect("devices:support")
    return render(request, "devices/support_line.jinja", {"form": form, "back": reverse("devices:support")})


@require_POST
@needs(Permission.MANAGE_SUPPORT_TABLE)
def drop(request: MemberRequest, line_id: str) -> HttpResponse:
    """Drop the organisation's own line; the shipped one counts again."""
    found = get_object_or_404(SupportedRelease.within(request.organisation).select_related("organisation"), pk=line_id)
    actions.drop_support_line(line=found, by=request.actor, now=now())
    return redirect("devices:support")
