"""`jiehu purge` and `jiehu backup`."""

from __future__ import annotations

import asyncio
import json
import time

from bot.application.inbox import RawUpdate
from bot.application.ports import UnitOfWork
from storage.files import FileStore
from storage.inbox import SqlInbox
from storage.store import SqlStore
from tests.cli.conftest import Line, Seeded


def test_purge_removes_worked_off_updates_after_their_days(line: Line) -> None:
    async def fill() -> None:
        store = SqlStore.open(line.url)
        inbox = SqlInbox(store)
        long_ago = time.time() - 40 * 86400
        await inbox.add(1, [RawUpdate(5, "chat:1", "{}"), RawUpdate(6, "chat:2", "{}")], at=long_ago)
        (claim,) = await inbox.claim(1, "w", now=time.time(), lease=60, rows=1, lanes=1)
        async with store.begin() as uow:
            await inbox.done(uow, claim, claim.rows[0])
            await uow.commit()
        await store.close()

    asyncio.run(fill())
    nothing = dict.fromkeys(("sent_texts", "tokens", "questions", "codes", "drafts", "photos", "examples"), 0)
    assert line.json("purge") == {"raw_updates": 1, **nothing}
    assert line.json("purge")["raw_updates"] == 0


def test_a_backup_holds_rows_and_files_and_is_not_overwritten(line: Line, seeded: Seeded) -> None:
    digest = asyncio.run(FileStore(line.folder / "data" / "files").put(b"picture"))
    made = line.json("backup", str(line.folder / "copy"))
    assert made["files"] == 1 and made["rows"] > 4
    assert (line.folder / "copy" / "files" / digest[:2] / digest).read_bytes() == b"picture"
    assert "holds a copy already" in line.refusal("backup", str(line.folder / "copy"))


def test_a_backup_without_a_database_or_on_postgresql_says_so(bare: Line) -> None:
    assert bare.refusal("backup", str(bare.folder / "copy")).startswith("There is no database ")
    text = bare.config.read_text(encoding="utf-8").replace("sqlite:///jiehu.db", "postgresql://me:pw@h/jiehu")
    bare.config.write_text(text, encoding="utf-8")
    refusal = bare.refusal("backup", str(bare.folder / "copy"))
    assert refusal.startswith("PostgreSQL is copied by its own program: pg_dump ")
    assert "pw" not in refusal


def test_a_lost_file_is_told(line: Line) -> None:
    from bot.application.records import Attachment
    from tests.cli.conftest import NOW

    async def lose(uow: UnitOfWork) -> None:
        await uow.attachments.add(Attachment("a" * 64, "image/jpeg", 3, "f", stored=True), at=NOW)

    line.write(lose)
    assert "1 file(s) that the database names are lost" in line.refusal("backup", str(line.folder / "copy"))
    told = json.loads(line("doctor", "--json").stdout)
    assert next(check for check in told["checks"] if check["name"] == "files")["state"] == "bad"
