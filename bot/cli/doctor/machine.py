"""Checks of what is here: list, database, queues, disk, calendar, and who has no chat yet."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Sequence
from datetime import date

from sqlalchemy import func, select

from bot.cli.doctor.finding import Finding, State, bad, good, warning
from bot.config import Config
from bot.domain.catalogue import Catalogue
from bot.domain.chat import Chat, ChatKind
from bot.domain.routing import covering_codes
from bot.domain.work_calendar import WorkCalendar
from storage.delivery import SqlDelivery
from storage.files import FileStore
from storage.inbox import SqlInbox
from storage.store import SqlStore
from storage.tables.lists import attachment

LITTLE_DISK, NO_DISK = 1_000_000_000, 200_000_000
LATE_SECONDS, VERY_LATE_SECONDS = 120.0, 3600.0
NOTICE_MONTH = 10
NAMED = 8


async def check_backlog(store: SqlStore) -> AsyncIterator[Finding]:
    """Updates that wait, that failed three times, and messages that wait."""
    count, oldest = await SqlInbox(store).backlog()
    age = time.time() - oldest if oldest is not None else 0.0
    words = f"{count} update(s) wait" + (f", the oldest for {age:.0f} seconds." if count else ".")
    remedy = "See that jiehu run is running with the role all or worker; its log says what it waits for."
    late = State.BAD if age > VERY_LATE_SECONDS else State.WARNING if age > LATE_SECONDS else State.GOOD
    yield Finding("backlog", late, words, "" if late is State.GOOD else remedy)
    letters = await SqlInbox(store).dead_letters(100)
    if letters:
        first = letters[0]
        words = f"{len(letters)} update(s) failed three times, the newest: {first.update_id}, {first.error[:120]}."
        yield warning("dead letters", words, "Report the error; the updates are kept and nobody else waits for them.")
    else:
        yield good("dead letters", "No update was given up.")
    waiting = await SqlDelivery(store).queue_lengths()
    yield good("messages", ", ".join(f"{name}: {length}" for name, length in sorted(waiting.items())) or "None wait.")


async def check_last_poll(store: SqlStore) -> AsyncIterator[Finding]:
    """The age of the last good poll or webhook call."""
    async with store.read() as uow:
        last = await uow.settings.get("poll:last_good")
        failed = await uow.settings.get("poll:last_failure")
    remedy = "Start jiehu run; if it runs, see the way to the Bot API server."
    why = str(failed or "")
    if why:
        remedy = "See to that; a running bot tries again by itself, at the latest after half a minute."
    if not isinstance(last, (int, float)):
        yield warning("last poll", _sentence("No update was ever fetched", why), remedy)
        return
    age = max(0.0, time.time() - last)
    words = _sentence(f"Telegram was last heard of {age:.0f} seconds ago", why)
    if age > LATE_SECONDS:
        yield bad("last poll", words, remedy)
    else:
        yield warning("last poll", words, remedy) if why else good("last poll", words)


def _sentence(words: str, why: str) -> str:
    told = f"{words}; since then: {why}" if why else words
    return told if told.endswith("?") else f"{told}."


async def check_files(config: Config, store: SqlStore) -> AsyncIterator[Finding]:
    """Room on the disk, and whether every stored attachment has its file."""
    folder = next(part for part in (config.storage.files, *config.storage.files.parents) if part.exists())
    free = shutil.disk_usage(folder).free
    words, remedy = f"{free / 1e9:.1f} GB are free.", "Make room, or let config keep things for fewer days."
    if free < LITTLE_DISK:
        yield (bad if free < NO_DISK else warning)("disk", words, remedy)
    else:
        yield good("disk", words)
    counted = await FileStore(config.storage.files).count()
    async with store.read() as uow:
        named = await uow.db.value(select(func.count()).where(attachment.c.stored))
    words = f"{counted.files} file(s), {counted.size / 1e6:.1f} MB; the database names {named}."
    if counted.files < named:
        yield bad("files", words, f"Bring the missing files back from the backup into {config.storage.files}.")
    else:
        yield good("files", words)


async def check_calendar(calendar: WorkCalendar, today: date) -> AsyncIterator[Finding]:
    """Whether the notices are in the table: this year's always, next year's from October on."""
    years = [today.year] + ([today.year + 1] if today.month >= NOTICE_MONTH else [])
    missing = [str(year) for year in years if not calendar.is_published(year)]
    if not missing:
        yield good("calendar", f"The notices of {', '.join(map(str, years))} are in the table.")
        return
    yield warning(
        "calendar",
        f"The notice of {', '.join(missing)} is not in the table; deadlines that reach there are provisional (暂定).",
        "When it is published (usually November): jiehu calendar import FILE.",
    )


async def check_chats(catalogue: Catalogue, chats: Sequence[Chat], enforcement: str = "") -> AsyncIterator[Finding]:
    """Who cannot be told anything: units, streets and the hub without a chat, and chats that refuse us."""
    of = {kind: {chat.of for chat in chats if chat.kind is kind} for kind in ChatKind}
    units = [
        f"{unit.name} {unit.code}"
        for unit in catalogue.units.values()
        if not covering_codes(catalogue, unit.code) & of[ChatKind.DEPARTMENT]
        and not (unit.department == enforcement and unit.street in of[ChatKind.ENFORCEMENT])
    ]
    known = of[ChatKind.STREET] | of[ChatKind.MIXED]
    streets = [f"{s.name} {s.code}" for s in catalogue.streets.values() if s.code not in known]
    remedy = "Give them a code: jiehu code group --kind {} --of {}, and let a member send /bind CODE there."
    for name, lacking, kind in (("units", units, "department"), ("streets", streets, "street")):
        if lacking:
            some = ", ".join(lacking[:NAMED]) + (" …" if len(lacking) > NAMED else "")
            yield warning(name, f"{len(lacking)} of them have no chat: {some}", remedy.format(kind, "CODE"))
        else:
            yield good(name, "Each has its chat.")
    if not of[ChatKind.HUB]:
        yield bad("hub", "The hub (中枢) has no chat.", remedy.format("hub", "hub"))
    for chat in chats:
        if chat.unreachable_since is not None:
            words = f"It refuses our messages since {chat.unreachable_since:%Y-%m-%d %H:%M} UTC."
            yield bad(f"group {chat.title or chat.of}", words, "Add the bot to the group again and let it write there.")


async def check_agreement(config: Config, catalogue: Catalogue) -> AsyncIterator[Finding]:
    """Whether config names only what the list in force has."""
    for words in config.contradictions(catalogue):
        yield bad("list", words, "Correct config.yml, or import the list that has it.")
    version = catalogue.version or "not imported yet"
    yield good("list", f"{len(catalogue.items)} items, {len(catalogue.units)} units, version {version}.")
