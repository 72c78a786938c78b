"""Clauses, the vocabulary of facts and the compiler: pure, without a table (DESIGN: the decision engine)."""
