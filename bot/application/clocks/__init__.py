"""What time alone does: the scan, its ladders, digests, and deadlines counted again."""
