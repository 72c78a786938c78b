"""Rows of tables as lines: a short row is one line; in a long one each cell knows the names of its row and column."""

from fobwatch.policy.rules.review.lines import CELL, GAP, TEXT, Line

SHORT_ROW = 14
LABEL = 8


def table_lines(rows: list[list[list[str]]], page: int = 0) -> list[Line]:
    """The lines of a table. A row is a list of cells, a cell a list of paragraphs."""
    lines = [Line("", page, GAP)]
    head = [" ".join(cell) for cell in rows[0]] if len(rows) > 1 and len(rows[0]) > 1 else []
    head = head if all(0 < len(name.split()) <= LABEL // 2 for name in head) else []
    for at, row in enumerate(rows):
        lines += _row(row, head if at else [], page)
    return [*lines, Line("", page, GAP)]


def _row(row: list[list[str]], head: list[str], page: int) -> list[Line]:
    texts = [" ".join(cell).strip() for cell in row]
    whole = " ".join(text for text in texts if text)
    if len(whole.split()) <= SHORT_ROW:
        return [Line(whole, page, CELL)] if whole else []
    if len(row) == 1:
        return [Line(text, page, TEXT) for text in row[0]]
    first = texts[0] if len(texts[0].split()) <= LABEL else ""
    lines: list[Line] = []
    for at, cell in enumerate(row):
        column = head[at] if at < len(head) else ""
        if at == 0 and first:
            continue
        lines += [Line(text, page, CELL, f"{first} {column}".strip()) for text in cell if text.strip()]
    return lines
