"""What corrections teach, and what is released to be learned."""
