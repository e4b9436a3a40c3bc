"""One backend that can be exchanged for a newer one while messages come in."""

from __future__ import annotations

from dataclasses import dataclass

from nlu.types import Context, Interpretation, Interpreter


@dataclass(slots=True)
class _InUse:
    """A backend, how many messages it is reading, and whether it goes once it has read them."""

    interpreter: Interpreter
    reading: int = 0
    leaving: bool = False


class ExchangeableInterpreter:
    """Implements `nlu.types.Interpreter`; whatever a backend has begun to read it finishes before it is closed."""

    def __init__(self, first: Interpreter) -> None:
        self.name = first.name
        self._now = _InUse(first)

    @property
    def current(self) -> Interpreter:
        """Who reads the next message."""
        return self._now.interpreter

    async def exchange(self, newer: Interpreter) -> None:
        """The next message is read by that one; the one before is closed as soon as nobody waits for it."""
        before, self._now = self._now, _InUse(newer)
        await self._leave(before)

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """Understands one message with the backend of this moment."""
        used = self._now
        used.reading += 1
        try:
            return await used.interpreter.interpret(text, context)
        finally:
            used.reading -= 1
            if used.leaving and not used.reading:
                await used.interpreter.close()

    async def close(self) -> None:
        """Closes the backend of this moment."""
        await self._now.interpreter.close()

    @staticmethod
    async def _leave(before: _InUse) -> None:
        before.leaving = True
        if not before.reading:
            await before.interpreter.close()
