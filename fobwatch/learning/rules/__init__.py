"""The rules of learning: the bank of questions, what is drawn from it, how it is marked, and what figures show."""
