"""The pages in the main menu, and who sees which. A page that is not mounted is left out."""

from dataclasses import dataclass

from fobwatch.kernel.permission import Permission


@dataclass(frozen=True, slots=True)
class Item:
    """One word of the main menu: the name of its URL, what it says, and the permission it needs (None: all staff)."""

    name: str
    text: str
    needs: Permission | None = None


NAVIGATION: tuple[Item, ...] = (
    Item("web:home", "Home"),
    Item("devices:mine", "My devices", Permission.OWN_DEVICE),
    Item("policy:read", "Policy", Permission.READ_POLICY),
    Item("learning:mine", "Training", Permission.READ_POLICY),
    Item("notices:ask", "Ask", Permission.READ_POLICY),
    Item("policy:overview", "Set the policy", Permission.WRITE_POLICY),
    Item("notices:inbox", "Questions", Permission.ANSWER_QUESTIONS),
    Item("devices:team", "Your team", Permission.SEE_TEAM),
    Item("learning:progress", "Training so far", Permission.SEE_LEARNING),
    Item("access:register", "Register", Permission.SEE_REGISTER),
    Item("people:shared_computers", "Shared computers", Permission.MANAGE_DEVICES),
    Item("people:staff", "Staff", Permission.SEE_PEOPLE),
    Item("notices:patients", "For patients", Permission.WRITE_POLICY),
    Item("gateway:systems", "Systems", Permission.MANAGE_SYSTEMS),
    Item("access:emergencies", "Emergency access", Permission.REVIEW_BREAK_GLASS),
    Item("audit:log", "Log", Permission.READ_LOG),
    Item("people:organisation", "Organisation", Permission.MANAGE_ORGANISATION),
)

HOME = "web:home"
SIGN_IN = "people:sign_in"
SIGN_OUT = "people:sign_out"
ACCOUNT = "people:account"
SWITCH = "people:switch"
LOST = "devices:lost"
PRIVACY = "devices:privacy"
ABOUT = "web:about"
EVERYWHERE: tuple[str, ...] = (HOME, SIGN_IN, SIGN_OUT, ACCOUNT, SWITCH, LOST, PRIVACY, ABOUT)
