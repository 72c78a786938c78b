"""The way to a protected host, and the pages on which IT connects systems."""
