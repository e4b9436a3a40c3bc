"""The process that reads: `python -m nlu.apart.reader`, questions on stdin, answers on stdout, until stdin ends.

It goes when the bot goes, however that ends; signals that are meant for the bot's whole group do not end it before.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import Any, BinaryIO

from nlu.apart.frames import LENGTH_BYTES, Failed, Opening, framed
from nlu.local import LocalInterpreter


def main() -> None:
    """Answers until nobody asks any more."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    opening: Opening = _heard(asked)
    local = LocalInterpreter.load(opening.model, opening.thresholds)
    told: object = None
    while True:
        try:
            answers.write(framed(told))
            answers.flush()
        except BrokenPipeError:
            os._exit(0)  # the bot is gone, and with it whoever would read what is left or a complaint about it
        messages = _heard(asked)
        if messages is None:
            return
        try:
            told = local.read_all(messages)
        except Exception as error:
            told = Failed(repr(error))


def _heard(asked: BinaryIO) -> Any:
    length = asked.read(LENGTH_BYTES)
    return pickle.loads(asked.read(int.from_bytes(length, "big"))) if length else None


if __name__ == "__main__":
    main()
