"""A copy of the database and the files that belong to it, counted together."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.engine import URL

from storage.engine import open_engines, parse_url
from storage.files import FileCount, FileStore
from storage.tables import metadata
from storage.tables.lists import attachment

DATABASE = "jiehu.db"
DUMP = "jiehu.dump"
FILES = "files"
MANIFEST = "manifest.json"


class OtherTools(Exception):
    """PostgreSQL is copied by its own program, which is not here or did not succeed; `command` is what to run."""

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.command = command


@dataclass(frozen=True, slots=True)
class Backup:
    """What was copied: rows by table, files, and the digests the database knows as stored but no file has."""

    rows: dict[str, int]
    files: FileCount
    missing: tuple[str, ...]


async def back_up(url: str, files: FileStore, folder: Path) -> Backup:
    """Copies the database, running or not (PostgreSQL by its own `pg_dump`), and its files into `folder`, and checks it.

    Raises `OtherTools` where `pg_dump` is not there or refuses, `FileExistsError` if the folder holds a copy already,
    and `ValueError` if the copy is damaged. The database goes first: files only become more, so every file it names is
    in the copy.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        target = folder / DATABASE
        await asyncio.to_thread(_copy, Path(parsed.database), target)
        rows, stored = await asyncio.to_thread(_look, target)
    else:
        await _dump(url, folder)
        rows, stored = await _count(url)
    counted = await files.copy_to(folder / FILES)
    copies = FileStore(folder / FILES)
    missing = tuple([digest for digest in stored if not await copies.has(digest)])
    made = Backup(rows, counted, missing)
    await asyncio.to_thread(_write_manifest, folder / MANIFEST, made)
    return made


async def _dump(url: str, folder: Path) -> None:
    program, command, target = shutil.which("pg_dump"), dump_command(url, folder), folder / DUMP
    if program is None:
        raise OtherTools(command)
    if target.exists():
        raise FileExistsError(target)
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"PGPASSWORD": str(parse_url(url).password or "")}
    _, *arguments = shlex.split(command)
    running = await asyncio.create_subprocess_exec(program, *arguments, env=environment, stderr=asyncio.subprocess.PIPE)
    _, said = await running.communicate()
    if running.returncode != 0:
        target.unlink(missing_ok=True)
        reason = said.decode(errors="replace").strip().splitlines()
        raise OtherTools(f"{command} ({reason[-1]})" if reason else command)


async def _count(url: str) -> tuple[dict[str, int], list[str]]:
    """Of the database itself, right after the copy: it may have grown by then."""
    engines = open_engines(url)
    try:
        async with engines.reader.connect() as connection:
            names = sorted(metadata.tables)
            rows = {n: await connection.scalar(text(f'SELECT count(*) FROM "{n}"')) or 0 for n in names}
            stored = await connection.scalars(select(attachment.c.hash).where(attachment.c.stored))
            return rows, list(stored)
    finally:
        await engines.close()


def dump_command(url: str, folder: Path) -> str:
    """What copies a PostgreSQL database; the password stays in the environment."""
    parsed = parse_url(url)
    bare = URL.create("postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database, parsed.query)
    return shlex.join(["pg_dump", "--format=custom", f"--file={folder / DUMP}", bare.render_as_string()])


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        raise FileExistsError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def _look(database: Path) -> tuple[dict[str, int], list[str]]:
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        state = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if state != "ok":
            raise ValueError(f"the copy is damaged: {state}")
        names = sorted(metadata.tables)
        rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        stored = [digest for (digest,) in connection.execute("SELECT hash FROM attachment WHERE stored")]
    return rows, stored


def _write_manifest(path: Path, made: Backup) -> None:
    path.write_text(json.dumps(asdict(made), ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
