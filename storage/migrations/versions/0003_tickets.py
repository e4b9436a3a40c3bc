"""Drafts, tickets and their parts, the schedule, the append-only history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _anchor()
    _due()
    _ticket_counter()
    _draft()
    _ticket()
    _assignment()
    _draft_message()
    _event()
    _follower()
    _evaluation()
    _event_text()
    _hub_task()
    _append_only()


def _anchor() -> None:
    op.create_table(
        "anchor",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("tails", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_anchor")),
    )


def _due() -> None:
    op.create_table(
        "due",
        sa.Column("id", LONG, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("next_check_at", MOMENT, nullable=False),
        sa.Column("arg", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
        sa.UniqueConstraint("subject_kind", "subject_id", "kind", name=op.f("uq_due_subject_kind_subject_id_kind")),
    )
    op.create_index(op.f("ix_due_next_check_at"), "due", ["next_check_at"], unique=False)


def _ticket_counter() -> None:
    op.create_table(
        "ticket_counter",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "day", name=op.f("pk_ticket_counter")),
    )


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", LONG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author_id", LONG, nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("message_id", LONG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("choosing", sa.Boolean(), nullable=False),
        sa.Column("photo_hashes", sa.Text(), nullable=False),
        sa.Column("message_ids", sa.Text(), nullable=False),
        sa.Column("media_group", sa.Text(), nullable=False),
        sa.Column("ticket_id", LONG, nullable=True),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_draft_author_id_person")),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_draft_chat_id_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_author", "draft", ["author_id", "updated_at"], unique=False)
    op.create_index("ix_draft_media_group", "draft", ["chat_id", "media_group"], unique=False)


def _ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", LONG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("reporter_id", LONG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("origin_chat_id", LONG, nullable=True),
        sa.Column("origin_message_id", LONG, nullable=True),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("start_awaited", sa.Boolean(), nullable=False),
        sa.Column("start_authority", sa.Text(), nullable=False),
        sa.Column("street_action", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("merged_into", LONG, nullable=True),
        sa.Column("split_from", LONG, nullable=True),
        sa.Column("foreign_ids", sa.Text(), nullable=False),
        sa.Column("supervised", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["origin_chat_id"], ["chat.id"], name=op.f("fk_ticket_origin_chat_id_chat")),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name=op.f("fk_ticket_reporter_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("code", name=op.f("uq_ticket_code")),
    )
    op.create_index("ix_ticket_created", "ticket", ["created_at"], unique=False)
    op.create_index(
        "ix_ticket_open_item",
        "ticket",
        ["item", "community"],
        unique=False,
        sqlite_where=sa.text("ending IS NULL"),
        postgresql_where=sa.text("ending IS NULL"),
    )
    op.create_index(
        "ix_ticket_open_street",
        "ticket",
        ["street", "created_at"],
        unique=False,
        sqlite_where=sa.text("ending IS NULL"),
        postgresql_where=sa.text("ending IS NULL"),
    )
    op.create_index("ix_ticket_reporter", "ticket", ["reporter_id", "created_at"], unique=False)


def _assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", LONG, nullable=False),
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("assignee_kind", sa.Text(), nullable=False),
        sa.Column("assignee_code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sign_limit", sa.Text(), nullable=False),
        sa.Column("handle_limit", sa.Text(), nullable=False),
        sa.Column("dispatched_at", MOMENT, nullable=False),
        sa.Column("clock_start", MOMENT, nullable=False),
        sa.Column("sign_due_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("prior_state", sa.Text(), nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_by", LONG, nullable=True),
        sa.Column("handler_id", LONG, nullable=True),
        sa.Column("handler_name", sa.Text(), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=True),
        sa.Column("reported_by", LONG, nullable=True),
        sa.Column("report_text", sa.Text(), nullable=False),
        sa.Column("report_public", sa.Text(), nullable=False),
        sa.Column("report_outcome", sa.Text(), nullable=False),
        sa.Column("last_progress", sa.Text(), nullable=False),
        sa.Column("last_progress_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("last_mover", LONG, nullable=True),
        sa.Column("last_moved_at", MOMENT, nullable=True),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_assignment_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(
        "ix_assignment_open",
        "assignment",
        ["assignee_code"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_assignment_ticket_id"), "assignment", ["ticket_id"], unique=False)


def _draft_message() -> None:
    op.create_table(
        "draft_message",
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("message_id", LONG, nullable=False),
        sa.Column("draft_id", LONG, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_draft_message_chat_id_chat")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_message_draft_id_draft")),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name=op.f("pk_draft_message")),
    )
    op.create_index(op.f("ix_draft_message_draft_id"), "draft_message", ["draft_id"], unique=False)


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", LONG, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_event_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", "seq", name=op.f("pk_event")),
    )


def _follower() -> None:
    op.create_table(
        "follower",
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("person_id", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follower_person_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_follower_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_follower")),
    )
    op.create_index(op.f("ix_follower_person_id"), "follower", ["person_id"], unique=False)


def _evaluation() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", LONG, nullable=False),
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("assignment_id", LONG, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("by", LONG, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_evaluation_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_evaluation_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    op.create_index(op.f("ix_evaluation_ticket_id"), "evaluation", ["ticket_id"], unique=False)


def _event_text() -> None:
    op.create_table(
        "event_text",
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id", "seq"], ["event.ticket_id", "event.seq"], name=op.f("fk_event_text_ticket_id_event")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "seq", "name", name=op.f("pk_event_text")),
    )


def _hub_task() -> None:
    op.create_table(
        "hub_task",
        sa.Column("id", LONG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket_id", LONG, nullable=True),
        sa.Column("assignment_id", LONG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", LONG, nullable=True),
        sa.Column("claimed_by", LONG, nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_hub_task_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_hub_task_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_task")),
    )
    op.create_index(
        "ix_hub_task_open",
        "hub_task",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix_hub_task_ticket_id"), "hub_task", ["ticket_id"], unique=False)


def _append_only() -> None:
    """Links of the history and its anchors are written once; the database itself refuses anything else."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in ("event", "anchor"):
        if connection.dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
