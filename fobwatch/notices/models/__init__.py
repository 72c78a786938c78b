"""Questions of staff, the answers that all may read, and how patients reach the organisation."""

from fobwatch.notices.models.desk import Desk, notice_of
from fobwatch.notices.models.question import FaqEntry, Question, oldest_wait

__all__ = ["Desk", "FaqEntry", "Question", "notice_of", "oldest_wait"]
