"""The official list by version, the calendar, pictures, settings, corrections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _attachment()
    _catalogue_version()
    _correction()
    _holiday()
    _setting()
    _attachment_use()
    _community()
    _department()
    _item()
    _street()
    _unit()


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("stored", sa.Boolean(), nullable=False),
        sa.Column("file_unique_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_file_unique_id"), "attachment", ["file_unique_id"], unique=False)


def _catalogue_version() -> None:
    op.create_table(
        "catalogue_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_catalogue_version")),
    )


def _correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", LONG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("by", LONG, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("released_by", LONG, nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )


def _holiday() -> None:
    op.create_table(
        "holiday",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", "date", name=op.f("pk_holiday")),
    )


def _setting() -> None:
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )


def _attachment_use() -> None:
    op.create_table(
        "attachment_use",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["hash"], ["attachment.hash"], name=op.f("fk_attachment_use_hash_attachment")),
        sa.PrimaryKeyConstraint("hash", "subject_kind", "subject_id", "role", name=op.f("pk_attachment_use")),
    )
    op.create_index("ix_attachment_use_subject", "attachment_use", ["subject_kind", "subject_id"], unique=False)


def _community() -> None:
    op.create_table(
        "community",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("grids", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["catalogue_version.version"], name=op.f("fk_community_version_catalogue_version")
        ),
        sa.PrimaryKeyConstraint("version", "code", name=op.f("pk_community")),
    )


def _department() -> None:
    op.create_table(
        "department",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["catalogue_version.version"], name=op.f("fk_department_version_catalogue_version")
        ),
        sa.PrimaryKeyConstraint("version", "code", name=op.f("pk_department")),
    )


def _item() -> None:
    op.create_table(
        "item",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("out_of_scope", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("street_duty", sa.Text(), nullable=False),
        sa.Column("first_handler", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("sign_limit", sa.Text(), nullable=False),
        sa.Column("handle_limit", sa.Text(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("enforcement", sa.Boolean(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("resident_reportable", sa.Boolean(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["catalogue_version.version"], name=op.f("fk_item_version_catalogue_version")
        ),
        sa.PrimaryKeyConstraint("version", "code", name=op.f("pk_item")),
    )


def _street() -> None:
    op.create_table(
        "street",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["catalogue_version.version"], name=op.f("fk_street_version_catalogue_version")
        ),
        sa.PrimaryKeyConstraint("version", "code", name=op.f("pk_street")),
    )


def _unit() -> None:
    op.create_table(
        "unit",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duty_phone", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["catalogue_version.version"], name=op.f("fk_unit_version_catalogue_version")
        ),
        sa.PrimaryKeyConstraint("version", "code", name=op.f("pk_unit")),
    )
