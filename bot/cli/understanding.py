"""`jiehu nlu`: what the program understands of a message, how well, and the data it learns from."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.catalogue_files import read_catalogue
from bot.cli import learning, learning_report, rasa
from bot.cli.opening import run
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.config import Config, load_config
from bot.config.understanding import list_items, local_model, open_local, open_rasa
from bot.domain.catalogue import Catalogue
from nlu.evaluation.rows import Answer
from nlu.types import Context, Interpretation, Interpreter, ItemGuess, NluUnavailable

app = typer.Typer(help="Understanding of messages.", no_args_is_help=True)
app.command()(rasa.train_rasa)
app.command()(rasa.serve_rasa)
app.command()(learning.train)
app.command()(learning.rollback)
app.command()(learning_report.report)
PATIENCE = 30.0


class Backend(StrEnum):
    """Who understands."""

    LOCAL = "local"
    RASA = "rasa"


BackendName = Annotated[Backend | None, typer.Option("--backend", help="Without: config's.", show_default=False)]


def open_interpreter(config: Config, backend: str) -> Interpreter:
    """The backend over the list of config's files, trained first if need be; raises `Refused`."""
    catalogue = read_catalogue(config.catalogue_paths())
    # without the local backend behind it: whoever asks for one backend wants to know what that one says
    return open_rasa(config, catalogue, PATIENCE) if backend == Backend.RASA else open_local(config, catalogue)


@app.command()
def predict(
    backend: BackendName = None,
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="As always here: it prints nothing but JSON.")] = True,
) -> None:
    """Read one message a line on stdin and write one JSON object a line."""
    del as_json
    run(_predict(load_config(config), backend))


async def _predict(config: Config, backend: Backend | None) -> None:
    interpreter = open_interpreter(config, backend or config.nlu.backend)
    try:
        for line in sys.stdin:
            context = Context(now=datetime.now(UTC).astimezone(config.zone))
            found = await interpreter.interpret(line.rstrip("\r\n"), context)
            typer.echo(json.dumps(as_json_of(found), ensure_ascii=False))
            sys.stdout.flush()
    except NluUnavailable as error:
        raise Refused(f"The backend {interpreter.name} does not answer: {error}.") from error
    finally:
        await interpreter.close()


def as_json_of(found: Interpretation) -> dict[str, object]:
    """An interpretation in the fields that people's scripts rely on."""
    return {
        "text": found.text,
        "act": found.act.value,
        "act_confidence": round(found.act_confidence, 4),
        "decision": found.decision.value,
        "items": _guesses(found.items),
        "entities": [
            {"kind": entity.kind.value, "text": entity.text, "start": entity.start, "end": entity.end}
            for entity in found.entities
        ],
        "segments": [{"text": segment.text, "items": _guesses(segment.items)} for segment in found.segments],
        "flags": sorted(flag.value for flag in found.flags),
    }


def _guesses(items: tuple[ItemGuess, ...]) -> list[dict[str, object]]:
    return [{"code": guess.code, "confidence": round(guess.confidence, 4)} for guess in items]


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Columns text, act, item.")],
    backend: BackendName = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well and how fast a file of messages is understood."""
    from nlu.evaluation.evaluate import intervals_of, scores_of
    from nlu.evaluation.report import as_table

    answers, load_seconds = run(_answers(load_config(config), backend, file))
    scores = scores_of(answers, load_seconds)
    typer.echo(json.dumps(scores.as_json()) if as_json else as_table(scores, intervals_of(answers)))


async def _answers(config: Config, backend: Backend | None, file: Path) -> tuple[list[Answer], float]:
    """What is understood of the file's messages, and how long the backend took to open."""
    from nlu.evaluation.evaluate import answer_all
    from nlu.evaluation.rows import read_rows

    try:
        rows = read_rows(file)
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read as messages: {error}.") from error
    name = backend or config.nlu.backend
    if name == Backend.LOCAL:
        local_model(config, read_catalogue(config.catalogue_paths()))
    begun = time.perf_counter()
    interpreter = open_interpreter(config, name)
    try:
        load_seconds = time.perf_counter() - begun
        return await answer_all(interpreter, rows), load_seconds
    except NluUnavailable as error:
        raise Refused(f"The backend {interpreter.name} does not answer: {error}.") from error
    finally:
        await interpreter.close()


@app.command()
def lint(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Look for mistakes in the training data."""
    found = list(_training_mistakes(read_catalogue(load_config(config).catalogue_paths())))
    if as_json:
        typer.echo(json.dumps({"ok": not found, "mistakes": found}, ensure_ascii=False))
    if found:
        raise Refused("\n".join(found))
    if not as_json:
        typer.echo("The training data is in order.")


def _training_mistakes(catalogue: Catalogue) -> Iterator[str]:
    from nlu.training.examples import BadTrainingFile
    from nlu.training.lesson import DATA_FOLDER
    from nlu.training.lint import lint as look

    try:
        for one in look(DATA_FOLDER, list_items(catalogue)):
            yield f"{one.kind.value.replace('_', ' ')} in {', '.join(one.intents)}: {one.detail}"
    except BadTrainingFile as error:
        yield f"{error}."
