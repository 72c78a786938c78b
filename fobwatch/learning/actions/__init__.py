"""What is done in learning."""

from fobwatch.learning.actions.attempts import answer, start
from fobwatch.learning.actions.questions import add_question, withdraw_question

__all__ = ("add_question", "answer", "start", "withdraw_question")
