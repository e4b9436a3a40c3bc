"""Chats with their alias ids, people with their grants, half-finished dialogues, one-time codes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.application.records import CodeKind, QuestionKind
from bot.domain.chat import ChatKind
from bot.domain.people import Role
from storage.columns import LONG_ID, Closed, JsonText, UtcDateTime, row_id, subject_columns
from storage.tables.base import metadata

chat = Table(
    "chat",
    metadata,
    row_id(),
    Column("telegram_id", BigInteger, nullable=False),
    Column("kind", Closed(ChatKind), nullable=False),
    Column("of", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("topic_id", BigInteger),
    Column("locale", Text, nullable=False),
    Column("unreachable_since", UtcDateTime),
    Column("ask_private_until", UtcDateTime),
    Column("muted_until", UtcDateTime),
    Column("mistakes", JsonText, nullable=False),
    Column("digest", Text, nullable=False, server_default=""),
    # Counts bindings, so that the oldest comes first.
    Column("binding", Integer, nullable=False, default=0),
    UniqueConstraint("telegram_id"),
    Index("ix_chat_of_kind", "of", "kind"),
)

chat_alias = Table(
    "chat_alias",
    metadata,
    Column("telegram_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False, index=True),
)

person = Table(
    "person",
    metadata,
    row_id(),
    Column("telegram_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("private_chat_id", LONG_ID, ForeignKey("chat.id"), index=True),
    Column("username", Text, nullable=False),
    Column("introduced", Text),
    UniqueConstraint("telegram_id"),
)

role_grant = Table(
    "role_grant",
    metadata,
    row_id(),
    Column("person_id", LONG_ID, ForeignKey("person.id"), nullable=False),
    Column("role", Closed(Role), nullable=False),
    Column("of", Text, nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("granted_by", LONG_ID),
    Column("ended_at", UtcDateTime),
    Column("rests_since", UtcDateTime),
)
Index(
    "uq_role_grant_held",
    role_grant.c.person_id,
    role_grant.c.role,
    role_grant.c.of,
    unique=True,
    sqlite_where=role_grant.c.ended_at.is_(None),
    postgresql_where=role_grant.c.ended_at.is_(None),
)
Index("ix_role_grant_of", role_grant.c.of, role_grant.c.role)

question = Table(
    "question",
    metadata,
    Column("person_id", LONG_ID, ForeignKey("person.id"), primary_key=True),
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), primary_key=True),
    Column("kind", Closed(QuestionKind), nullable=False),
    *subject_columns(),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("arg", Text, nullable=False),
)

one_time_code = Table(
    "one_time_code",
    metadata,
    Column("code", Text, primary_key=True),
    Column("kind", Closed(CodeKind), nullable=False),
    Column("value", Text, nullable=False, index=True),
    Column("of", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("used_at", UtcDateTime),
    Column("used_by", LONG_ID),
    Column("issued_by", LONG_ID),
)
