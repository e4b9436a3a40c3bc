"""Files under their digest, and a backup that counts them with the database."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from bot.application.records import Attachment
from storage import backup, migrate
from storage.files import FileCount, FileStore
from storage.store import SqlStore
from tests.storage import databases
from tests.storage.conftest import ONLY_POSTGRESQL
from tests.storage.samples import NOW


async def test_bytes_come_back_under_their_digest(tmp_path: Path) -> None:
    files = FileStore(tmp_path / "files")
    assert await files.count() == FileCount(0, 0)
    digests = await asyncio.gather(files.put(b"one"), files.put(b"one"), files.put(b"other"))
    assert digests[0] == digests[1] == hashlib.sha256(b"one").hexdigest()
    assert await files.get(digests[0]) == b"one"
    assert await files.has(digests[2])
    assert await files.count() == FileCount(2, 8)
    assert await files.remove(digests[2])
    assert not await files.remove(digests[2])
    assert await files.get(digests[2]) is None
    assert [path.name for path in (tmp_path / "files").rglob("*.half")] == []


async def test_a_changed_file_is_noticed_and_half_of_one_is_none(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    digest = await files.put(b"one")
    (tmp_path / digest[:2] / "left.half").write_bytes(b"o")
    assert await files.count() == FileCount(1, 3)
    (tmp_path / digest[:2] / digest).write_bytes(b"two")
    with pytest.raises(ValueError, match="changed"):
        await files.get(digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63])
async def test_only_digests_are_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        await FileStore(tmp_path).get(name)


async def test_a_backup_of_a_running_database_is_counted_with_its_files(tmp_path: Path) -> None:
    url = databases.sqlite_url(tmp_path / "live.db")
    await migrate.upgrade(url)
    store, files = SqlStore.open(url), FileStore(tmp_path / "files")
    lost = "f" * 64
    async with store.begin() as uow:
        for digest in (await files.put(b"picture"), lost):
            await uow.attachments.add(Attachment(digest, "image/jpeg", 7, "", True), at=NOW)
        await uow.settings.put("n", 1)
        await uow.commit()
    async with store.begin() as writing:
        await writing.settings.put("n", 2)
        made = await backup.back_up(url, files, tmp_path / "backup")
        await writing.commit()
    await store.close()
    assert (made.rows["attachment"], made.rows["setting"], made.rows["ticket"]) == (2, 1, 0)
    assert made.files == FileCount(1, 7)
    assert made.missing == (lost,)
    manifest = json.loads((tmp_path / "backup" / backup.MANIFEST).read_text(encoding="utf-8"))
    assert manifest["rows"] == made.rows
    restored = SqlStore.open(databases.sqlite_url(tmp_path / "backup" / backup.DATABASE))
    async with restored.begin() as uow:
        assert await uow.settings.get("n") == 1
        await uow.settings.put("n", 3)
        await uow.commit()
    await restored.close()
    with pytest.raises(FileExistsError):
        await backup.back_up(url, files, tmp_path / "backup")
    again = await backup.back_up(url, files, tmp_path / "second")
    with closing(sqlite3.connect(tmp_path / "second" / backup.DATABASE)) as connection:
        assert connection.execute("SELECT value FROM setting WHERE key = 'n'").fetchone() == ("2",)
    assert again.rows == made.rows


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="PostgreSQL's own programs are not here")
@ONLY_POSTGRESQL
async def test_postgresql_is_copied_by_its_own_program_and_counted_with_its_files(
    url: str, store: SqlStore, tmp_path: Path
) -> None:
    files = FileStore(tmp_path / "files")
    kept, lost = await files.put(b"picture"), "b" * 64
    async with store.begin() as uow:
        for digest in (kept, lost):
            await uow.attachments.add(Attachment(digest, "image/jpeg", 7, "f", stored=True), at=NOW)
        await uow.settings.put("n", 1)
        await uow.commit()
    made = await backup.back_up(url, files, tmp_path / "backup")
    assert (made.rows["attachment"], made.rows["setting"], made.rows["ticket"]) == (2, 1, 0)
    assert made.files == FileCount(1, 7) and made.missing == (lost,)
    listed = subprocess.run(
        ["pg_restore", "--list", str(tmp_path / "backup" / backup.DUMP)], capture_output=True, text=True, check=True
    )
    assert "TABLE DATA public attachment" in listed.stdout
    with pytest.raises(FileExistsError):
        await backup.back_up(url, files, tmp_path / "backup")


async def test_without_that_program_the_command_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(backup.OtherTools) as told:
        await backup.back_up("postgresql+asyncpg://me:secret@db:5432/jiehu", FileStore(tmp_path), tmp_path / "b")
    assert told.value.command == (
        f"pg_dump --format=custom --file={tmp_path / 'b' / 'jiehu.dump'} postgresql://me@db:5432/jiehu"
    )
    assert not (tmp_path / "b").exists()
