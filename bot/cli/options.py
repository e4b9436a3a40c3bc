"""The options that commands share."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Another config.yml.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Language(StrEnum):
    """What a command can speak."""

    ZH = "zh"
    EN = "en"


InLanguage = Annotated[
    Language | None,
    typer.Option("--lang", help="Without it: English if the environment's LANG is, else Chinese.", show_default=False),
]


def language_of(asked: Language | None) -> str:
    """The language to speak: as asked, else the environment's, else that of the people who run a district."""
    if asked is not None:
        return asked.value
    spoken = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return (Language.EN if spoken.lower().startswith("en") else Language.ZH).value
