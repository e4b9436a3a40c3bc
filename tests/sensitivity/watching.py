"""Everything that can be read by more people than it was meant for, collected for the search for words."""

from __future__ import annotations

import asyncio
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import Table, select
from typer.testing import CliRunner

from bot.cli import app as cli
from bot.playground.model import Content, Json, Message, button_rows
from storage.tables.base import metadata
from tests.support.world import GROUPS, ROOT, World

CONFIG = """\
district: {{name: 锦澜区, ticket_prefix: JL}}
catalogue: {{items: {lists}/items.csv, departments: {lists}/departments.csv, units: {lists}/units.csv,
  streets: {lists}/streets.csv}}
storage: {{database_url: 'sqlite:///jiehu.db'}}
"""


def shown_in(world: World, chat: int) -> str:
    """All that the bot ever showed in a chat: earlier and deleted messages, captions of buttons, file names."""
    messages = world.play.chat(chat).messages.values()
    return "\n".join(_whole(message) for message in messages if message.sender is world.play.bot)


def shown_in_groups(world: World, also: tuple[int, ...] = ()) -> str:
    """The same of every group."""
    return "\n".join(shown_in(world, chat) for chat in (*GROUPS, *also))


def _whole(message: Message) -> str:
    states = [*message.earlier, (message.content, message.markup)]
    return "\n".join(_state(content, markup) for content, markup in states)


def _state(content: Content, markup: Json | None) -> str:
    buttons = [f"{button.get('text')} {button.get('url', '')}" for row in button_rows(markup) for button in row]
    media = f"🖼{content.media.file.unique_id}" if content.media else ""
    return "\n".join([content.text, media, *buttons])


def pictures_in(world: World, chat: int) -> list[bytes]:
    """The pictures that the bot ever showed in a chat."""
    messages = world.play.chat(chat).messages.values()
    own = (message for message in messages if message.sender is world.play.bot)
    return [message.content.media.file.content for message in own if message.content.media]


async def everything_stored(world: World) -> dict[str, str]:
    """Every value of every table as one text, by table."""
    found = {}
    async with world.app.store.read() as uow:
        for table in metadata.sorted_tables:
            rows = await uow.db.rows(select(table))
            found[table.name] = "\n".join(str(tuple(row)) for row in rows)
    return found


async def stored_for_groups(world: World, table: Table) -> str:
    """What is stored to be shown in groups: rows of outbox or card whose chat is no private one."""
    chat = metadata.tables["chat"]
    joined = select(table).join(chat, chat.c.id == table.c.chat_id).where(chat.c.kind != "private")
    async with world.app.store.read() as uow:
        return "\n".join(str(tuple(row)) for row in await uow.db.rows(joined))


async def exported(folder: Path, codes: list[str]) -> str:
    """The register and the case files of those tickets as `jiehu tickets export` writes them, every cell."""
    config = folder / "export.yml"
    config.write_text(CONFIG.format(lists=ROOT / "examples" / "jinlan"), encoding="utf-8")
    words = [await asyncio.to_thread(_export, config, folder / "register.xlsx", ())]
    for code in codes:
        words.append(await asyncio.to_thread(_export, config, folder / f"{code}.xlsx", ("--case", code)))
    return "\n".join(words)


def _export(config: Path, file: Path, more: tuple[str, ...]) -> str:
    result = CliRunner().invoke(cli, ["tickets", "export", str(file), *more, "--config", str(config)])
    assert result.exit_code == 0, f"{result.output} {result.exception!r}"
    sheets = load_workbook(file, read_only=True).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
