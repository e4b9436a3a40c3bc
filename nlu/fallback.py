"""Two backends as one: while the first is away the second answers, and the first is tried again by and by."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from nlu.types import Context, Interpretation, Interpreter, NluUnavailable

REST_SECONDS = 10.0
log = structlog.get_logger(__name__)


class FallbackInterpreter:
    """Implements `nlu.types.Interpreter`; raises `NluUnavailable` only if both cannot answer.

    After a failure the first backend is left alone for `rest` seconds of real time, then one message tries it anew
    while the others go on to the second. Going and coming back are logged once each.
    """

    def __init__(
        self,
        first: Interpreter,
        second: Interpreter,
        rest: float = REST_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"{first.name}, else {second.name}"
        self._first = first
        self._second = second
        self._rest = rest
        self._seconds = seconds
        self._tried_again_at: float | None = None

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """Understands one message with the first backend that can."""
        if self._may_try():
            try:
                found = await self._first.interpret(text, context)
            except NluUnavailable as error:
                self._failed(error)
            else:
                self._answered()
                return found
        return await self._second.interpret(text, context)

    async def close(self) -> None:
        """Closes both."""
        try:
            await self._first.close()
        finally:
            await self._second.close()

    def _may_try(self) -> bool:
        if self._tried_again_at is None:
            return True
        if self._seconds() < self._tried_again_at:
            return False
        # whoever comes while this one is trying does not wait for it
        self._tried_again_at = self._seconds() + self._rest
        return True

    def _failed(self, error: NluUnavailable) -> None:
        if self._tried_again_at is None:
            log.warning("understanding falls back", away=self._first.name, answers=self._second.name, why=str(error))
        self._tried_again_at = self._seconds() + self._rest

    def _answered(self) -> None:
        if self._tried_again_at is not None:
            log.info("understanding is back", answers=self._first.name)
        self._tried_again_at = None
