"""What the pages say about systems behind the gate, in plain words."""

from fobwatch.policy.rules.vocabulary import ACTIONS, CLASSES

METHOD_WORDS = {"any": "Everything", "read": "Reading only", "write": "Writing only"}
WHEN_DOWN_WORDS = {"closed": "Closed", "open": "Open, with a banner and a log"}
RISKS = {
    "closed": (
        "Nobody can use this system through its usual address until Fobwatch answers again."
        " If staff need it to treat patients, keep another way to it and say where it is."
    ),
    "open": (
        "Everybody who can reach the address gets in, from any device, lost ones too, and we do not know who they are."
        " Only a sign-in of the system itself then protects it. Somebody could also overload Fobwatch to open it."
    ),
}


def cell_words(cell: str) -> str:
    """A cell as staff read it: "Patient records: view"."""
    kind, _, action = cell.partition(":")
    return f"{CLASSES[kind]}: {ACTIONS[action]}"


def host_and_port(text: str) -> tuple[str, int | None] | None:
    """A host as somebody types it, with or without a port: ("notes.example.org", None). None where it is none."""
    name, colon, port = text.strip().lower().partition(":")
    if not colon:
        return name, None
    number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0
    return (name, number) if 0 < number < 65_536 else None
