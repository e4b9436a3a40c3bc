"""Chats, people, what comes in and what goes out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _chat()
    _lane()
    _one_time_code()
    _token()
    _bot_message()
    _card()
    _chat_alias()
    _inbox()
    _outbox()
    _person()
    _question()
    _role_grant()


def _chat() -> None:
    op.create_table(
        "chat",
        sa.Column("id", LONG, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("unreachable_since", MOMENT, nullable=True),
        sa.Column("ask_private_until", MOMENT, nullable=True),
        sa.Column("muted_until", MOMENT, nullable=True),
        sa.Column("mistakes", sa.Text(), nullable=False),
        sa.Column("binding", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_chat_telegram_id")),
    )
    op.create_index("ix_chat_of_kind", "chat", ["of", "kind"], unique=False)


def _lane() -> None:
    op.create_table(
        "lane",
        sa.Column("id", LONG, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.Double(), nullable=False),
        sa.Column("hold_until", sa.Double(), nullable=False),
        sa.Column("claimed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint("key", "bot_id", name=op.f("uq_lane_key_bot_id")),
    )


def _one_time_code() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", LONG, nullable=True),
        sa.Column("issued_by", LONG, nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_one_time_code")),
    )
    op.create_index(op.f("ix_one_time_code_expires_at"), "one_time_code", ["expires_at"], unique=False)
    op.create_index(op.f("ix_one_time_code_value"), "one_time_code", ["value"], unique=False)


def _token() -> None:
    op.create_table(
        "token",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("arg", sa.Text(), nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_token")),
        sa.UniqueConstraint(
            "owner",
            "action",
            "subject_kind",
            "subject_id",
            "arg",
            "round",
            name=op.f("uq_token_owner_action_subject_kind_subject_id_arg_round"),
        ),
    )
    op.create_index(op.f("ix_token_expires_at"), "token", ["expires_at"], unique=False)


def _bot_message() -> None:
    op.create_table(
        "bot_message",
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("message_id", LONG, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_bot_message_chat_id_chat")),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name=op.f("pk_bot_message")),
    )


def _card() -> None:
    op.create_table(
        "card",
        sa.Column("id", LONG, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("face", sa.Text(), nullable=False),
        sa.Column("wanted_rev", sa.Integer(), nullable=False),
        sa.Column("shown_rev", sa.Integer(), nullable=False),
        sa.Column("shown_hash", sa.Text(), nullable=False),
        sa.Column("message_id", LONG, nullable=True),
        sa.Column("reply_to", LONG, nullable=True),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("dead", sa.Boolean(), nullable=False),
        sa.Column("shown_text", sa.Text(), nullable=False),
        sa.Column("photos_sent", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_card_chat_id_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "chat_id", "face", name=op.f("uq_card_subject_kind_subject_id_chat_id_face")
        ),
    )
    op.create_index(
        "ix_card_behind",
        "card",
        ["chat_id", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("wanted_rev > shown_rev"),
        postgresql_where=sa.text("wanted_rev > shown_rev"),
    )


def _chat_alias() -> None:
    op.create_table(
        "chat_alias",
        sa.Column("telegram_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_chat_alias_chat_id_chat")),
        sa.PrimaryKeyConstraint("telegram_id", name=op.f("pk_chat_alias")),
    )
    op.create_index(op.f("ix_chat_alias_chat_id"), "chat_alias", ["chat_id"], unique=False)


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", LONG, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("lane_id", LONG, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_inbox_lane_id_lane")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("bot_id", "update_id", name=op.f("uq_inbox_bot_id_update_id")),
    )
    op.create_index(
        "ix_inbox_open",
        "inbox",
        ["lane_id", "update_id"],
        unique=False,
        sqlite_where=sa.text("status = 0"),
        postgresql_where=sa.text("status = 0"),
    )
    op.create_index("ix_inbox_received", "inbox", ["received_at"], unique=False)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", LONG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("buttons", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject_id", LONG, nullable=True),
        sa.Column("reply_to", LONG, nullable=True),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("attachment_hashes", sa.Text(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.Double(), nullable=False),
        sa.Column("sent_text", sa.Text(), nullable=False),
        sa.Column("message_id", LONG, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_outbox_chat_id_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index(op.f("ix_outbox_created_at"), "outbox", ["created_at"], unique=False)
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["chat_id", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", LONG, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("private_chat_id", LONG, nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["private_chat_id"], ["chat.id"], name=op.f("fk_person_private_chat_id_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_person_telegram_id")),
    )
    op.create_index(op.f("ix_person_private_chat_id"), "person", ["private_chat_id"], unique=False)


def _question() -> None:
    op.create_table(
        "question",
        sa.Column("person_id", LONG, nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("arg", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_question_chat_id_chat")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_question_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "chat_id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_expires_at"), "question", ["expires_at"], unique=False)


def _role_grant() -> None:
    op.create_table(
        "role_grant",
        sa.Column("id", LONG, nullable=False),
        sa.Column("person_id", LONG, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("granted_by", LONG, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index("ix_role_grant_of", "role_grant", ["of", "role"], unique=False)
    op.create_index(
        "uq_role_grant_held",
        "role_grant",
        ["person_id", "role", "of"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
