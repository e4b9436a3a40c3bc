"""Updates as Telegram sends them, made by hand."""

from __future__ import annotations

import time

from tests.gateway.rig import LI, STREET

Json = dict[str, object]
USER: Json = {"id": LI, "is_bot": False, "first_name": "李桂芳"}


def a_message(update_id: int, text: str, *, chat: int = STREET, date: object = None) -> Json:
    """A text message of Li's."""
    return {"update_id": update_id, "message": message(update_id, text, chat=chat, date=date)}


def a_press(update_id: int, query_id: str, *, chat: int = STREET, date: object = None) -> Json:
    """A press of Li's on a button under a message."""
    query = {
        "id": query_id,
        "from": USER,
        "chat_instance": "1",
        "data": "token",
        "message": message(update_id, "card", chat=chat, date=date),
    }
    return {"update_id": update_id, "callback_query": query}


def message(message_id: int, text: str, *, chat: int = STREET, date: object = None) -> Json:
    """The message itself."""
    return {
        "message_id": message_id,
        "date": int(time.time()) if date is None else date,
        "chat": {"id": chat, "type": "supergroup", "title": "群"},
        "from": USER,
        "text": text,
    }
