"""What is kept of learning: the shipped bank, own questions, attempts with their answers, and what was understood."""

from fobwatch.learning.models.attempt import Answer, Attempt
from fobwatch.learning.models.questions import OwnQuestion, bank, shipped_modules, shipped_questions
from fobwatch.learning.models.understanding import (
    Understanding,
    progress,
    standings,
    team_standings,
    to_train_in,
    understood,
)

__all__ = (
    "Answer", "Attempt", "OwnQuestion", "Understanding", "bank", "progress", "shipped_modules", "shipped_questions",
    "standings", "team_standings", "to_train_in", "understood",
)  # fmt: skip
