"""The local backend in a process of its own: the event loop and the arithmetic do not share one interpreter lock."""

from nlu.apart.interpreter import ApartInterpreter

__all__ = ["ApartInterpreter"]
