"""The states of a registration, who may move it between them, and what may never be done to somebody's own device."""

import re

from fobwatch.kernel.verdict import Verdict

STATES = ("enrolling", "active", "suspended", "lost", "retired")
STATE_WORDS = {
    "enrolling": "Being set up", "active": "Active", "suspended": "Suspended", "lost": "Lost", "retired": "Removed",
}  # fmt: skip

OWNER, IT, LOST_CODE, SYSTEM = "owner", "it", "lost_code", "system"
MOVERS = (OWNER, IT, LOST_CODE, SYSTEM)
MOVER_WORDS = {
    OWNER: "the person whose device it is",
    IT: "the IT team",
    LOST_CODE: "somebody who holds the lost code",
    SYSTEM: "Fobwatch itself",
}

_EVERYBODY_WHO_LOSES = frozenset({OWNER, IT, LOST_CODE})
_REMOVERS = frozenset({OWNER, IT, SYSTEM})

# Who may make each move. A move that is not here exists for nobody.
MAY_MOVE: dict[tuple[str, str], frozenset[str]] = {
    ("enrolling", "active"): frozenset({OWNER}),
    ("enrolling", "lost"): _EVERYBODY_WHO_LOSES,
    ("enrolling", "retired"): _REMOVERS,
    ("active", "suspended"): frozenset({IT, SYSTEM}),
    ("active", "lost"): _EVERYBODY_WHO_LOSES,
    ("active", "retired"): _REMOVERS,
    ("suspended", "active"): frozenset({IT}),
    ("suspended", "lost"): _EVERYBODY_WHO_LOSES,
    ("suspended", "retired"): _REMOVERS,
    ("lost", "active"): frozenset({IT}),
    ("lost", "retired"): _REMOVERS,
}

MOVES: dict[str, tuple[str, ...]] = {
    state: tuple(after for before, after in MAY_MOVE if before == state) for state in STATES
}

_ASK_IT = "Ask your IT team if you think this is wrong. They are named on the help page."


def may_move(before: str, after: str, by: str) -> Verdict:
    """Whether a registration may go from one state to another, by this kind of mover (B16, B26, B27).

    A state or a mover outside the tables is refused like any other move that does not exist.
    """
    if before == after and before in STATES:
        return Verdict.no(f"This device is already {STATE_WORDS[before].lower()}.", "There is nothing more to do.")
    movers = MAY_MOVE.get((before, after))
    if movers is None:
        return _no_such_move(before, after)
    if by in movers:
        return Verdict.yes()
    who = " or ".join(MOVER_WORDS[mover] for mover in MOVERS if mover in movers)
    return Verdict.no(f"Only {who} can change this device from {_say(before)} to {_say(after)}.", _ASK_IT)


def _say(state: str) -> str:
    """The plain word of a state, in the middle of a sentence."""
    return f"“{STATE_WORDS.get(state, 'Unknown')}”"


def _no_such_move(before: str, after: str) -> Verdict:
    """Why a move does not exist."""
    if before == "retired":
        return Verdict.no("This device was removed from work.", "To use it for work again, register it anew.")
    return Verdict.no(f"A device cannot change from {_say(before)} to {_say(after)}.", _ASK_IT)


def may_change_ownership(before: str, after: str) -> Verdict:
    """Whose device it is stays as it was registered, so that nobody's own phone becomes the organisation's."""
    if before == after:
        return Verdict.yes()
    return Verdict.no(
        "Whose device it is cannot be changed after it was registered.",
        "Remove the registration. The owner can then register the device again.",
    )


# Words for commands that reach beyond work on somebody's own device, in the names that device managers give them too.
PERSONAL_VERBS: frozenset[str] = frozenset({
    "erase", "erase_device", "wipe", "wipe_device", "factory_reset", "reset",
    "lock", "device_lock", "remote_lock", "lost_mode", "enable_lost_mode", "start_lost_mode",
    "locate", "device_location", "track", "play_sound", "play_lost_mode_sound",
    "list_apps", "installed_application_list", "remove_application", "install_application",
    "clear_passcode", "reset_password", "reset_passcode", "set_passcode", "clear_restrictions_password",
    "read_messages", "read_contacts", "read_photos", "read_files", "read_calls", "read_browsing",
    "screenshot", "record_screen", "record_sound", "take_photo", "view_screen", "remote_control",
    "restart_device", "shut_down_device", "update_system", "rotate_file_vault_key",
})  # fmt: skip

# All that Fobwatch can ever ask for, on any device: each touches work access or work data only.
WORK_VERBS: frozenset[str] = frozenset({"end_sessions", "cut_off_access", "remove_work_data", "ask_to_check_in"})


def plain_verb(verb: str) -> str:
    """A verb without case, spaces and signs, so that "EraseDevice", "erase-device" and "ERASE_DEVICE" are one."""
    return re.sub(r"[\W_]+", "", verb).casefold()


_PERSONAL = frozenset(map(plain_verb, PERSONAL_VERBS))
_WORK = frozenset(map(plain_verb, WORK_VERBS))


def may_command(verb: str, ownership: str) -> Verdict:
    """Whether a command may go to a device, whoever asks for it and by whatever path (DESIGN, "What personal means").

    A device counts as personal unless it is known to be issued: what nobody knows is nobody's to erase. The list of
    what may be done is positive, so a verb that nobody thought of is refused too.
    """
    plain = plain_verb(verb)
    if plain in _WORK:
        return Verdict.yes()
    if ownership == "issued":
        if plain in _PERSONAL:
            return Verdict.yes()
        return Verdict.no("We do not know this command.", "Choose one of the commands on the device's page.")
    if plain in _PERSONAL:
        return Verdict.no(
            "This is somebody's own device. Nobody here can erase, lock, find or look into it.",
            "You can end its access to work. Nothing personal on it changes.",
        )
    return Verdict.no(
        "This is somebody's own device, and this command is not one of the few that touch work only.",
        "You can end its access to work. Nothing personal on it changes.",
    )
