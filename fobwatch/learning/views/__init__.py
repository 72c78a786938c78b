"""The pages of learning: for those who learn, for those who write the policy, and for those who look after others."""
