"""What a card shows: the present state of its subject as data, without a word of any language."""
