"""What a unit asks for and others decide: more time, a pause, giving the case back."""
