"""`jiehu db`, `purge`, `backup` and `erase`: the schema, and what is kept how long and where else."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.application.loading import load_case
from bot.application.telling import raise_cards
from bot.cli.opening import database_errors, now_of, opened, run, sqlite_file
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.cli.tickets import ticket_of
from bot.config import Config, load_config

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The database."""


@app.command()
def upgrade(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Bring the schema to the newest version; nothing happens if it is there."""
    revision = run(_upgrade(load_config(config).storage.database_url))
    typer.echo(json.dumps({"revision": revision}) if as_json else f"The schema is at {revision}.")


async def _upgrade(url: str) -> str:
    from storage import migrate

    if file := sqlite_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)
    with database_errors():
        return await migrate.upgrade(url)


def purge(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Delete what is older than config's retention: raw updates, sent texts, tokens, codes, drafts, photos, examples."""
    removed = run(_purge(config))
    typer.echo(json.dumps(removed) if as_json else "\n".join(f"{name}  {count}" for name, count in removed.items()))


async def _purge(config_file: Path | None) -> dict[str, int]:
    from bot.app import retention_of
    from bot.config.understanding import forget_old_examples
    from storage import purge as storage_purge
    from storage.files import FileStore

    async with opened(config_file) as work:
        async with work.store.read() as uow:
            now = await now_of(uow)
        kept, files = retention_of(work.config), FileStore(work.config.files_folder())
        now_real = time.time()
        removed = asdict(await storage_purge.purge(work.store, files, kept, now=now, now_real=now_real))
        return removed | {"examples": forget_old_examples(work.config, now_real=now_real)}


def backup(
    folder: Annotated[Path, typer.Argument(help="An empty or new folder.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Copy the database and the files it names, and check the copy."""
    made = run(_backup(load_config(config), folder))
    if as_json:
        typer.echo(json.dumps(made))
        return
    typer.echo(f"{made['rows']} rows, {made['files']} files, {made['size']} bytes in {folder}.")


async def _backup(config: Config, folder: Path) -> dict[str, object]:
    from storage.backup import OtherTools, back_up
    from storage.files import FileStore

    file = sqlite_file(config.storage.database_url)
    if file and not file.exists():
        raise Refused(f"There is no database {file} to copy.")
    try:
        made = await back_up(config.storage.database_url, FileStore(config.files_folder()), folder)
    except OtherTools as other:
        raise Refused(f"PostgreSQL is copied by its own program: {other.command}") from None
    except FileExistsError:
        raise Refused(f"{folder} holds a copy already; name another folder.") from None
    except ValueError as error:
        raise Refused(f"{error}.") from None
    if made.missing:
        raise Refused(f"Copied, but {len(made.missing)} file(s) that the database names are lost: {made.missing[0]} …")
    return {"rows": sum(made.rows.values()), "files": made.files.files, "size": made.files.size}


def erase(
    code: Annotated[str, typer.Argument(help="The ticket.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Erase the words and pictures of a ticket and of its history for ever; its chain of events still verifies.

    Its cards are shown anew by the running bot; raw updates, other messages and picture files go by `jiehu purge`. What
    was released of it as an example, masked, is forgotten by the next `jiehu nlu train`.
    """
    if not yes:
        typer.confirm(f"Erase the texts of {code} for ever?", abort=True)
    count = run(_erase(config, code.upper()))
    typer.echo(json.dumps({"erased": count}) if as_json else f"{count} text(s) of {code} erased.")


async def _erase(config_file: Path | None, code: str) -> int:
    from storage.erase import erase_words

    async with opened(config_file) as work, work.store.begin() as uow:
        ticket = await ticket_of(uow, code)
        count = await erase_words(uow, ticket.id)
        await raise_cards(uow, await load_case(uow, ticket.id))
        await uow.commit()
        return count
