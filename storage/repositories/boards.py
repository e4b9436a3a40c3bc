"""Boards: lists that people leaf through in one message."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from bot.application.records import Board
from storage import mapping
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.tables.boards import board

_GET = select(*columns_of(board, Board)).where(board.c.id == bindparam("id"))
_SAVE = board.update().where(board.c.id == bindparam("b_id"))


class SqlBoards:
    """`Boards` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Board) -> Board:
        added.id = await self._db.insert(board, values_of(added, "id"))
        return added

    async def get(self, board_id: int) -> Board | None:
        row = await self._db.first(_GET, {"id": board_id})
        return None if row is None else mapping.board(row)

    async def save(self, saved: Board) -> None:
        await self._db.execute(_SAVE, {**values_of(saved, "id"), "b_id": saved.id})
