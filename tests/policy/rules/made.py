"""Small policies and good facts for tests of one thing."""

from fobwatch.policy.rules.clause import parse
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.row import FOREVER, held, pack
from fobwatch.policy.rules.vocabulary import BY_NAME, Grade

NOW = 1_800_000_000
DAY = 86_400
GOOD = {
    "platform": "ios", "os_version": "18.1", "os_fixes": NOW + 90 * DAY, "screen_lock": True, "auto_lock_minutes": 2,
    "encrypted": True, "unaltered": True, "antivirus": True, "non_admin": True, "not_shared": True,
    "notifications_hidden": True, "contacts_reviewed": True, "remote_wipe_on": True, "browser_key": True,
    "checked_in": NOW - 100, "ownership": "personal", "device_state": "active", "role": "staff",
    "staff_group": "clinical", "employment": "active", "policy_read": True,
    "understands": NOW + 90 * DAY, "passkey_verified": True,
    "verified": NOW - 100,
}  # fmt: skip


def facts(observed=NOW - 1_000, expires=FOREVER, **changes):
    """Good facts, changed: a value, (value, grade, observed, expires), or None for missing."""
    found = {}
    for name, good in GOOD.items():
        value = changes.get(name, good)
        if value is None:
            continue
        rest = (max(BY_NAME[name].grades), observed, expires)
        if isinstance(value, tuple):
            value, *rest = value
        found[name] = held(name, value, *rest)
    return found


def row(**changes):
    return pack(facts(**changes))


def said(value, grade=Grade.DECLARED, observed=NOW - DAY, expires=FOREVER):
    return (value, grade, observed, expires)


def clause(kind, **more):
    base = {"id": more.pop("id", kind), "kind": kind, "section": "S", "title": "T", "text": "Text."}
    if kind != "teach":
        base["on"] = ["mail:*"]
    if kind == "require":
        base["fails"] = "Wrong."
    return base | more


def policy(*clauses, params=None, **more):
    open_all = clause("grant", id="open-all", on=["mail:*", "record:*"])
    return parse({"title": "T", "params": params or {}, "clause": [open_all, *clauses], **more})


def compiled(*clauses, **more):
    return compile_policy(policy(*clauses, **more))
