"""A migrated database for each test, and the desk over it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.delivery.desk import Desk, open_desk
from tests.storage import databases


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.migrated_sqlite(tmp_path_factory.mktemp("delivery"))


@pytest.fixture
async def desk(empty_database: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(databases.copy_of_sqlite(empty_database, tmp_path), tmp_path) as opened:
        yield opened
