"""联动处置: invitations, minutes that become assignments, and who leads."""
