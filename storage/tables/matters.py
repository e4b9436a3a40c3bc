"""Drafts, tickets and their parts, and the schedule."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.application.records import DueKind
from bot.domain.assignment import AssignmentState
from bot.domain.draft import DraftState
from bot.domain.evaluation import Verdict
from bot.domain.hub_task import HubTaskKind
from bot.domain.party import PartyKind
from bot.domain.ticket import Ending, Level, Mode, Sensitivity
from storage.columns import LONG_ID, Closed, JsonText, PartyText, UtcDateTime, row_id, subject_columns
from storage.tables.base import metadata

draft = Table(
    "draft",
    metadata,
    row_id(),
    Column("state", Closed(DraftState), nullable=False),
    Column("author_id", LONG_ID, ForeignKey("person.id"), nullable=False),
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False),
    Column("message_id", LONG_ID),
    Column("text", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("caller", PartyText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("item", Text, nullable=False),
    Column("candidates", JsonText, nullable=False),
    Column("sure", Boolean, nullable=False),
    Column("danger", Boolean, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("choosing", Boolean, nullable=False),
    Column("photo_hashes", JsonText, nullable=False),
    Column("message_ids", JsonText, nullable=False),
    Column("media_group", Text, nullable=False),
    Column("ticket_id", LONG_ID),
    Column("segments", JsonText, nullable=False),
    Column("split_from", LONG_ID),
    Column("discreet", Boolean, nullable=False),
    Column("turn", Integer),
    Column("version", Integer, nullable=False),
)
Index("ix_draft_author", draft.c.author_id, draft.c.updated_at)
Index("ix_draft_media_group", draft.c.chat_id, draft.c.media_group)

draft_message = Table(
    "draft_message",
    metadata,
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False),
    Column("message_id", LONG_ID, nullable=False),
    Column("draft_id", LONG_ID, ForeignKey("draft.id"), nullable=False, index=True),
    PrimaryKeyConstraint("chat_id", "message_id"),
)

ticket = Table(
    "ticket",
    metadata,
    row_id(),
    Column("code", Text, nullable=False),
    Column("mode", Closed(Mode), nullable=False),
    Column("level", Closed(Level), nullable=False),
    Column("item", Text, nullable=False),
    Column("item_name", Text, nullable=False),
    Column("catalogue_version", Integer, nullable=False),
    Column("sensitivity", Closed(Sensitivity), nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("caller", PartyText, nullable=False),
    Column("reporter_id", LONG_ID, ForeignKey("person.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("origin_chat_id", LONG_ID, ForeignKey("chat.id")),
    Column("origin_message_id", LONG_ID),
    Column("danger", Boolean, nullable=False),
    Column("start_awaited", Boolean, nullable=False),
    Column("start_authority", Text, nullable=False),
    Column("street_action", Text, nullable=False),
    Column("ending", Closed(Ending)),
    Column("ended_at", UtcDateTime),
    Column("merged_into", LONG_ID),
    Column("split_from", LONG_ID),
    Column("foreign_ids", JsonText, nullable=False),
    Column("supervised", Boolean, nullable=False),
    Column("ordered_by", LONG_ID),
    Column("start_since", UtcDateTime),
    Column("start_due_at", UtcDateTime),
    Column("start_ladder", JsonText, nullable=False, server_default="[]"),
    Column("version", Integer, nullable=False),
    UniqueConstraint("code"),
)
Index("ix_ticket_created", ticket.c.created_at)
Index("ix_ticket_reporter", ticket.c.reporter_id, ticket.c.created_at)
_UNENDED = ticket.c.ending.is_(None)
Index("ix_ticket_open_street", ticket.c.street, ticket.c.created_at, sqlite_where=_UNENDED, postgresql_where=_UNENDED)
Index("ix_ticket_open_item", ticket.c.item, ticket.c.community, sqlite_where=_UNENDED, postgresql_where=_UNENDED)

follower = Table(
    "follower",
    metadata,
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), nullable=False),
    Column("person_id", LONG_ID, ForeignKey("person.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("joined", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("ticket_id", "person_id"),
)

ticket_counter = Table(
    "ticket_counter",
    metadata,
    Column("prefix", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("prefix", "day"),
)

assignment = Table(
    "assignment",
    metadata,
    row_id(),
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("assignee_kind", Closed(PartyKind), nullable=False),
    Column("assignee_code", Text, nullable=False),
    Column("state", Closed(AssignmentState), nullable=False),
    Column("round", Integer, nullable=False),
    Column("sign_limit", Text, nullable=False),
    Column("handle_limit", Text, nullable=False),
    Column("dispatched_at", UtcDateTime, nullable=False),
    Column("clock_start", UtcDateTime, nullable=False),
    Column("sign_due_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("provisional", Boolean, nullable=False),
    Column("is_lead", Boolean, nullable=False),
    Column("prior_state", Closed(AssignmentState)),
    Column("delivered_at", UtcDateTime),
    Column("signed_at", UtcDateTime),
    Column("signed_by", LONG_ID),
    Column("handler_id", LONG_ID),
    Column("handler_name", Text, nullable=False),
    Column("reported_at", UtcDateTime),
    Column("reported_by", LONG_ID),
    Column("report_text", Text, nullable=False),
    Column("report_public", Text, nullable=False),
    Column("report_outcome", Text, nullable=False),
    Column("last_progress", Text, nullable=False),
    Column("last_progress_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("last_mover", LONG_ID),
    Column("last_moved_at", UtcDateTime),
    Column("ladder", JsonText, nullable=False),
    Column("task", Text, nullable=False, server_default=""),
    Column("set_out_at", UtcDateTime),
    Column("arrived_at", UtcDateTime),
    Column("yields_to", LONG_ID),
    Column("word_owed", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
)
_UNCLOSED = assignment.c.ended_at.is_(None)
Index("ix_assignment_open", assignment.c.assignee_code, sqlite_where=_UNCLOSED, postgresql_where=_UNCLOSED)

hub_task = Table(
    "hub_task",
    metadata,
    row_id(),
    Column("kind", Closed(HubTaskKind), nullable=False),
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), index=True),
    Column("assignment_id", LONG_ID, ForeignKey("assignment.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by", LONG_ID),
    Column("claimed_by", LONG_ID),
    Column("claimed_until", UtcDateTime),
    Column("time_limit", Text, nullable=False, server_default=""),
    Column("ladder", JsonText, nullable=False, server_default="[]"),
    Column("version", Integer, nullable=False),
)
_UNDONE = hub_task.c.done_at.is_(None)
Index("ix_hub_task_open", hub_task.c.due_at, sqlite_where=_UNDONE, postgresql_where=_UNDONE)

evaluation = Table(
    "evaluation",
    metadata,
    row_id(),
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("assignment_id", LONG_ID, ForeignKey("assignment.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("verdict", Closed(Verdict)),
    Column("by", LONG_ID),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)

due = Table(
    "due",
    metadata,
    row_id(),
    *subject_columns(),
    Column("kind", Closed(DueKind), nullable=False),
    Column("next_check_at", UtcDateTime, nullable=False, index=True),
    Column("arg", Text, nullable=False),
    UniqueConstraint("subject_kind", "subject_id", "kind"),
)
