"""Checks of what is here: list, database, queues, disk, calendar, and who has no chat yet."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.application.records import OutboxStatus
from bot.cli.doctor.finding import Finding, State, bad, good, warning
from bot.cli.opening import sqlite_file
from bot.config import Config
from bot.domain.catalogue import Catalogue
from bot.domain.chat import Chat, ChatKind
from bot.domain.routing import covering_codes
from bot.domain.work_calendar import WorkCalendar
from bot.gateway.health import LAST_FAILURE, LAST_GOOD
from bot.gateway.poll_failure import FAILURES
from storage.delivery import SqlDelivery
from storage.files import FileStore
from storage.inbox import SqlInbox
from storage.store import SqlStore
from storage.tables.lists import attachment

LITTLE_DISK, NO_DISK = 1_000_000_000, 200_000_000
LATE_SECONDS, VERY_LATE_SECONDS = 120.0, 3600.0
NOTICE_MONTH = 10
NAMED = 8
MANY_LETTERS, LONGEST_ERROR = 100, 120
UNSENT_SECONDS = 600.0


async def check_backlog(store: SqlStore) -> AsyncIterator[Finding]:
    """Updates that wait, and those that failed three times."""
    count, oldest = await SqlInbox(store).backlog()
    age = max(0.0, time.time() - oldest) if oldest is not None else 0.0
    late = State.BAD if age > VERY_LATE_SECONDS else State.WARNING if age > LATE_SECONDS else State.GOOD
    key = "doctor-backlog" if late is State.GOOD else "doctor-backlog-late"
    yield Finding("backlog", late, key, {"count": count, "age": age})
    letters = await SqlInbox(store).dead_letters(MANY_LETTERS)
    if letters:
        newest = letters[0]
        params = {"count": len(letters), "more": len(letters) == MANY_LETTERS}
        yield warning(
            "dead letters", "doctor-dead-letters", update=newest.update_id, error=_one_line(newest.error), **params
        )
    else:
        yield good("dead letters", "doctor-dead-letters-none")


async def check_messages(store: SqlStore, now: datetime) -> AsyncIterator[Finding]:
    """What waits to be sent, and what should have gone out long ago."""
    delivery = SqlDelivery(store)
    waiting = await delivery.queue_lengths()
    queued = waiting[OutboxStatus.QUEUED] + waiting[OutboxStatus.SENDING]
    late = await delivery.late(time.time() - UNSENT_SECONDS, now - timedelta(seconds=UNSENT_SECONDS))
    if late:
        yield warning("messages", "doctor-messages-late", count=late, outbox=queued)
    else:
        failed = waiting[OutboxStatus.FAILED]
        yield good("messages", "doctor-messages", outbox=queued, cards=waiting["cards"], failed=failed)


def _one_line(error: str) -> str:
    return " ".join(error.split())[:LONGEST_ERROR]


async def check_last_poll(store: SqlStore) -> AsyncIterator[Finding]:
    """The age of the last good poll or webhook call."""
    async with store.read() as uow:
        last = await uow.settings.get(LAST_GOOD)
        failed = await uow.settings.get(LAST_FAILURE)
    why = failed if isinstance(failed, str) and failed in FAILURES else ""
    if not isinstance(last, (int, float)):
        yield warning("last poll", "doctor-poll-never", why=why)
        return
    age = max(0.0, time.time() - last)
    if age > LATE_SECONDS or why:
        yield (bad if age > LATE_SECONDS else warning)("last poll", "doctor-poll-late", age=age, why=why)
    else:
        yield good("last poll", "doctor-poll", age=age)


async def check_files(config: Config, store: SqlStore) -> AsyncIterator[Finding]:
    """Room on the disks of database and attachments, and whether every stored attachment has its file."""
    database = sqlite_file(config.storage.database_url)
    free, folder = min(_room(path) for path in (config.storage.files, database) if path)
    params: dict[str, object] = {"room": _size(free), "folder": folder}
    if free < LITTLE_DISK:
        yield (bad if free < NO_DISK else warning)("disk", "doctor-disk-little", **params)
    else:
        yield good("disk", "doctor-disk", **params)
    counted = await FileStore(config.storage.files).count()
    async with store.read() as uow:
        named = int(await uow.db.value(select(func.count()).where(attachment.c.stored)))
    if counted.files < named:
        lost = named - counted.files
        yield bad(
            "files", "doctor-files-lost", count=counted.files, named=named, lost=lost, folder=config.storage.files
        )
    else:
        yield good("files", "doctor-files", count=counted.files, room=_size(counted.size))


def _size(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _room(path: Path) -> tuple[int, Path]:
    folder = next(part for part in (path.absolute(), *path.absolute().parents) if part.is_dir())
    return shutil.disk_usage(folder).free, folder


async def check_calendar(calendar: WorkCalendar, today: date) -> AsyncIterator[Finding]:
    """Whether the notices are in the table: this year's always, next year's from October on."""
    years = [today.year] + ([today.year + 1] if today.month >= NOTICE_MONTH else [])
    missing = [year for year in years if not calendar.is_published(year)]
    if missing:
        yield warning("calendar", "doctor-calendar-missing", years=missing)
    else:
        yield good("calendar", "doctor-calendar", years=years)


async def check_chats(catalogue: Catalogue, chats: Sequence[Chat], enforcement: str = "") -> AsyncIterator[Finding]:
    """Who cannot be told anything: units, streets and the hub without a chat, and chats that refuse us."""
    of = {kind: {chat.of for chat in chats if chat.kind is kind} for kind in ChatKind}
    units = [
        (unit.name, unit.code)
        for unit in catalogue.units.values()
        if not covering_codes(catalogue, unit.code) & of[ChatKind.DEPARTMENT]
        and not (unit.department == enforcement and unit.street in of[ChatKind.ENFORCEMENT])
    ]
    known = of[ChatKind.STREET] | of[ChatKind.MIXED]
    streets = [(street.name, street.code) for street in catalogue.streets.values() if street.code not in known]
    for name, lacking, kind in (("units", units, "department"), ("streets", streets, "street")):
        if lacking:
            some = [f"{party} {code}" for party, code in lacking[:NAMED]]
            params = {"count": len(lacking), "names": some, "kind": kind, "of": lacking[0][1]}
            yield warning(name, "doctor-without-chat", **params)
        else:
            yield good(name, "doctor-each-has-chat")
    if not of[ChatKind.HUB]:
        yield bad("hub", "doctor-hub-without-chat")
    for chat in chats:
        if chat.unreachable_since is not None:
            params = {"since_at": chat.unreachable_since}
            yield Finding("group", State.BAD, "doctor-group-refuses", params, chat.title or chat.of)


async def check_agreement(config: Config, catalogue: Catalogue) -> AsyncIterator[Finding]:
    """Whether config names only what the list in force has."""
    for words in config.contradictions(catalogue):
        yield bad("list", "doctor-list-contradicted", mistake=words)
    params = {"item_count": len(catalogue.items), "unit_count": len(catalogue.units), "version": catalogue.version}
    yield good("list", "doctor-list", **params)
