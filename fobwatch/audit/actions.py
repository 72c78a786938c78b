"""`@action`: the only way in which anything is written. One transaction, a named actor, an audit entry, or nothing."""

import dataclasses
import datetime as dt
import functools
import inspect
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from fobwatch.audit.backends import signer
from fobwatch.audit.models import Detail, Entry, Report, append, sign, verified
from fobwatch.audit.rules.leaf import SALT_BYTES, commitment, is_reference, timestamp
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.verdict import refuse

P = ParamSpec("P")
R = TypeVar("R")

RESULT = "result"
LOG = "log:installation"
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
GUIDANCE = re.compile(r"\s*\([A-Z][^()]*\d[^()]*\)")


@dataclasses.dataclass(frozen=True, slots=True)
class Action:
    """One entry of the registry: its name in the log, the function, and what of its arguments the log keeps."""

    name: str
    function: Callable[..., Any]
    about: str
    details: tuple[str, ...]
    document: str

    @property
    def sentence(self) -> str:
        """What it does, in plain English: the first sentence of the docstring, without guidance ids."""
        first = (self.function.__doc__ or "").strip().splitlines()[0]
        return GUIDANCE.sub("", first).partition(". ")[0].removesuffix(".") + "."


ACTIONS: dict[str, Action] = {}


def action(
    name: str, *, about: str, details: Iterable[str] = (), document: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action: all of it and its entry in the log happen, or nothing does.

    name: how the log names it, "registration.suspended". about: the argument whose reference goes to the log, or
    "result"; of a result that is a tuple, the first. details: the arguments (or "result") kept beside the log, salted.
    document: the argument with a `.hash` (SHA-256, hexadecimal), where the action is about a document.
    The entry belongs to the organisation of what it is about, or else to that of the actor.
    The function takes keywords only, among them `by: Actor` and `now`; TypeError at import where a rule is broken.
    An action may call actions: each writes its own entry, inner ones first, in the one transaction.
    """
    kept = tuple(details)

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        _check(function, name, {about, *kept, document} - {RESULT, ""})

        known = inspect.signature(function).parameters.values()
        defaults = {each.name: each.default for each in known if each.default is not each.empty}

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            by, now = kwargs.get("by"), kwargs.get("now")
            if not isinstance(by, Actor) or not isinstance(now, dt.datetime):
                raise TypeError(f"{name}: an action needs `by`, an Actor, and `now`, a moment.")
            with transaction.atomic():
                result = function(*args, **kwargs)
                _record(registered, {**defaults, **kwargs, RESULT: result}, by=by, now=now)
            return result

        registered = Action(name, run, about, kept, document)
        ACTIONS[name] = registered
        run.is_action = True  # type: ignore[attr-defined]
        run.action_name = name  # type: ignore[attr-defined]
        return run

    return wrap


def _check(function: Callable[..., Any], name: str, named: set[str]) -> None:
    """Refuse, at import, a function that cannot be an action."""
    known = inspect.signature(function).parameters
    where = f"{function.__module__}.{function.__qualname__}"
    if not NAME.fullmatch(name):
        raise TypeError(f"{where}: {name!r} is not a name like “registration.suspended”.")
    if name in ACTIONS:
        raise TypeError(f"{where}: another action is called {name!r}.")
    if any(parameter.kind is not inspect.Parameter.KEYWORD_ONLY for parameter in known.values()):
        raise TypeError(f"{where}: an action takes keywords only.")
    if missing := ({"by", "now"} | named) - set(known):
        raise TypeError(f"{where}: an action needs the arguments {', '.join(sorted(missing))}.")
    if not (function.__doc__ or "").strip():
        raise TypeError(f"{where}: an action needs a docstring; its first line is shown to people.")


def _record(what: Action, values: Mapping[str, Any], *, by: Actor, now: dt.datetime) -> None:
    subject = values[what.about]
    if isinstance(subject, tuple):
        subject = subject[0]
    payload = {key: plain(values[key]) for key in what.details}
    if by.sign_in_id:
        payload["from_sign_in"] = by.sign_in_id
    salt = secrets.token_bytes(SALT_BYTES)
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if payload else ""
    entry = append(
        at=now,
        actor=reference(by.ref),
        action=what.name,
        object=reference(subject),
        organisation_id=_owner(subject) or by.organisation_id,
        doc_sha256=values[what.document].hash if what.document else "",
        commit=commitment(salt, text) if text else "",
    )
    if text:
        Detail.objects.create(entry=entry, at=now, salt=salt, payload=text)


def _owner(subject: Any) -> str:
    """The organisation that a row belongs to; "" for a whole table, whose attribute is no organisation."""
    return "" if isinstance(subject, type) else str(getattr(subject, "organisation_id", "") or "")


def reference(thing: Any) -> str:
    """How the log names a thing: "registration:ab12" for a row, "model:registration" for a table, or a plain text.

    Raises TypeError for anything else, and ValueError for a text that could be a sentence or an address.
    """
    if isinstance(thing, models.Model):
        return f"{thing._meta.model_name}:{thing.pk}"
    if isinstance(thing, type) and issubclass(thing, models.Model):
        return f"model:{thing._meta.model_name}"
    if not isinstance(thing, str):
        raise TypeError(f"The log cannot name a {type(thing).__name__}.")
    if not is_reference(thing):
        raise ValueError("The log holds references only: letters, digits and . : / + - _, at most 200.")
    return str(thing)


def plain(value: Any) -> Any:
    """A value as JSON keeps it: rows as references, moments and dates as ISO text, choices as their value.

    Raises TypeError for what has no plain form, so that nothing is kept by accident.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | models.QuerySet):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return _plain_text(value)


def _plain_text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return timestamp(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return reference(value)


@action("retention.purged", about="model", details=("result",))
def purge(*, model: type[models.Model], by: Actor, now: dt.datetime) -> int:
    """Delete what is past its time in one table; how much it was is kept in the log."""
    past = past_retention(model, now)
    if past is None:
        raise refuse(
            "These rows have no end of keeping.", "Nothing needs to be done: they go when what they belong to goes."
        )
    rows = past.count()
    past.delete()
    return rows


@action("log.details_erased", about="entry", details=("reason",))
def erase_details(*, entry: Entry, reason: str, by: Actor, now: dt.datetime) -> None:
    """Erase what was kept beside one entry of the log; the entry itself and every proof stay."""
    erased, _ = Detail.objects.filter(entry=entry).delete()
    if not erased:
        raise refuse("Nothing is kept beside this entry any more.", "Nothing needs to be done.")


@action("log.checked", about="log", details=("result",))
def check(*, log: str = LOG, by: Actor, now: dt.datetime) -> Report:
    """Check the whole log, and sign it where it is intact."""
    key = signer()
    report = verified(key.verifier)
    sign(report, key=key, now=now)
    return report


def past_retention(
    model: type[models.Model], now: dt.datetime, *, leaned_on: bool = False
) -> "models.QuerySet[Any] | None":
    """The rows of a table that its `Privacy.kept` no longer allows; None where it names no end.

    leaned_on: instead, those that are past their time and stay because other rows lean on them.
    """
    kept: Kept | None = getattr(getattr(model, "Privacy", None), "kept", None)
    if kept is None or (kept.after is None and not kept.unless):
        return None
    found = model._default_manager.all()
    if kept.after is not None:
        end = now - dt.timedelta(days=kept.days or 0)
        in_seconds = isinstance(model._meta.get_field(kept.after), models.IntegerField)
        found = found.filter(**{f"{kept.after}__lt": epoch(end) if in_seconds else end})
    if kept.only is not None:
        found = found.filter(**{f"{kept.only[0]}__in": kept.only[1]})
    free = found.filter(**{f"{relation}__isnull": True for relation in kept.unless})
    if leaned_on:
        return found.exclude(pk__in=free) if kept.after is not None else found.none()
    return free
