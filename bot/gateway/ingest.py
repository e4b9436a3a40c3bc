"""Raw updates on their way in: which lane, which ids. Never raises, and asks nothing of an update but its number."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from bot.application.inbox import RawUpdate

_LARGEST = 2**63 - 1
_KIND = re.compile(r"[a-z_]{1,64}")
_NO_TEXT = dict.fromkeys([0, *range(0xD800, 0xE000)], "\N{REPLACEMENT CHARACTER}")
Json = Mapping[str, object]


def raw_update(update: object) -> RawUpdate | None:
    """The update as a row; None if it is no JSON object with a number of its own."""
    if not isinstance(update, dict):
        return None
    update_id = _number(update.get("update_id"))
    if update_id is None or update_id < 0:
        return None
    try:
        payload = json.dumps(update)  # ASCII: a lone surrogate fits into no database
    except (TypeError, ValueError, RecursionError):
        return None
    kind, content = _content(update)
    chat, user = _chat(content), _id(content.get("from")) or _id(content.get("user"))
    old, new = _migration(content, chat)
    return RawUpdate(
        update_id=update_id,
        lane=_lane(kind, new, user),
        payload=payload,
        telegram_chat_id=new,
        telegram_user_id=user,
        migrate_from=old,
    )


def pressed(update: object) -> str | None:
    """The id of the press, if the update is one."""
    query = update.get("callback_query") if isinstance(update, dict) else None
    query_id = query.get("id") if isinstance(query, dict) else None
    return query_id if isinstance(query_id, str) and query_id else None


def parsed(payload: str) -> object:
    """The JSON of a row with what no database and no HTTP body can hold (NUL, lone surrogates) as U+FFFD."""
    return _clean(json.loads(payload))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.translate(_NO_TEXT) if not value.isascii() or "\0" in value else value
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return value


def _content(update: Json) -> tuple[str, Json]:
    for kind, content in update.items():
        if kind != "update_id" and isinstance(content, dict):
            return kind if _KIND.fullmatch(str(kind)) else "unknown", content
    return "unknown", {}


def _chat(content: Json) -> int | None:
    own = _id(content.get("chat"))
    message = content.get("message")
    return own if own is not None or not isinstance(message, dict) else _id(message.get("chat"))


def _migration(content: Json, chat: int | None) -> tuple[int | None, int | None]:
    """The old id (if the chat migrates here) and the one that counts from now on."""
    to, was = _number(content.get("migrate_to_chat_id")), _number(content.get("migrate_from_chat_id"))
    if chat is None or chat in (to, was):
        return None, chat
    if to is not None:
        return chat, to
    return was, chat


def _lane(kind: str, chat: int | None, user: int | None) -> str:
    if chat is not None:
        return f"chat:{chat}"
    return f"kind:{kind}" if user is None else f"user:{user}"


def _id(thing: object) -> int | None:
    return _number(thing.get("id")) if isinstance(thing, dict) else None


def _number(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) <= _LARGEST else None
