"""What we may know about a device, how it is known, and what may be done to it: pure, without a table."""
