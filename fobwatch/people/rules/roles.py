"""Roles in plain English, and what each may do. A page prints this table; nothing else decides it (B12, B22)."""

from dataclasses import dataclass

from fobwatch.kernel.permission import Permission as P

_EVERYONE = frozenset({P.OWN_DEVICE, P.READ_POLICY})


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name on the screen, a sentence about it, its permissions, and whether it is privileged.

    A privileged role can open doors for others; re-inviting its holder needs a second approver.
    """

    key: str
    name: str
    sentence: str
    permissions: frozenset[P]
    privileged: bool = False


_ALL = (
    Role("staff", "Member of staff", "Uses their own device for work, if they wish.", _EVERYONE),
    Role("manager", "Line manager", "Sees who in their team has registered a device, and acts when somebody leaves.",
         _EVERYONE | {P.SEE_TEAM}),
    Role("ig_lead", "Information governance lead",
         "Writes and publishes the policy, invites the first people, and reviews how it is kept.",
         _EVERYONE | {P.SEE_PEOPLE, P.MANAGE_PEOPLE, P.SEE_REGISTER, P.WRITE_POLICY, P.APPROVE_POLICY,
                      P.PUBLISH_POLICY, P.REVIEW_BREAK_GLASS, P.READ_LOG, P.MANAGE_ORGANISATION, P.APPROVE_PRIVILEGED,
                      P.SEE_LEARNING, P.ANSWER_QUESTIONS},
         privileged=True),
    Role("dpo", "Data protection officer", "Advises, answers questions, reads the register and the log.",
         _EVERYONE | {P.SEE_REGISTER, P.READ_LOG, P.SEE_LEARNING, P.ANSWER_QUESTIONS}),
    Role("caldicott_guardian", "Caldicott Guardian",
         "Protects patients' information, approves the policy, and reviews emergency access.",
         _EVERYONE | {P.APPROVE_POLICY, P.REVIEW_BREAK_GLASS, P.READ_LOG}),
    Role("it_support", "IT support", "Keeps the register of devices and the connected systems, and helps staff.",
         _EVERYONE | {P.SEE_PEOPLE, P.MANAGE_PEOPLE, P.SEE_REGISTER, P.MANAGE_DEVICES, P.MANAGE_SUPPORT_TABLE,
                      P.MANAGE_SYSTEMS, P.APPROVE_PRIVILEGED}, privileged=True),
    Role("people_admin", "Staff administrator", "Keeps the list of staff and invites them.",
         _EVERYONE | {P.SEE_PEOPLE, P.MANAGE_PEOPLE}, privileged=True),
    Role("auditor", "Auditor", "Reads the register and the log, and changes nothing.",
         _EVERYONE | {P.SEE_REGISTER, P.READ_LOG, P.SEE_LEARNING}),
    Role("practice_lead", "Practice lead", "Does all of the above in a small practice without an IT department.",
         frozenset(P), privileged=True),
)  # fmt: skip
ROLES: dict[str, Role] = {role.key: role for role in _ALL}
ROLE_CHOICES = [(role.key, role.name) for role in _ALL]


def permissions(role: str, *, clinical: bool) -> frozenset[P]:
    """What a member with this role may do. Emergency access belongs to clinical staff of every role."""
    held = ROLES[role].permissions
    return held | {P.BREAK_GLASS} if clinical else held - {P.BREAK_GLASS}
