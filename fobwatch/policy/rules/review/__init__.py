"""Reading a policy that exists: lines, sentences, what each says, and a grade for each of the 26 items (R06)."""
