"""Questions of staff, the answers that all may read, and how patients reach the organisation."""

from fobwatch.notices.models.desk import Desk
from fobwatch.notices.models.question import Entry, Question

__all__ = ["Desk", "Entry", "Question"]
