"""Who somebody is, answers for, and is followed by."""
