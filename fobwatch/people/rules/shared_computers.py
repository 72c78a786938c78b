"""When a browser may be marked as a shared computer (ADR 7)."""

from fobwatch.kernel.verdict import Verdict


def may_mark(*, permitted: bool, own_device: bool, marked_here: str) -> Verdict:
    """Whether somebody may mark the browser they sit at.

    own_device: whether a registered device answered in this session. marked_here: the place under which this
    organisation has marked the browser already, empty where it has not.
    """
    if not permitted:
        return Verdict.no("Your role does not include marking shared computers.", "Ask a colleague in IT support.")
    if own_device:
        return Verdict.no(
            "This browser is registered as somebody's own device, so it can't be a shared computer.",
            "Open this page on the shared computer itself.",
        )
    if marked_here:
        return Verdict.no(
            f"This computer is on the list already: {marked_here}.",
            "To give it another name, withdraw it in the list first.",
        )
    return Verdict.yes()
