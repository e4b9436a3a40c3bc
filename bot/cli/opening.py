"""Opening what a command works on: config, a database of the right version, the list in force, the people's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.calendar_files import default_calendar
from bot.catalogue_files import read_catalogue
from bot.cli.refusals import Refused
from bot.config import Config, default_path, imported_notices, load_config, notices_of, work_calendar
from bot.domain.catalogue import Catalogue
from bot.domain.work_calendar import PublishedYear, WorkCalendar
from storage.imported_days import imported_days

if TYPE_CHECKING:
    from storage.store import SqlStore

T = TypeVar("T")
CLOCK_OFFSET = "clock:offset_seconds"


@dataclass(frozen=True, slots=True)
class Opened:
    """The config and the store of one command."""

    config: Config
    store: SqlStore


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a command's coroutine to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def opened(config_file: Path | None) -> AsyncIterator[Opened]:
    """Config and store; raises `ConfigError`, and `Refused` if the database is not there, too old, or fails."""
    # the database's libraries take longer to load than most commands to run, and not every command needs them
    from storage.store import SqlStore

    config = load_config(config_file)
    with database_errors():
        try:
            await check_schema(config.storage.database_url)
        except OSError as error:
            raise Refused(
                f"The database cannot be reached: {error}.", "doctor-database-away", error=str(error)
            ) from error
        store = SqlStore.open(config.storage.database_url)
        try:
            yield Opened(config, store)
        finally:
            await store.close()


@contextmanager
def database_errors() -> Iterator[None]:
    """Turns what the database says into `Refused`."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        cause = " ".join(str(getattr(error, "orig", None) or error).split())[:300]
        raise Refused(f"The database cannot be used: {cause}.", "doctor-database-unusable", error=cause) from error


async def check_schema(url: str) -> None:
    """Raises `Refused` unless the database is there and at the version this program needs."""
    from storage import migrate

    file = sqlite_file(url)
    if file and not file.exists():
        raise Refused(f"There is no database {file} yet: run jiehu db upgrade.", "doctor-database-none", file=file)
    if await migrate.current(url) != migrate.newest():
        raise Refused("The database is not at this program's version: run jiehu db upgrade.", "doctor-database-old")


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for another database or one in memory."""
    from storage.engine import parse_url

    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


async def catalogue_in_force(uow: UnitOfWork, config: Config) -> Catalogue:
    """The newest imported list, else the one in config's files; raises `CatalogueError`."""
    current = await uow.catalogues.current()
    return current or read_catalogue(config.catalogue_paths(), name=config.catalogue.name)


async def district_of(uow: UnitOfWork, config: Config) -> District:
    """The district as use cases see it."""
    return District(
        await catalogue_in_force(uow, config), work_calendar(config, await imported_notices(uow)), config.rules()
    )


def calendar_for(config_file: Path | None) -> WorkCalendar:
    """The calendar of that config, or of the default one, with what was imported; without a config the program's own.

    A database that is not there yet or cannot be asked has nothing imported; the latter is said on stderr.
    """
    if config_file is None and not default_path().exists():
        return default_calendar()
    config = load_config(config_file)
    url = config.storage.database_url
    if url.startswith("sqlite"):
        file = Path(url.partition(":///")[2].partition("?")[0])
        return work_calendar(config, notices_of(imported_days(file)) if file.is_file() else ())
    return work_calendar(config, run(_imported(config_file)))


async def _imported(config_file: Path | None) -> Sequence[PublishedYear]:
    try:
        async with opened(config_file) as work, work.store.read() as uow:
            return await imported_notices(uow)
    except Refused as refusal:
        typer.echo(f"Imported notices are left out: {refusal}", err=True)
        return ()


async def now_of(uow: UnitOfWork) -> datetime:
    """The moment people live in, which the playground moves; aware UTC."""
    offset = await uow.settings.get(CLOCK_OFFSET)
    return datetime.now(UTC) + timedelta(seconds=float(offset) if isinstance(offset, (int, float)) else 0.0)


def shown(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """ISO 8601 with the district's offset."""
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")
