"""`jiehu db`: the schema."""

from __future__ import annotations

import json

import typer

from bot.cli.opening import run, sqlite_file
from bot.cli.options import AsJson, ConfigFile
from bot.config import load_config
from storage import migrate

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The database."""


@app.command()
def upgrade(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Bring the schema to the newest version; nothing happens if it is there."""
    url = load_config(config).storage.database_url
    if file := sqlite_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)
    revision = run(migrate.upgrade(url))
    typer.echo(json.dumps({"revision": revision}) if as_json else f"The schema is at {revision}.")
