"""Button tokens: one per button and owner, written together when the unit of work is committed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Executable, bindparam, select

from bot.application.records import Subject, Token
from bot.domain.errors import VersionConflict
from bot.domain.permissions import Action
from storage import mapping
from storage.connection import Db, upsert
from storage.mapping import columns_of, values_of
from storage.tables.messages import token

SLACK = timedelta(hours=1)
"""A token that ends sooner than asked for by less than this is left as it is, so that edits write nothing."""

_TOKENS = select(*columns_of(token, Token))
_GET = _TOKENS.where(token.c.token == bindparam("token"))
_OF_OWNER = _TOKENS.where(token.c.owner == bindparam("owner"))
_PROLONG = token.update().where(token.c.token == bindparam("b_token"))

_Button = tuple[Action, Subject, str, int]


@cache
def _store(dialect: str) -> Executable:
    keys = ["owner", "action", "subject_kind", "subject_id", "arg", "round"]
    return upsert(dialect, token).on_conflict_do_nothing(index_elements=keys).returning(token.c.token)


class SqlTokens:
    """`Tokens` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._known: dict[str, dict[_Button, Token]] = {}
        self._new: dict[str, tuple[str, Token]] = {}
        self._prolonged: dict[str, datetime] = {}

    async def get(self, text: str) -> Token | None:
        if text in self._new:
            return self._new[text][1]
        row = await self._db.first(_GET, {"token": text})
        return None if row is None else mapping.token(row)

    async def mint(
        self, owner: str, action: Action, subject: Subject, arg: str, *, chat_id: int, round: int, expires_at: datetime
    ) -> str:
        known, button = await self._of_owner(owner), (action, subject, arg, round)
        found = known.get(button)
        if found is None:
            found = Token(secrets.token_urlsafe(16), action, subject, arg, chat_id, expires_at, round)
            self._new[found.token] = (owner, found)
        elif found.expires_at < expires_at - SLACK:
            found = replace(found, expires_at=expires_at)
            if found.token in self._new:
                self._new[found.token] = (owner, found)
            else:
                self._prolonged[found.token] = expires_at
        known[button] = found
        return found.token

    async def _of_owner(self, owner: str) -> dict[_Button, Token]:
        if owner not in self._known:
            tokens = [mapping.token(row) for row in await self._db.rows(_OF_OWNER, {"owner": owner})]
            self._known[owner] = {(t.action, t.subject, t.arg, t.round): t for t in tokens}
        return self._known[owner]

    async def flush(self) -> None:
        """Writes what was minted; raises `VersionConflict` if somebody else minted the same button meanwhile."""
        if self._new:
            rows = [{**values_of(new), "owner": owner} for owner, new in self._new.values()]
            written = await self._db.rows(_store(self._db.dialect), rows)
            if len(written) != len(rows):
                raise VersionConflict("a button was minted twice")
            self._new.clear()
        if self._prolonged:
            later = [{"b_token": text, "expires_at": moment} for text, moment in self._prolonged.items()]
            await self._db.execute(_PROLONG, later)
            self._prolonged.clear()

    def forget(self) -> None:
        """What was minted since a savepoint is gone."""
        self._known.clear()
        self._new.clear()
        self._prolonged.clear()
