"""The public notice for patients: a page, a fragment for other sites, and JSON; no sign-in, no staff data (B01)."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs, public
from fobwatch.kernel.permission import Permission
from fobwatch.notices import actions
from fobwatch.notices.forms import DeskForm
from fobwatch.notices.models import Desk, notice_of
from fobwatch.people.models import MemberRequest, Organisation
from fobwatch.policy.models import Version


def _organisation(slug: str) -> Organisation:
    return get_object_or_404(Organisation.everybody(), slug=slug)


@public
@require_safe
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """The notice of an organisation, for anybody."""
    return render(request, "notices/notice.jinja", {"notice": notice_of(_organisation(slug)), "slug": slug})


@public
@require_safe
def fragment(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The notice without anything around it, for a frame on one of the sites that the organisation named."""
    place = _organisation(slug)
    response = render(request, "notices/fragment.jinja", {"notice": notice_of(place)})
    sites = Desk.of(place).frames or ("'none'",)
    return csp_replace({"frame-ancestors": list(sites)})(lambda _request: response)(request)


@public
@require_safe
def notice_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The notice as data. Any site may read it: it is public, the same for everybody, and no cookie plays a part."""
    response = JsonResponse(notice_of(_organisation(slug)).data)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@needs(Permission.WRITE_POLICY)
def patients(request: MemberRequest) -> HttpResponse:
    """Set what the notice says beside the policy, and see how to show it elsewhere."""
    place = request.organisation
    desk = Desk.of(place)
    form = DeskForm(request.POST or None, initial={name: getattr(desk, name) for name in actions.desk.FIELDS})
    if request.method == "POST" and form.is_valid():
        actions.set_desk(organisation=place, values=form.cleaned_data, by=request.actor, now=now())
        messages.success(request, "The notice for patients says so from now on.")
        return redirect("notices:patients")
    fragment_at, page_at, data_at = (
        f"{settings.ORIGIN}{reverse(f'notices:{name}', args=(place.slug,))}"
        for name in ("fragment", "notice", "notice_json")
    )
    context = {
        "form": form, "page_at": page_at, "fragment_at": fragment_at, "data_at": data_at,
        "version": Version.in_force(place), "desk": desk,
    }  # fmt: skip
    return render(request, "notices/patients.jinja", context)
