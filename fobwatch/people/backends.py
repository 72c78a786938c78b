"""The passkey ceremonies (WebAuthn Level 3, 7.1 and 7.2) over py_webauthn: options out, answers checked on the server.

User verification is required at every answer and checked here, not left to the browser. What is wrong is said in a
sentence that a nurse can act on; whatever an answer holds, it ends as a result or as `Refused`, never as an error.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_attestation_object,
    parse_authenticator_data,
    parse_client_data_json,
)
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorData,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fobwatch.kernel.verdict import Refused, Verdict
from fobwatch.people.rules import ceremony as say
from fobwatch.people.rules.ceremony import Answered, Claim, Cloned, NewPasskey

LONGEST_ANSWER = 65_536
LONGEST_CREDENTIAL = 1_023  # bytes; WebAuthn Level 3, 4, "Credential ID"
TIMEOUT_MS = 300_000  # WebAuthn Level 3, 15.1: five to ten minutes where user verification is required
ATTACHMENTS = ("platform", "cross-platform")

Roots = Mapping[AttestationFormat, list[bytes]]
# Root certificates of makers, by format. None are shipped now, so no chain counts as verified.
NO_ROOTS: Roots = {}


def registration_options(
    *,
    rp_id: str,
    rp_name: str,
    user_id: bytes,
    user_name: str,
    display_name: str,
    exclude: Sequence[str],
    challenge: bytes,
    attestation: str = "none",
) -> str:
    """What the browser is asked when a passkey is made, as JSON. exclude: credential ids the person has already.

    attestation: "none" or "direct".
    """
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name=rp_name,
        user_id=user_id,
        user_name=user_name,
        user_display_name=display_name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        attestation=AttestationConveyancePreference(attestation),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(exclude),
    )
    return webauthn.options_to_json(options)


def authentication_options(*, rp_id: str, challenge: bytes, allow: Sequence[str] = ()) -> str:
    """What the browser is asked at sign-in or step-up, as JSON. allow: credential ids; empty lets the person choose."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=_described(allow),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def who_answers(answer: str) -> Claim:
    """Which passkey an answer claims to come from. Proves nothing. Raises Refused when it cannot be read."""
    found = _open(answer)
    with _refusing(say.MALFORMED):
        handle = found["response"].get("userHandle")
        return Claim(_plain_id(found), base64url_to_bytes(handle) if handle else b"")


def verify_registration(
    *, answer: str, challenge: bytes, origins: Sequence[str], rp_id: str, roots: Roots = NO_ROOTS
) -> NewPasskey:
    """Check the answer to `registration_options` (WebAuthn Level 3, 7.1).

    origins: the web addresses that are ours, in full. Raises Refused with what to do.
    """
    found = _open(answer)
    with _refusing(say.MALFORMED):
        client = base64url_to_bytes(found["response"]["clientDataJSON"])
        attested = parse_attestation_object(base64url_to_bytes(found["response"]["attestationObject"]))
        _check_client(client, "webauthn.create", challenge, origins)
        _check_flags(attested.auth_data, rp_id)
    with _refusing(say.NOT_PROVED):
        proved = webauthn.verify_registration_response(
            credential=found,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=list(origins),
            require_user_verification=True,
            pem_root_certs_bytes_by_fmt=roots,
        )
        if len(proved.credential_id) > LONGEST_CREDENTIAL:
            raise Refused(say.MALFORMED)
        chain = bool(attested.att_stmt.x5c)
        own = proved.fmt == AttestationFormat.PACKED and not chain
        flags = attested.auth_data.flags
        return NewPasskey(
            credential_id=bytes_to_base64url(proved.credential_id),
            public_key=proved.credential_public_key,
            sign_count=proved.sign_count,
            aaguid=proved.aaguid,
            be=flags.be,
            bs=flags.bs,
            uv=flags.uv,
            attestation_format="packed-self" if own else AttestationFormat(proved.fmt).value,
            attestation_verified=chain and bool(roots.get(proved.fmt)),
            transports=_transports(found["response"].get("transports")),
            attachment=found["authenticatorAttachment"] or "",
        )


def verify_assertion(
    *,
    answer: str,
    challenge: bytes,
    origins: Sequence[str],
    rp_id: str,
    credential_id: str,
    public_key: bytes,
    sign_count: int,
    be: bool,
) -> Answered:
    """Check the answer to `authentication_options` by a stored passkey (WebAuthn Level 3, 7.2).

    sign_count, be: as stored. Raises Refused with what to do, and `Cloned` where a right signature came with a counter
    that has not grown.
    """
    found = _open(answer)
    with _refusing(say.MALFORMED):
        client = base64url_to_bytes(found["response"]["clientDataJSON"])
        data = parse_authenticator_data(base64url_to_bytes(found["response"]["authenticatorData"]))
        if _plain_id(found) != credential_id:
            raise Refused(say.WRONG_PASSKEY)
        _check_client(client, "webauthn.get", challenge, origins)
        _check_flags(data, rp_id)
    with _refusing(say.NOT_PROVED):
        webauthn.verify_authentication_response(
            credential=found,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=list(origins),
            credential_public_key=public_key,
            # The counter is judged below, after the signature: a stranger must not be able to raise the alarm.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    _check_kept(data, sign_count, be)
    return Answered(
        data.flags.uv, data.flags.be, data.flags.bs, data.sign_count, found["authenticatorAttachment"] or ""
    )


@contextmanager
def _refusing(verdict: Verdict) -> Iterator[None]:
    """Turn whatever goes wrong inside into this refusal; a refusal that already has a sentence stays as it is."""
    try:
        yield
    except Refused:
        raise
    except Exception as cause:
        # The parsers below meet bytes that anybody may have written and raise many kinds: every one of them closes.
        raise Refused(verdict) from cause


def _open(answer: str) -> dict[str, Any]:
    """The JSON of an answer, its outer shape checked; an attachment that nobody knows counts as not told (5.1)."""
    if len(answer) > LONGEST_ANSWER or len(answer.encode(errors="replace")) > LONGEST_ANSWER:
        raise Refused(say.TOO_LONG)
    with _refusing(say.MALFORMED):
        found = json.loads(answer)
        if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
            raise Refused(say.MALFORMED)
        attachment = found.get("authenticatorAttachment")
        return {**found, "authenticatorAttachment": attachment if attachment in ATTACHMENTS else None}


def _plain_id(found: dict[str, Any]) -> str:
    """The credential id in its one base64url form, without padding."""
    return bytes_to_base64url(base64url_to_bytes(found["id"]))


def _transports(told: object) -> tuple[str, ...]:
    """The transports that the standard names, each once, in order."""
    known = {transport.value for transport in AuthenticatorTransport}
    return tuple(sorted({one for one in told if one in known})) if isinstance(told, list) else ()


def _described(credential_ids: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    """Stored credential ids as the options carry them."""
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credential_ids]


def _check_client(client: bytes, kind: str, challenge: bytes, origins: Sequence[str]) -> None:
    """Refuse what the browser says it signed, unless it is this question, asked now, by our own page."""
    told = parse_client_data_json(client)
    if told.type != kind:
        raise Refused(say.WRONG_KIND)
    if not hmac.compare_digest(told.challenge, challenge):
        raise Refused(say.WRONG_CHALLENGE)
    if told.origin not in origins or told.cross_origin:
        raise Refused(say.WRONG_ORIGIN)


def _check_flags(data: AuthenticatorData, rp_id: str) -> None:
    """Refuse another site's passkey, and one that did not check its owner (WebAuthn Level 3, 6.1)."""
    if data.rp_id_hash != hashlib.sha256(rp_id.encode()).digest():
        raise Refused(say.WRONG_SITE)
    if not data.flags.up:
        raise Refused(say.NOT_PRESENT)
    if not data.flags.uv:
        raise Refused(say.NOT_CHECKED)
    if data.flags.bs and not data.flags.be:
        raise Refused(say.BACKUP_AT_ODDS)


def _check_kept(data: AuthenticatorData, sign_count: int, be: bool) -> None:
    """Refuse a passkey that is no longer what we keep of it: another kind, or a counter that has not grown."""
    if data.flags.be != be:
        raise Refused(say.BACKUP_CHANGED)
    if (data.sign_count or sign_count) and data.sign_count <= sign_count:
        raise Cloned(say.CLONED)
