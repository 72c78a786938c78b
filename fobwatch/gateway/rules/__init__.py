"""What the gate makes of a request of another system: pure."""
