"""The other ways of calling: upwards, downwards, to a team, to a street, in an emergency."""
