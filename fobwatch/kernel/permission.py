"""What a person may do here. A role (in people) is a set of these; a page names the one it needs."""

from enum import StrEnum


class Permission(StrEnum):
    """Each permission, and the plain sentence that the roles page prints for it."""

    OWN_DEVICE = "own_device"
    READ_POLICY = "read_policy"
    BREAK_GLASS = "break_glass"
    SEE_TEAM = "see_team"
    SEE_LEARNING = "see_learning"
    SEE_PEOPLE = "see_people"
    MANAGE_PEOPLE = "manage_people"
    APPROVE_PRIVILEGED = "approve_privileged"
    SEE_REGISTER = "see_register"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_SUPPORT_TABLE = "manage_support_table"
    MANAGE_SYSTEMS = "manage_systems"
    WRITE_POLICY = "write_policy"
    APPROVE_POLICY = "approve_policy"
    PUBLISH_POLICY = "publish_policy"
    ANSWER_QUESTIONS = "answer_questions"
    REVIEW_BREAK_GLASS = "review_break_glass"
    READ_LOG = "read_log"
    MANAGE_ORGANISATION = "manage_organisation"

    @property
    def sentence(self) -> str:
        """What it lets a person do, in plain English."""
        return SENTENCES[self]


SENTENCES: dict[Permission, str] = {
    Permission.OWN_DEVICE: "Register their own phone or laptop, see what it may be used for, and report it lost.",
    Permission.READ_POLICY: "Read the policy and confirm that they have read it.",
    Permission.BREAK_GLASS: "Open a clinical system in an emergency, with a reason that is reviewed afterwards.",
    Permission.SEE_TEAM: "See who in their team has a registered device, and who has the training to do.",
    Permission.SEE_LEARNING: "See how far the training has come, in counts without names.",
    Permission.SEE_PEOPLE: "See the list of staff.",
    Permission.MANAGE_PEOPLE: "Invite, import and update staff, and send a new sign-in link.",
    Permission.APPROVE_PRIVILEGED: "Be the second person who approves a new sign-in link for a privileged role.",
    Permission.SEE_REGISTER: "See the register of devices. Each look at one device is recorded.",
    Permission.MANAGE_DEVICES: "Issue a device, and suspend, restore, retire or mark one as lost. Nothing personal.",
    Permission.MANAGE_SUPPORT_TABLE: "Keep the list of which system versions still get security fixes.",
    Permission.MANAGE_SYSTEMS: "Connect other systems, and say which kind of work each address holds.",
    Permission.WRITE_POLICY: "Adopt the policy and set its details.",
    Permission.APPROVE_POLICY: "Approve a version of the policy that somebody else wrote.",
    Permission.PUBLISH_POLICY: "Publish a version of the policy that is approved.",
    Permission.ANSWER_QUESTIONS: "Answer the questions of staff about the policy, and publish answers for all to read.",
    Permission.REVIEW_BREAK_GLASS: "Review emergency access, by name.",
    Permission.READ_LOG: "Read and check the log of everything that was done.",
    Permission.MANAGE_ORGANISATION: "Keep the organisation's name, contacts and help lines.",
}
