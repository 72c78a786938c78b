"""What is decided upon, and what may be done about it: pure."""
