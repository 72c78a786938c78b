"""What a passkey ceremony ends in: a passkey, an answer, or a refusal with a sentence that a nurse can act on."""

from dataclasses import dataclass

from fobwatch.kernel.verdict import Refused, Verdict

_AGAIN = "Go back and try again. If it happens twice, ask your IT team."
TOO_LONG = Verdict.no("Your browser sent far more than a passkey's answer.", _AGAIN)
MALFORMED = Verdict.no("We could not read the answer of your passkey.", _AGAIN)
NOT_PROVED = Verdict.no(
    "This passkey did not prove itself.", "Choose the passkey that you made for this site, and try again."
)
WRONG_CHALLENGE = Verdict.no(
    "This answer belongs to another attempt, or the attempt took too long.",
    "Start again. Keep this page open in one tab only.",
)
WRONG_ORIGIN = Verdict.no(
    "This passkey was used on another web address than ours.",
    "Check the address at the top of your browser. If you came by a link in a message, tell your IT team.",
)
WRONG_SITE = Verdict.no("This passkey was made for another site.", "Choose the passkey that you made for this site.")
WRONG_KIND = Verdict.no("Your browser answered another question than we asked.", _AGAIN)
NOT_PRESENT = Verdict.no("Nobody touched the device when the passkey answered.", "Try again, and follow your device.")
NOT_CHECKED = Verdict.no(
    "Your phone did not check your face, finger or PIN.",
    "Set a screen lock in your device's settings, then try again and unlock it when it asks.",
)
BACKUP_AT_ODDS = Verdict.no(
    "Your passkey says that it was backed up and that it cannot be.",
    "Update your phone or your password manager, then try again.",
)
BACKUP_CHANGED = Verdict.no(
    "This passkey has changed in a way that a passkey cannot.",
    "Sign in with another passkey, or ask your IT team for a new sign-in link.",
)
WRONG_PASSKEY = Verdict.no(
    "This is another passkey than the one we asked for.", "Choose the passkey that you made for this site."
)
CLONED = Verdict.no(
    "This passkey may have been copied: it has counted fewer uses than we have seen.",
    "Do not use it again. Tell your IT team now, and ask them for a new sign-in link.",
)


class Cloned(Refused):
    """The signature was right but the counter had not grown: what sits above may record it and cut the passkey off."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey as it was made. credential_id: base64url. aaguid: with dashes. attachment: as the browser told, or "".

    attestation_format: "none", "packed-self" or the name of the format. attestation_verified: the chain ended in a root
    that we hold; `none` and self attestation never do.
    """

    credential_id: str
    public_key: bytes
    sign_count: int
    aaguid: str
    be: bool
    bs: bool
    uv: bool
    attestation_format: str
    attestation_verified: bool
    transports: tuple[str, ...]
    attachment: str

    @property
    def attestation_words(self) -> str:
        """What is known about what holds this passkey, in a plain sentence."""
        if self.attestation_verified:
            return "Its maker's seal was checked."
        if self.attestation_format == "none":
            return "It does not say what made it."
        if self.attestation_format == "packed-self":
            return "It speaks only for itself. That was not verified by anybody else."
        return "It carries a maker's seal that we have not verified."


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of a known passkey. new_count: its counter, to be stored; 0 where it does not count."""

    uv: bool
    be: bool
    bs: bool
    new_count: int
    attachment: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Which passkey says it answers, and for whom: to look it up by, before anything is proved."""

    credential_id: str
    user_handle: bytes
