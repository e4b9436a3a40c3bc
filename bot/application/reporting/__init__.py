"""From words to a draft and from a draft to a ticket."""
