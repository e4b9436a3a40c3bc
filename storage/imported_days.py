"""The imported days off of an SQLite file without the database's libraries, which take longer to load than to ask."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from bot.application.records import HolidayRow


def imported_days(file: Path) -> Sequence[HolidayRow]:
    """What was imported there; nothing where the file is no database of ours yet. Raises `OSError` if it is none."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'holiday'").fetchone():
                return ()
            found = connection.execute("SELECT year, date, name, is_off, source FROM holiday ORDER BY year, date")
            return [HolidayRow(y, date.fromisoformat(d), name, bool(off), source) for y, d, name, off, source in found]
    except sqlite3.Error as error:
        raise OSError(f"{file}: {error}") from error
