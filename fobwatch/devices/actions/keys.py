"""The second key: the browser signs our challenge, and the session belongs to that device (DESIGN, "Two keys")."""

import datetime as dt
from typing import NoReturn

from django.conf import settings

from fobwatch.audit.actions import action
from fobwatch.devices import backends
from fobwatch.devices.actions.evidence import record_evidence
from fobwatch.devices.backends import KeyAnswer
from fobwatch.devices.models import Device, Registration
from fobwatch.devices.rules import evidence as rules
from fobwatch.devices.rules.browser import Seen
from fobwatch.devices.rules.evidence import Item, PasskeyAnswer
from fobwatch.devices.rules.states import STATE_WORDS
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.secrets import keyed_hash, new_token
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Challenge, PasskeyEvent, SignIn
from fobwatch.policy.rules.vocabulary import Grade

PURPOSE = "device_key"
SAME_MOMENT = dt.timedelta(seconds=10)
_DEMO_LOCK = Item(
    "screen_lock", 1, Grade.OBSERVED, "A persona of the demo signed in: no passkey was asked.",
    rules.SCREEN_LOCK_DAYS, demo=True,
)  # fmt: skip


@action("device_key.bound", about="result")
def bind_key(
    *, registration: Registration, sign_in: SignIn, answer: KeyAnswer, cookie: str, seen: Seen, by: Actor,
    now: dt.datetime,
) -> tuple[Registration, str]:  # fmt: skip
    """Tie a registration to the browser in which it began. Returns it and the device's new cookie.

    Where this browser is registered here already, the one that has begun gives way to it. Raises Refused where the key
    is somebody else's, the challenge is not this session's, or the device was cut off here.
    """
    _use_challenge(sign_in, answer, now)
    known = Device.holding(answer.public_key)
    if known is None:
        device = _device_for_a_new_key(registration, now)
        device.browser_key = answer.public_key
    else:
        _may_use(known, sign_in, cookie)
        registration = _merged(registration, known)
        device = known
    token = new_token()
    device.cookie_hash = keyed_hash("device", token)
    if registration.ownership != "issued":
        # Also where another organisation issued it: what they call it is not for this one to read.
        device.label = seen.words[:80]
    device.platform = seen.platform or device.platform
    device.save(update_fields=["browser_key", "cookie_hash", "label", "platform"])
    if registration.step == "key":
        registration.step = "checklist"
        registration.save(update_fields=["step"])
    _signed_in_on(registration, sign_in, seen, by=by, now=now)
    return registration, token


@action("device_key.answered", about="device")
def answer_key(
    *, device: Device, sign_in: SignIn, answer: KeyAnswer, cookie: str, seen: Seen, by: Actor, now: dt.datetime
) -> Registration | None:
    """A device showed that it is the registered one. Returns its registration here, if any.

    A device that was lost or suspended may answer too: it is then refused work with the true reason.
    """
    _use_challenge(sign_in, answer, now)
    if device.browser_key != answer.public_key:
        backends.WRONG_KEY.or_refuse()
    _may_use(device, sign_in, cookie)
    found = Registration.objects.filter(device=device, membership=sign_in.membership).exclude(state="retired").first()
    if found is None:
        sign_ins.on_device(sign_in=sign_in, device=device.pk, by=by, now=now)
        return None
    _signed_in_on(found, sign_in, seen, by=by, now=now)
    return found


def _device_for_a_new_key(registration: Registration, now: dt.datetime) -> Device:
    """The device of a registration that has begun; a new one where it has a key already, which this browser lost."""
    locked = Registration.objects.select_for_update().select_related("device").get(pk=registration.pk)
    if locked.state != "enrolling" or locked.step != "key":
        raise refuse("This registration already has a key.", "Go to “My devices” and start again from there.")
    registration.device = locked.device
    if locked.device.browser_key:
        registration.device = Device.objects.create(person_id=locked.device.person_id, created_at=now)
        registration.save(update_fields=["device"])
    return registration.device


def _use_challenge(sign_in: SignIn, answer: KeyAnswer, now: dt.datetime) -> None:
    """Use the challenge up, once, and check the signature."""
    challenge = Challenge.take(answer.challenge, PURPOSE, sign_in.pk, now=now)
    backends.check(answer, challenge, settings.ORIGIN).or_refuse()


def _may_use(device: Device, sign_in: SignIn, cookie: str) -> None:
    """Refuse the key of somebody else's device, and a key whose cookie is gone."""
    if device.person_id != sign_in.person_id:
        raise refuse(
            "This browser is registered to somebody else, so it cannot be registered to you.",
            "Use your own phone or laptop. A shared computer is never registered.",
        )
    if not device.cookie_matches(cookie):
        raise refuse(
            "This browser has lost a part of its key, for example because cookies were cleared.",
            "Register this device again. It takes about two minutes, and nothing of yours is lost.",
        )


def _merged(begun: Registration, known: Device) -> Registration:
    """The registration of a known device here: the one it has, or the one that has just begun."""
    if begun.device_id == known.pk:
        return begun
    there = Registration.objects.filter(device=known, organisation=begun.organisation).exclude(state="retired").first()
    if begun.ownership == "issued":
        _refuse_another(there)
    spare = begun.device
    if there is None:
        begun.device = known
        begun.save(update_fields=["device"])
    elif there.state in ("lost", "suspended"):
        raise refuse(
            f"This device is registered already. It is {STATE_WORDS[there.state].lower()} at the moment.",
            "Call your IT help line. They can restore it.",
        )
    else:
        begun.delete()
    spare.delete()
    return there or begun


def _refuse_another(there: Registration | None) -> NoReturn:
    """A browser that is registered anywhere does not become the device that was issued (B16, B27)."""
    if there is not None and there.ownership == "issued":
        raise refuse(
            "This is another device that your organisation issued to you. It is registered already.",
            "Open this page on the device that you want to set up.",
        )
    raise refuse(
        "This device is registered already as your own, so it cannot become one that was issued to you.",
        "Open this page on the device that was issued. If this is that one, remove it from “My devices” first, in each"
        " organisation you work for.",
    )


def _signed_in_on(registration: Registration, sign_in: SignIn, seen: Seen, *, by: Actor, now: dt.datetime) -> None:
    """This session is on this device: bind it, and keep what its passkey, key and browser showed."""
    sign_ins.on_device(sign_in=sign_in, device=registration.device_id, by=by, now=now)
    items = [rules.from_browser_key(), *rules.from_browser(seen), rules.from_check_in(epoch(now)), *_lock(sign_in)]
    if sign_in.how == "demo":
        items = [*rules.as_demo(items), _DEMO_LOCK]
    registration.last_seen = epoch(now)
    registration.save(update_fields=["last_seen"])
    record_evidence(registration=registration, items=items, by=by, now=now)


def _lock(sign_in: SignIn) -> tuple[Item, ...]:
    """The screen lock, if the passkey of this very session showed it when it last answered here.

    The answer is found by its moment: the same passkey may have answered elsewhere before or since.
    """
    event = (
        PasskeyEvent.objects.select_related("passkey")
        .filter(
            passkey=sign_in.passkey_id, at__range=(sign_in.verified_at - SAME_MOMENT, sign_in.verified_at + SAME_MOMENT)
        )
        .order_by("-at")
        .first()
        if sign_in.passkey_id
        else None
    )
    if event is None:
        return ()
    answer = PasskeyAnswer(
        uv=event.user_verified, be=event.backup_eligible, attachment=event.attachment,
        transports=tuple(event.passkey.transports.replace(",", " ").split()),
        attestation_verified=event.passkey.attestation_verified,
    )  # fmt: skip
    return rules.from_passkey(answer)
