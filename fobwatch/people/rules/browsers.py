"""The name of a browser for the list of sessions, "Safari on an iPhone": a help to memory, never evidence."""

# First match wins; the order matters, because browsers name one another.
_BROWSERS = (
    ("EdgiOS/", "Edge"), ("EdgA/", "Edge"), ("Edg/", "Edge"), ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_PLACES = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "an Android phone or tablet"), ("CrOS", "a Chromebook"),
    ("Windows", "a Windows computer"), ("Macintosh", "a Mac or an iPad"), ("Linux", "a Linux computer"),
)  # fmt: skip
_LONGEST = 1_000


def browser_words(user_agent: str) -> str:
    """The browser and the kind of device that a user agent claims, at most 80 characters."""
    head = user_agent[:_LONGEST]
    browser = next((name for mark, name in _BROWSERS if mark in head), "A browser")
    place = next((name for mark, name in _PLACES if mark in head), "")
    return f"{browser} on {place}" if place else browser
