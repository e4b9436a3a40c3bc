"""委托: which named acts of a leader his secretary (经办人) may do, each recorded as 代; what is not named he may not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from bot.domain.errors import DelegationNotRead
from bot.domain.permissions import Action

WORDS: Mapping[str, tuple[Action, ...]] = {
    "启动": (Action.START, Action.START_ALL),
    "签发": (Action.RELEASE,),
    "派单": (Action.ORDER, Action.CALL_MEETING),
    "督促": (Action.ACKNOWLEDGE, Action.ASK_HUB, Action.TELL_STREET),
}
"""The acts that can be given to somebody else, by the word that names them in chats and in config."""

EVERY = frozenset(WORDS)
_BETWEEN = re.compile(r"[\s、，,和]+")


def actions_of(words: Iterable[str]) -> frozenset[str]:
    """The actions that these words name."""
    return frozenset(str(action) for word in words for action in WORDS[word])


def read_words(said: str) -> frozenset[str]:
    """`启动 派单`; raises `DelegationNotRead` for a word that names nothing, or none."""
    found = [word for word in _BETWEEN.split(said.strip()) if word]
    if not found or not set(found) <= EVERY:
        raise DelegationNotRead()
    return frozenset(found)


def in_order(words: Collection[str]) -> list[str]:
    """As they are shown."""
    return [word for word in WORDS if word in words]
