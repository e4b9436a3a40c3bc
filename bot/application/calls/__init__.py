"""What is done with a ticket and its assignments, from dispatch to filing."""
