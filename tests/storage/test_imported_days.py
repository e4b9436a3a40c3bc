"""Imported days off, read with the database's libraries and without them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.application.records import HolidayRow
from storage import migrate
from storage.imported_days import imported_days
from storage.store import SqlStore


async def test_both_ways_read_the_same(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    await migrate.upgrade(url)
    store = SqlStore.open(url)
    days = [HolidayRow(2027, date(2027, 1, number), "元旦", number != 3, "2027.json") for number in (1, 2, 3)]
    async with store.begin() as uow:
        await uow.calendar.replace_year(2027, days, "2027.json")
        await uow.commit()
    async with store.read() as uow:
        assert await uow.calendar.published() == days
    await store.close()
    assert imported_days(tmp_path / "a.db") == days


def test_a_file_that_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    assert imported_days(tmp_path / "empty.db") == ()
    (tmp_path / "other.db").write_bytes(b"no database" * 100)
    with pytest.raises(OSError, match=r"other\.db"):
        imported_days(tmp_path / "other.db")
