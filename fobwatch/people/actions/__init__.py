"""What changes people, memberships, invitations, passkeys and sessions."""
