"""The options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Another config.yml.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
