"""Taking back what was just pressed."""
