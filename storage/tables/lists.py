"""The official list by version, the calendar, pictures, settings and corrections."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from bot.domain.catalogue import FirstHandler
from bot.domain.correction import Origin
from bot.domain.ticket import Level, Sensitivity
from storage.columns import LONG_ID, Closed, JsonText, UtcDateTime, row_id, subject_columns
from storage.tables.base import metadata

catalogue_version = Table(
    "catalogue_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


def _listed(name: str, *columns: Column[object]) -> Table:
    """A table of the list: rows of one version by code, in the order of the list."""
    return Table(
        name,
        metadata,
        Column("version", Integer, ForeignKey("catalogue_version.version"), nullable=False),
        Column("position", Integer, nullable=False),
        Column("code", Text, nullable=False),
        *columns,
        PrimaryKeyConstraint("version", "code"),
    )


item = _listed(
    "item",
    Column("domain", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("out_of_scope", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("support", JsonText, nullable=False),
    Column("street_duty", Text, nullable=False),
    Column("first_handler", Closed(FirstHandler), nullable=False),
    Column("level", Closed(Level), nullable=False),
    Column("sign_limit", Text, nullable=False),
    Column("handle_limit", Text, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("enforcement", Boolean, nullable=False),
    Column("sensitivity", Closed(Sensitivity), nullable=False),
    Column("resident_reportable", Boolean, nullable=False),
    Column("legal_basis", Text, nullable=False),
)

department = _listed(
    "department",
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("aliases", JsonText, nullable=False),
    Column("kind", Text, nullable=False),
)

unit = _listed(
    "unit",
    Column("department", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("duty_phone", Text, nullable=False),
    Column("post", Text, nullable=False),
)

street = _listed("street", Column("name", Text, nullable=False))

community = _listed(
    "community",
    Column("name", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("grids", Integer, nullable=False),
)

holiday = Table(
    "holiday",
    metadata,
    Column("year", Integer, nullable=False),
    Column("date", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("is_off", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    PrimaryKeyConstraint("year", "date"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("file_id", Text, nullable=False),
    Column("stored", Boolean, nullable=False),
    Column("file_unique_id", Text, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
)

attachment_use = Table(
    "attachment_use",
    metadata,
    Column("hash", Text, ForeignKey("attachment.hash"), nullable=False),
    *subject_columns(),
    Column("role", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("hash", "subject_kind", "subject_id", "role"),
)
Index("ix_attachment_use_subject", attachment_use.c.subject_kind, attachment_use.c.subject_id)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JsonText, nullable=False),
)

correction = Table(
    "correction",
    metadata,
    row_id(),
    Column("text", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("origin", Closed(Origin), nullable=False),
    *subject_columns(),
    Column("by", LONG_ID),
    Column("at", UtcDateTime, nullable=False),
    Column("released_by", LONG_ID),
    Column("released_at", UtcDateTime),
    Column("was", Text, nullable=False, server_default=""),
    Column("unit", Text, nullable=False, server_default=""),
    Column("dropped_by", LONG_ID),
    Column("dropped_at", UtcDateTime),
)
