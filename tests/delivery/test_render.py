"""Parameters that went through JSON are what they were."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.delivery.render import with_moments

MOMENT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TEXT = MOMENT.isoformat()


@pytest.mark.parametrize("name", ["due_at", "at", "until", "valid_until", "sent_at"])
def test_what_is_named_like_a_moment_is_one_again(name: str) -> None:
    assert with_moments({name: TEXT}) == {name: MOMENT}


@pytest.mark.parametrize(
    "params", [{"text": TEXT}, {"format": TEXT}, {"at": "later"}, {"at": "2026-11-23"}, {"at": None}]
)
def test_everything_else_stays(params: dict[str, object]) -> None:
    assert with_moments(params) == params


def test_lists_and_tables_inside_are_looked_through() -> None:
    stored = {"cases": [{"due_at": TEXT, "code": "J1"}], "days": {"until": TEXT}}
    assert with_moments(stored) == {"cases": [{"due_at": MOMENT, "code": "J1"}], "days": {"until": MOMENT}}
