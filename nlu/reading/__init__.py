"""From a model's scores and the surroundings of a message to an interpretation; the same for every backend."""
