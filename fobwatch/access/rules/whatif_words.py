"""A what-if in sentences: what it takes from whom, who can put it right today, what the day itself brings."""

from fobwatch.access.rules.picture import Picture
from fobwatch.policy.rules.vocabulary import CLASSES

_SEEING = {
    "mail": "email, calendar and rota", "chat": "messages", "documents": "documents", "record": "patient records",
    "images": "clinical photographs",
}  # fmt: skip


def people(count: int) -> str:
    """A count of people: "1 person", "1,204 people"."""
    return "1 person" if count == 1 else f"{count:,} people"


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def headline(picture: Picture, doing: str = "Publishing this") -> str:
    """The first sentence: what it would stop, or open."""
    if not picture.lose:
        opens = f" It would open something to {people(picture.gain)}." if picture.gain else ""
        return f"{doing} would take nothing away from anybody.{opens}"
    kinds = [_SEEING[one.kind] for one in picture.works if one.lose]
    if not kinds:
        first = f"{doing} would take something away from {people(picture.lose)}"
        return f"{first}, but nobody would stop seeing a kind of work."
    what = "at least one kind of work" if len(kinds) == len(CLASSES) else _joined(kinds)
    return f"{doing} would stop {people(picture.lose_sight)} from seeing {what}."


def details(picture: Picture) -> list[str]:
    """What else there is to say, each in a sentence or two."""
    found = []
    if picture.lose:
        found.append(_mending(picture))
        found.append(_day(picture))
    if picture.lose > picture.lose_sight > 0:
        found.append(f"In all, {people(picture.lose)} would lose something.")
    if picture.lose and picture.gain:
        found.append(f"It would open something to {people(picture.gain)}.")
    if picture.day_gain > picture.gain:
        found.append(
            f"{people(picture.day_gain - picture.gain).capitalize()} would get their time of grace again, because each"
            " publication begins it anew."
        )
    return found


def _mending(picture: Picture) -> str:
    left = picture.lose - picture.mend
    # No browser tells the model of a device, so nobody knows which is too old.
    update = any(one.version and one.mend for one in picture.blame)
    today = "could fix it today, if their device takes the newer version." if update else "could fix it today."
    if not left:
        return f"{'All' if picture.lose > 1 else 'This person'} {today}"
    others = f"{people(left)} could not: they need another device, or somebody in the organisation."
    if not picture.mend:
        none = "None of them could" if picture.lose > 1 else "This person could not"
        return f"{none} fix it alone: {others.partition(': ')[2]}"
    return f"{picture.mend:,} {today} {others.capitalize()}"


def _day(picture: Picture) -> str:
    if not picture.day_lose:
        return "On the day itself nobody is stopped: everybody is warned first."
    if picture.day_lose >= picture.lose:
        return "It takes effect at once, without a warning first."
    return f"{people(picture.day_lose).capitalize()} would be stopped at once. The others are warned first."
