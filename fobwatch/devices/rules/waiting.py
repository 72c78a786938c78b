"""How long a registration that has begun waits for the key of a browser, and what is said when it waited in vain."""

# Our choice, unverified: two weeks off work are common; a device that was issued may lie in a cupboard for longer.
WAIT_DAYS = {"personal": 14, "issued": 60}


def in_vain(ownership: str) -> str:
    """Why a registration that waited in vain was removed; its owner reads it. Raises KeyError for an unknown owner."""
    days = WAIT_DAYS[ownership]
    if ownership == "issued":
        return f"It was issued, but nobody set it up within {days} days."
    return f"It was begun, but no browser made its key within {days} days."
