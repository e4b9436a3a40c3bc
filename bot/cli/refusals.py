"""How a command says no: one sentence (or one for each mistake) on stderr and exit code 1, never a traceback."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typing_extensions import override

from bot.catalogue_files import CatalogueError
from bot.config import ConfigError


class Refused(Exception):
    """The command cannot do what was asked; the message is the whole sentence, `key` names the text that says it too."""

    def __init__(self, words: str, key: str = "", **params: object) -> None:
        super().__init__(words)
        self.key = key
        self.params = params


class RefusingGroup(TyperGroup):
    """The root of the command line: whatever a command may run into ends as a sentence.

    The commands of `LATE` are imported when they are asked for: they bring the whole bot along, which takes longer
    to load than the others take to run.
    """

    LATE: ClassVar[Mapping[str, str]] = {name: "bot.cli.running" for name in ("demo", "run", "replay")}

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, those that start the bot first."""
        return [*self.LATE, *super().list_commands(ctx)]

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, if there is one."""
        if cmd_name not in self.LATE:
            return super().get_command(ctx, cmd_name)
        alone = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
        alone.command(cmd_name)(getattr(import_module(self.LATE[cmd_name]), cmd_name))
        return typer.main.get_command(alone)

    @override
    def invoke(self, ctx: Any) -> Any:
        """Runs the command; a refusal becomes its sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except (Refused, ConfigError, CatalogueError) as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(1) from refusal
        except OSError as error:
            typer.echo(f"A file or a connection cannot be used: {error}.", err=True)
            raise typer.Exit(1) from error
