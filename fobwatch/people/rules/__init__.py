"""Roles, employment, invitations, names and staff files: pure."""
