"""Column types: moments that are never naive, closed sets, JSON with one spelling, parties, numbered rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, Row, Text, TypeDecorator
from typing_extensions import override

from bot.application.records import SubjectKind
from bot.domain.party import Party

E = TypeVar("E", bound=StrEnum)

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

LONG_ID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column of the type INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept and returned in UTC; a naive one raises `ValueError`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite gets it without zone, so that all rows compare as text."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Closed(TypeDecorator[E], Generic[E]):
    """A member of one closed set of words."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    @override
    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """The word."""
        return None if value is None else str(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """The member; a word that is no member raises `ValueError`."""
        return None if value is None else self.words(value)


class JsonText(TypeDecorator[Any]):
    """JSON as text in one spelling, so that what was written can be compared and hashed."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Sorted keys, no spaces."""
        return None if value is None else canonical_json(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> Any | None:
        """The value that was written; tuples come back as lists."""
        return None if value is None else json.loads(value)


class PartyText(TypeDecorator[Party]):
    """A party as `kind:code`."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Party | None, dialect: Dialect) -> str | None:
        """The stored form."""
        return None if value is None else str(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> Party | None:
        """The party."""
        return None if value is None else Party.parse(value)


def canonical_json(value: object) -> str:
    """The one spelling of a JSON value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_moment)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def row_id() -> Column[int]:
    """A number given by the database."""
    return Column("id", LONG_ID, primary_key=True)


def subject_columns(*, nullable: bool = False) -> tuple[Column[SubjectKind], Column[int]]:
    """What a row is about."""
    return (
        Column("subject_kind", Closed(SubjectKind), nullable=nullable),
        Column("subject_id", LONG_ID, nullable=nullable),
    )
