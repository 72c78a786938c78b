"""Pages about what is open, why not, emergencies, and the register."""

from fobwatch.access.views.answers import HomeAnswers, home_answers, register_answers

__all__ = ["HomeAnswers", "home_answers", "register_answers"]
