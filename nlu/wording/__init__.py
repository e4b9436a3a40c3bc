"""What plain words give away, whatever a model says of them: whom they accuse, and what no group should read."""
