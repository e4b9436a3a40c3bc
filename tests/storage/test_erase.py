"""What `jiehu erase` takes away: no column with words about a ticket is forgotten."""

from __future__ import annotations

from sqlalchemy import Text

from storage.columns import JsonText
from storage.erase import WORDS
from storage.tables.base import metadata

NO_WORDS = frozenset(
    {
        *("street", "community", "caller", "item", "item_name", "candidates", "unit", "to_unit", "named", "code"),
        *("assignee_code", "sign_limit", "handle_limit", "time_limit", "amount", "ladder", "start_ladder"),
        *("report_outcome", "message_ids", "media_group", "approvals", "title"),
    }
)
"""Codes, limits, numbers, names of the list; `title` has only a meeting without a ticket."""

OF_THE_CHAIN = frozenset({"event", "event_text"})
"""Erased by the history itself, which leaves the hashes."""


def test_every_column_with_words_about_a_ticket_is_erased() -> None:
    left = []
    for table in metadata.tables.values():
        if "ticket_id" in table.c and table.name not in OF_THE_CHAIN:
            texts = {column.name for column in table.c if type(column.type) in {Text, JsonText}}
            left += [f"{table.name}.{name}" for name in sorted(texts - NO_WORDS - WORDS.get(table, {}).keys())]
    assert left == []
