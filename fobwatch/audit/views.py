"""The log of an organisation: read it, narrow it, check it, and take one entry away with its proof."""

import json
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from fobwatch.audit import actions
from fobwatch.audit.backends import signer
from fobwatch.audit.forms import LogFilter
from fobwatch.audit.models import VERIFIER, Checkpoint, Entry, Head, bundle_of, names_of
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission

A_PAGE = 50


class LogRequest(HttpRequest):
    """A request whose member may read the log; people, which stands above, fills it in."""

    organisation: Model
    actor: Actor


@needs(Permission.READ_LOG)
@require_safe
def log(request: LogRequest) -> HttpResponse:
    """The organisation's entries, newest first, by person, device and what was done."""
    narrow = LogFilter(request.GET, sentences={name: known.sentence for name, known in actions.ACTIONS.items()})
    chosen = narrow.chosen()
    page = Paginator(Entry.within(request.organisation).filter(**chosen), A_PAGE).get_page(request.GET.get("page"))
    references = {reference for entry in page for reference in (entry.actor, entry.object)}
    references |= {chosen[name] for name in ("actor", "object") if name in chosen}
    context = {
        "narrow": narrow,
        "chosen": chosen,
        "query": urlencode(chosen),
        "page": page,
        "names": names_of(references),
        "sentence": _sentence,
        "head": Head.current(),
        "vkey": signer().verifier.vkey,
    }
    return render(request, "audit/log.jinja", context)


@needs(Permission.READ_LOG)
@require_safe
def entry(request: LogRequest, seq: int) -> HttpResponse:
    """One entry, with what is kept beside it."""
    found = get_object_or_404(Entry.within(request.organisation), pk=seq)
    detail = found.kept_details()
    kept = json.loads(detail.payload) if detail else {}
    context = {
        "entry": found,
        "names": names_of({found.actor, found.object}),
        "sentence": _sentence(found.action),
        "details": [
            (key.replace("_", " ").capitalize(), _said(value)) for key, value in kept.items() if value not in (None, "")
        ],
        "signed": Checkpoint._default_manager.filter(size__gt=seq).exists(),
        "erased": detail is None and found.commit != "",
    }
    return render(request, "audit/entry.jinja", context)


@needs(Permission.READ_LOG)
@require_safe
def export(request: LogRequest, seq: int) -> HttpResponse:
    """One entry as a bundle that anybody can check offline."""
    found = get_object_or_404(Entry.within(request.organisation), pk=seq)
    bundle = bundle_of(found, signer().verifier)
    response = JsonResponse(bundle, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="log-entry-{seq}.json"'
    return response


@needs(Permission.READ_LOG)
@require_safe
def verifier(request: LogRequest) -> HttpResponse:
    """The program that checks a bundle, to send along with it."""
    response = HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    return response


@needs(Permission.READ_LOG)
@require_POST
def check(request: LogRequest) -> HttpResponse:
    """Check the whole log now; `then` is the number of the entry to go back to."""
    report = actions.check(by=request.actor, now=now())
    say = messages.success if report.intact else messages.error
    say(request, report.sentence)
    then = request.POST.get("then", "")
    return redirect("audit:entry", int(then)) if then.isdecimal() and len(then) < 16 else redirect("audit:log")


def _sentence(name: str) -> str:
    """What an action is called on a page; an action that no longer exists keeps its name."""
    known = actions.ACTIONS.get(name)
    return known.sentence if known else name


def _said(value: object) -> str:
    """A kept value in one line."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value) or "none"
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {_said(each)}" for key, each in value.items()) or "none"
    return "none" if value in (None, "") else str(value)
