"""Boards: lists that people leaf through in one message."""

from __future__ import annotations

from typing import Protocol

from bot.application.records import Board


class Boards(Protocol):
    """Which page of which list a message shows."""

    async def add(self, board: Board) -> Board: ...
    async def get(self, board_id: int) -> Board | None: ...
    async def save(self, board: Board) -> None: ...
