"""How a command says no: one sentence (or one for each mistake) on stderr and exit code 1, never a traceback."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from bot.catalogue_files import CatalogueError
from bot.config import ConfigError


class Refused(Exception):
    """The command cannot do what was asked; the message is the whole sentence."""


class RefusingGroup(TyperGroup):
    """The root of the command line: whatever a command may run into ends as a sentence."""

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
