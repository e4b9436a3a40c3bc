"""`jiehu catalogue` and `jiehu config`: another list, what it would change, and whether config and list agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.application.ports import UnitOfWork
from bot.catalogue_files import CatalogueError, Difference, OpenPart, diff, read_catalogue, still_needed
from bot.cli.opening import catalogue_in_force, check_schema, now_of, opened, run
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.cli.tickets import ALL, cases_of
from bot.config import Config, ConfigError, load_config, work_calendar
from bot.domain.catalogue import Catalogue

catalogue_app = typer.Typer(help="The official list (清单).", no_args_is_help=True)
config_app = typer.Typer(help="The settings.", no_args_is_help=True)

Source = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE-OR-DIR",
        help="items.csv, departments.csv, units.csv or streets.csv, or a folder of them; without: config's.",
        show_default=False,
    ),
]


@catalogue_app.command("import")
def import_list(source: Source = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Make a list the one in force; refused if open tickets need what it lacks."""
    version = run(_import(config, source))
    typer.echo(json.dumps({"version": version}) if as_json else f"Version {version} of the list is in force.")


@catalogue_app.command("diff")
def show_difference(source: Source = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Print what a list would change, and which open tickets would move."""
    found = run(_compare(config, source))
    typer.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else "\n".join(_lines(found)))


@config_app.callback()
def _group() -> None:
    """The settings."""


@config_app.command()
def check(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Check config.yml, the list's files, and whether open tickets still find what they need."""
    sentences = run(_mistakes(config))
    if as_json:
        typer.echo(json.dumps({"ok": not sentences, "mistakes": sentences}, ensure_ascii=False))
    if sentences:
        raise Refused("\n".join(sentences))
    if not as_json:
        typer.echo("Config and list are in order.")


async def open_parts(uow: UnitOfWork) -> list[OpenPart]:
    """What open tickets need of the list: their item and street, and the parties of open assignments."""
    going_on = [ticket for ticket in await uow.tickets.listed(limit=ALL) if ticket.ending is None]
    parts = []
    for case in await cases_of(uow, going_on):
        parties = [part.assignee.code for part in case.assignments if part.is_open] or [""]
        parts += [OpenPart(case.ticket.code, case.ticket.item, case.ticket.street, party) for party in parties]
    return parts


async def _import(config_file: Path | None, source: Path | None) -> int:
    async with opened(config_file) as work, work.store.begin() as uow:
        new = _read(work.config, source)
        mistakes = [*work.config.contradictions(new), *still_needed(new, await open_parts(uow))]
        if mistakes:
            raise Refused("\n".join(mistakes))
        version = await uow.catalogues.add(new, at=await now_of(uow))
        await uow.commit()
        return version


async def _compare(config_file: Path | None, source: Path | None) -> Difference:
    async with opened(config_file) as work, work.store.read() as uow:
        parts = await open_parts(uow)
        return diff(await catalogue_in_force(uow, work.config), _read(work.config, source), lambda: parts)


async def _mistakes(config_file: Path | None) -> Sequence[str]:
    try:
        config = load_config(config_file)
        work_calendar(config)
        new = _read(config, None)
    except (CatalogueError, ConfigError) as error:
        return error.sentences
    mistakes = list(config.contradictions(new))
    try:
        await check_schema(config.storage.database_url)
    except Refused:
        # before the first upgrade there are no tickets that could need anything
        return mistakes
    async with opened(config_file) as work, work.store.read() as uow:
        return [*mistakes, *still_needed(new, await open_parts(uow))]


def _read(config: Config, source: Path | None) -> Catalogue:
    paths = config.catalogue_paths()
    return read_catalogue(paths.replaced_by(source) if source else paths, name=config.catalogue.name)


def _lines(found: Difference) -> list[str]:
    lines = []
    for change in found.changes:
        lines.append(f"{change.kind.value:8} {change.part:10} {change.code} {change.name}")
        lines += [f"         {name}: {was} → {now}" for name, (was, now) in change.fields.items()]
    lines += [
        f"{move.ticket} ({move.item}) would go from {move.was or '-'} to {move.to or '-'}" for move in found.moves
    ]
    return lines or ["Nothing changes."]
