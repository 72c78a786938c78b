"""Questions are asked, taken, answered and published; the notice for patients gets its contacts."""

from fobwatch.notices.actions.desk import set_desk
from fobwatch.notices.actions.entries import check_entry, publish_entry, retire_entry
from fobwatch.notices.actions.questions import answer, ask, give_back, take, withdraw

__all__ = [
    "answer", "ask", "check_entry", "give_back", "publish_entry", "retire_entry", "set_desk", "take", "withdraw",
]  # fmt: skip
