"""Faults that a test asks for: failing and hanging methods, a server that is away or knows a few methods only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from bot.playground.errors import ApiError


@dataclass(slots=True)
class _Fault:
    method: str | None
    remaining: int
    status: int = 0
    description: str = ""
    seconds: float = 0.0
    retry_after: int | None = None

    def hits(self, method: str) -> bool:
        return self.remaining > 0 and (self.method is None or self.method == method)


class Faults:
    """What goes wrong next; method names are compared without case, none means every method."""

    def __init__(self) -> None:
        self.offline = False
        self._only: frozenset[str] | None = None
        self._planned: list[_Fault] = []
        self._closed = asyncio.Event()

    def close(self) -> None:
        """Whoever hangs is let go: the server stops."""
        self._closed.set()

    def fail(
        self, method: str | None, status: int = 500, times: int = 1, *, description: str = "", retry_after: int = 0
    ) -> None:
        """The next `times` calls of the method are answered with this HTTP status and not carried out."""
        text = description or {429: "Too Many Requests", 500: "Internal Server Error"}.get(status, "Fault")
        wait = retry_after or None
        self._planned.append(_Fault(_lower(method), times, status, text, retry_after=wait))

    def hang(self, seconds: float, method: str | None = None, times: int = 1) -> None:
        """The next `times` calls wait so many real seconds before they are carried out."""
        self._planned.append(_Fault(_lower(method), times, seconds=seconds))

    def only(self, methods: Iterable[str] | None) -> None:
        """Every other method is answered with HTTP 500, as a minimal server would; None knows all again."""
        self._only = None if methods is None else frozenset(name.lower() for name in methods)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.offline = False
        self._only = None
        self._planned.clear()

    async def strike(self, method: str) -> None:
        """Called before a method is carried out; raises the fault that is planned for it, or waits."""
        name = method.lower()
        if self.offline:
            raise ApiError(502, "Bad Gateway")
        if self._only is not None and name not in self._only:
            raise ApiError(500, "Internal Server Error: method not implemented here")
        for fault in [each for each in self._planned if each.hits(name)]:
            fault.remaining -= 1
            if fault.seconds:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closed.wait(), fault.seconds)
            if fault.status:
                parameters = {} if fault.retry_after is None else {"retry_after": fault.retry_after}
                raise ApiError(fault.status, fault.description, parameters)
        self._planned = [each for each in self._planned if each.remaining > 0]


def _lower(method: str | None) -> str | None:
    return method.lower() if method else None
