"""The Rasa backend: a client of a Rasa Open Source 3.6 server, which lives in an environment of its own."""

from nlu.rasa.client import RasaSettings
from nlu.rasa.interpreter import RasaInterpreter

__all__ = ["RasaInterpreter", "RasaSettings"]
