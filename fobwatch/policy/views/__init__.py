"""The pages of the policy: for those who read it, and for those who write it."""
