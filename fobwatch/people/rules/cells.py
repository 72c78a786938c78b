"""Cells of a CSV file that a spreadsheet would run as a formula (CWE-1236)."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take this cell for a formula."""
    return text.startswith(_STARTS)


def plain_cell(value: object) -> str:
    """A value for a CSV file: what could be a formula gets an apostrophe in front, which spreadsheets don't run."""
    text = "" if value is None else str(value)
    return f"'{text}" if is_formula(text) else text
