"""What somebody may see: one ticket, a board, the hub's queue."""
