"""`jiehu nlu train-rasa` and `serve-rasa`: the Rasa environment beside ours, made by `make rasa-env`."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.catalogue_files import read_catalogue
from bot.cli.options import ConfigFile
from bot.cli.refusals import Refused
from bot.config import Config, load_config
from bot.config.understanding import lesson_in_service, list_items
from nlu.training import rasa_project
from nlu.training.examples import BadTrainingFile

ENVIRONMENT = Path(__file__).resolve().parents[2] / ".venv-rasa"
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="On 127.0.0.1, for this machine alone.")]
Environment = Annotated[Path, typer.Option("--environment", metavar="DIR", help="Where Rasa is.", show_default=False)]
Epochs = Annotated[int, typer.Option("--epochs", min=1, help="How often it sees every example.")]


def train_rasa(
    epochs: Epochs = rasa_project.EPOCHS, environment: Environment = ENVIRONMENT, config: ConfigFile = None
) -> None:
    """Write the Rasa project from list and data, and train it, unless it is as it was; takes long."""
    settings, rasa = load_config(config), _rasa(environment)
    folder = project_folder(settings)
    try:
        items = list_items(read_catalogue(settings.catalogue_paths()))
        count = rasa_project.write_project(folder, items, lesson_in_service(settings), epochs)
    except BadTrainingFile as error:
        raise Refused(f"{error}.") from error
    stamp, known = rasa_project.stamp_of(folder), rasa_project.trained_in(folder)
    if known is not None and known.stamp == stamp:
        typer.echo(f"{rasa_project.model_file(folder)} is made of exactly this: {count} examples, {epochs} epochs")
        return
    typer.echo(f"{folder}: {count} examples, {epochs} epochs; on two idle cores ten minutes or so")
    trained = _train(rasa, folder, rasa_project.Trained(stamp, count, epochs, 0, 0, 0))
    rasa_project.keep_trained(folder, trained)
    typer.echo(f"{rasa_project.model_file(folder)} after {trained.seconds:.0f} s")


def _train(rasa: Path, folder: Path, planned: rasa_project.Trained) -> rasa_project.Trained:
    """Lets Rasa learn; what it took stands in the result."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(rasa_project.train_command(rasa), cwd=folder, env=_environment(), check=False)
    if done.returncode or not rasa_project.model_file(folder).exists():
        raise Refused("Rasa could not be trained; what it says stands above.")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return replace(
        planned,
        seconds=round(time.perf_counter() - begun, 1),
        processor_seconds=round(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 1),
        memory_mb=round(used.ru_maxrss / 1024),
    )


def serve_rasa(port: Port = 5005, environment: Environment = ENVIRONMENT, config: ConfigFile = None) -> None:
    """Become the Rasa server; the bot reaches it by RASA_URL."""
    folder, rasa = project_folder(load_config(config)), _rasa(environment)
    if not rasa_project.model_file(folder).exists():
        raise Refused("There is no Rasa model yet: make rasa trains one.")
    typer.echo(f"Rasa will answer at http://127.0.0.1:{port}", err=True)
    sys.stderr.flush()
    os.chdir(folder)
    os.execve(rasa, rasa_project.serve_command(rasa, port), _environment())


def project_folder(config: Config) -> Path:
    """Where the Rasa project and its model lie: beside the models of the local backend."""
    return config.models_folder().with_name("rasa")


def _rasa(environment: Path) -> Path:
    rasa = environment.absolute() / "bin" / "rasa"
    if not rasa.exists():
        raise Refused("There is no Rasa environment yet: make rasa builds it.")
    return rasa


def _environment() -> dict[str, str]:
    return {**os.environ, **rasa_project.ENVIRONMENT}
