"""Chats as the mechanism knows them: what they are bound to and how freely the bot may speak there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChatKind(StrEnum):
    """What a chat is bound as; `private` is one person, `unbound` a group nobody has bound yet."""

    STREET = "street"
    COMMUNITY = "community"
    DEPARTMENT = "department"
    HUB = "hub"
    ENFORCEMENT = "enforcement"
    LEADERS = "leaders"
    MIXED = "mixed"
    PRIVATE = "private"
    UNBOUND = "unbound"


REPORTING_KINDS = frozenset({ChatKind.STREET, ChatKind.COMMUNITY, ChatKind.MIXED, ChatKind.ENFORCEMENT})
GROUP_KINDS = frozenset(ChatKind) - {ChatKind.PRIVATE, ChatKind.UNBOUND}


@dataclass(slots=True)
class Chat:
    """A chat with its own id; Telegram's id is a column that a migration may change."""

    id: int
    telegram_id: int
    kind: ChatKind
    of: str = ""
    title: str = ""
    topic_id: int | None = None
    locale: str = "zh"
    unreachable_since: datetime | None = None
    ask_private_until: datetime | None = None
    muted_until: datetime | None = None
    mistakes: list[str] = field(default_factory=list)
    """Aware ISO moments of `不是上报` in this chat, oldest first; only today's count."""

    digest: str = ""
    """When its digest comes (`09:00 15:00`), `off`, or empty: as config says."""

    @property
    def is_group(self) -> bool:
        """Whether several people read it."""
        return self.kind is not ChatKind.PRIVATE
