"""Single clauses of a draft are written, added, taken out, and taken from a newer template (R02, P26).

Two authors may write at once: each change is of one clause, and is refused only where that very clause changed.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import Refused, refuse
from fobwatch.policy.models import Step, Version, hold_version, shipped, template
from fobwatch.policy.rules import edit, updates
from fobwatch.policy.rules.clause import Policy, PolicyErrors, clause_digest, from_json
from fobwatch.policy.rules.form import Clause, Value

GONE = "Somebody took this rule out while you had it open."


@action("policy.clause_set", about="draft", details=("clause", "written", "values"), document="draft")
def set_clause(
    *, draft: Version, clause: str, written: Mapping[str, Any], values: Mapping[str, Value], shown: str, by: Actor,
    now: dt.datetime,
) -> Version:  # fmt: skip
    """Write one clause of the draft anew, with the values of its details.

    clause: its id. written: its data, as `check` reads it. shown: the digest of the clause that the author saw. Raises
    Overtaken where somebody else changed this clause, and Refused where it is gone or cannot be enforced as written.
    """
    policy, found = _open(draft, clause, shown)
    try:
        made = edit.write(policy, clause, written, values)
    except PolicyErrors as wrong:
        raise _refused(wrong) from wrong
    return _kept(draft, made, found.title, by, now)


@action("policy.clause_added", about="draft", details=("title", "result"), document="draft")
def add_clause(*, draft: Version, section: str, title: str, text: str, by: Actor, now: dt.datetime) -> str:
    """Add a clause of the organisation's own to the draft, and return its id; it is taught until more is said."""
    hold_version(draft, "changed")
    try:
        policy, made = edit.add(from_json(draft.content), section=section, title=title, text=text)
    except PolicyErrors as wrong:
        raise _refused(wrong) from wrong
    _kept(draft, policy, title, by, now)
    return made


@action("policy.clause_removed", about="draft", details=("clause",), document="draft")
def remove_clause(*, draft: Version, clause: str, shown: str, by: Actor, now: dt.datetime) -> Version:
    """Take one clause out of the draft; of a national one it is kept that the organisation does without it.

    clause: its id. shown: the digest of the clause that the author saw.
    """
    policy, found = _open(draft, clause, shown)
    try:
        made = edit.remove(policy, clause)
    except PolicyErrors as wrong:
        raise _refused(wrong) from wrong
    return _kept(draft, made, f"{found.title} (taken out)", by, now)


@action("policy.update_decided", about="draft", details=("clause", "taken", "shown"), document="draft")
def decide_update(*, draft: Version, clause: str, taken: bool, shown: str, by: Actor, now: dt.datetime) -> Version:
    """Take one clause of a newer national template into the draft, or keep ours; which version it saw is recorded.

    clause: its id. shown: the version of the template that the author read. Raises Refused where nothing is to decide.
    """
    hold_version(draft, "changed")
    policy, newest = from_json(draft.content), template()
    update = next((one for one in updates.pending(policy, newest, shipped) if one.id == clause), None)
    if update is None or newest.template_version != shown:
        raise refuse("There is nothing to decide about this rule any more.", "Look at what is left on the page.")
    made = (updates.take if taken else updates.keep)(policy, newest, update, shipped)
    said = "taken from" if taken else "kept against"
    return _kept(draft, made, f"{update.title} ({said} template {newest.template_version})", by, now)


def _open(draft: Version, clause: str, shown: str) -> tuple[Policy, Clause]:
    """The policy of a draft and one of its clauses, if it is the one that the author saw."""
    hold_version(draft, "changed")
    policy = from_json(draft.content)
    found = next((one for one in policy.clauses if one.id == clause), None)
    if found is None:
        raise refuse(GONE, "Save your words as a rule of your own, or leave it.")
    if clause_digest(policy, found) != shown:
        raise edit.Overtaken
    return policy, found


def _refused(wrong: PolicyErrors) -> Refused:
    return refuse(" ".join(one.sentence for one in wrong.problems[:3]), "Put that right, then save again.")


def _kept(draft: Version, policy: Policy, note: str, by: Actor, now: dt.datetime) -> Version:
    draft.write(policy)
    draft.save()
    Step.take(draft, "changed", by=by, now=now, note=note)
    return draft
