"""The local backend: in-process, offline, learning from the same files as every other."""

from nlu.local.interpreter import LocalInterpreter

__all__ = ["LocalInterpreter"]
