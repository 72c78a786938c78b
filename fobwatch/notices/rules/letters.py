"""The e-mails about questions. Constant text: neither the question nor a name ever stands in one."""

from fobwatch.people.rules.letters import Words


def asked_words(*, organisation: str, address: str) -> Words:
    """To the IG team: a question waits."""
    return Words(
        "A question about the policy waits for you",
        f"Hello\n\nA member of staff asked a question about using their own device for work. Read it here:\n\n{address}"
        f"\n\nThe question is not in this e-mail, on purpose.\n\n{organisation}",
    )


def answered_words(*, organisation: str, address: str, help_line: str) -> Words:
    """To the member of staff: the answer is there."""
    questions = f"\n\nIn a hurry? {help_line}" if help_line else ""
    return Words(
        "Your question has an answer",
        f"Hello\n\nThe information governance team answered your question. Read the answer here:\n\n{address}"
        f"{questions}\n\n{organisation}",
    )
