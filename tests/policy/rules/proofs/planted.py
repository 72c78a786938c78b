"""The shipped template with one fault planted in it, and the key of the claim that must find it. Also for `bench`."""

import copy
import tomllib
from pathlib import Path

from fobwatch.policy.rules.clause import parse

TEMPLATE = Path(__file__).parents[4] / "fobwatch/policy/data/template.toml"


def template():
    """The plain data of the shipped template."""
    return tomllib.loads(TEMPLATE.read_text(encoding="utf-8"))


def rule(data, clause_id):
    return next(one for one in data["clause"] if one["id"] == clause_id)


def changed(clause_id, **changes):
    def plant(data):
        rule(data, clause_id).update(changes)

    return plant


def without(*ids):
    def plant(data):
        data["clause"] = [one for one in data["clause"] if one["id"] not in ids]

    return plant


def added(need=None, when=None, on=("*:*",), clause_id="planted", **more):
    def plant(data):
        one = {"id": clause_id, "kind": "require", "section": "S", "title": "Planted", "text": "Text.",
               "on": list(on), "fails": "Wrong.", "fix": {"any": ["Step."]}}  # fmt: skip
        one |= {"need": need} if need else {}
        data["clause"].append(one | ({"when": when} if when else {}) | more)

    return plant


def chosen(**values):
    def plant(data):
        data["values"] = values

    return plant


def both(*plants):
    def plant(data):
        for one in plants:
            one(data)

    return plant


def _steps_gone(data):
    del rule(data, "encrypted")["fix"]["windows"]


OWN = ["ownership", "in", ["personal", "issued"]]
PLANTED = {
    "encryption is not asked for": (without("encrypted"), "files-unencrypted"),
    "encryption is not asked for on Linux": (
        changed("encrypted", when=["all", OWN, ["platform", "in", ["windows", "macos"]]]), "files-unencrypted",
    ),
    "encryption is asked for the wrong way round": (
        changed("encrypted", need=["encrypted", "==", False]), "files-unencrypted",
    ),
    "a phone without a lock may save files": (
        both(without("screen-lock", "version-android"), lambda data: data["params"].pop("min_android")),
        "files-unencrypted",
    ),
    "no passkey for records": (
        both(changed("passkey", on=["mail:*", "images:*"]), changed("fresh-passkey", on=["images:*"])),
        "records-passkey",
    ),
    "no passkey for photographs": (
        both(changed("passkey", on=["mail:*", "chat:*", "documents:*", "record:*"]),
             changed("fresh-passkey", on=["record:*"])),
        "records-passkey",
    ),
    "an emergency sets the passkey aside": (
        both(changed("passkey", break_glass=True), changed("fresh-passkey", break_glass=True)), "records-passkey",
    ),
    "a lost phone may": (
        both(
            changed("registered", need=["browser_key", "==", True]),
            changed("report-loss", need=["device_state", "in", ["active", "enrolling", "lost", "none"]]),
        ),
        "lost-device",
    ),
    "a removed phone may": (changed("registered", need=["browser_key", "==", True]), "lost-device"),
    "a phone may before it is registered": (
        changed("registered", need=["device_state", "in", ["active", "enrolling"]]), "unregistered-device",
    ),
    "somebody who has left may": (
        changed("leaving-or-away", need=["employment", "in", ["active", "leaving", "left"]]), "left",
    ),
    "somebody who has left has a time of grace": (changed("leaving-or-away", grace_days=7), "left"),
    "a lock is taken on somebody's word": (changed("screen-lock", grade="declared"), "word-for-lock"),
    "a jailbroken phone may": (without("unaltered"), "altered-device"),
    "two rules on versions contradict each other": (
        added(["os_version", "<", "17.0"], ["platform", "==", "ios"]), "against:version-iphone+planted",
    ),
    "three rules contradict each other": (
        added(["any", ["antivirus", "==", False], ["non_admin", "==", False]], ["platform", "==", "macos"]),
        "against:antivirus+own-account+planted",
    ),
    "a Chromebook can never meet a rule": (
        changed("version-computer", need=["all", ["platform", "==", "windows"], ["os_version", ">=", "$min_windows"]]),
        "against:version-computer",
    ),
    "everybody is locked out": (added(["employment", "==", "left"]), "somebody"),
    "nothing is opened to anybody": (
        chosen(mail_groups=[], chat_groups=[], document_groups=[], record_groups=[], image_groups=[],
               download_groups=[]), "somebody",
    ),
    "the author is locked out": (added(["role", "in", ["staff", "manager"]]), "authors"),
    "Linux is shut out": (added(["platform", "in", ["ios", "ipados", "android", "windows", "macos", "chromeos"]]),
                          "makes:linux"),
    "a staff group is shut out": (
        chosen(mail_groups=["clinical"], chat_groups=["clinical"], document_groups=["clinical"],
               download_groups=["clinical"]), "groups:non_clinical",
    ),
    "a rule covers what nobody may": (added(["antivirus", "==", True], on=("record:print",)), "pointless:planted"),
    "a rule that everybody meets": (
        added(["role", "in", ["staff", "manager"]], ["all", ["staff_group", "==", "clinical"],
                                                    ["staff_group", "==", "non_clinical"]]), "pointless:planted",
    ),
    "a rule opens to nobody": (chosen(image_groups=[]), "pointless:take-photographs"),
    "a rule only repeats another": (
        added(["auto_lock_minutes", "<=", 20], ["ownership", "==", "personal"]), "repeats:planted",
    ),
    "a newer version is refused": (
        added(["os_version", "<", "27"], ["all", OWN, ["platform", "==", "ios"]]), "better:os_version",
    ),
    "who hides messages has more to do": (
        added(["antivirus", "==", True], ["all", OWN, ["notifications_hidden", "==", True]]),
        "better:notifications_hidden",
    ),
    "a remedy leads to another no": (
        added(["non_admin", "==", True], ["all", ["ownership", "==", "personal"], ["unaltered", "==", True]],
              on=("mail:*",)), "cures",
    ),
    "a no on Windows has no steps": (_steps_gone, "steps:encrypted"),
}  # fmt: skip


def planted(name):
    """The policy with this fault, and the key of the claim that finds it."""
    plant, key = PLANTED[name]
    data = copy.deepcopy(template())
    plant(data)
    return parse(data), key
