"""`jiehu nlu train` and `rollback`: what people released becomes the next model, if that model is no worse."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.application.learning.corrections import may_teach, words_of
from bot.catalogue_files import read_catalogue
from bot.cli.opening import district_of, opened, run, sqlite_file
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.config import Config, load_config
from bot.config.learned import keep_examples, read_in_service, write_in_service
from bot.config.understanding import exam_of, lesson_of, local_model, open_local
from bot.domain.catalogue import Catalogue
from bot.domain.correction import Correction
from bot.domain.ticket import Sensitivity
from nlu.types import Act, Context, Flag, Interpretation

if TYPE_CHECKING:
    from nlu.evaluation.compare import Compared


def train(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Train the local backend on the training files and on what was released at the hub (/examples).

    Unless something else was released than is in service, it trains only if list, data or program have changed. Else
    two models learn without every fifth message, one with what is in service and one with what is released now. Only
    if the second understands as many of those messages as the first (half a percent may go either way by chance), a
    model of everything goes into service; a running bot takes it in by itself.
    """
    begun = time.perf_counter()
    settings = load_config(config)
    models = settings.models_folder()
    page = read_in_service(models)
    catalogue, released = run(_released(config, settings))
    pairs = _harmless(settings, catalogue, released)
    examples = keep_examples(models, pairs)
    told: dict[str, object] = {"released": len(pairs), "exchanged": examples != page.examples}
    if examples != page.examples:
        if examples in page.taken_back:
            raise Refused("These very examples were taken back by a rollback: release or drop some first (/examples).")
        compared = exam_of(settings, catalogue).compare(
            lesson_of(settings, examples), lesson_of(settings, page.examples)
        )
        told["held_back"] = {"new": compared.new.as_json(), "in_service": compared.in_service.as_json()}
        _judge(compared, told, as_json=as_json)
    folder = local_model(settings, catalogue, lesson_of(settings, examples))
    write_in_service(models, page.followed_by(examples))
    told |= {"model": str(folder), "seconds": round(time.perf_counter() - begun, 1)}
    where = "now in service" if told["exchanged"] else "in service as before"
    lines = f"{len(pairs)} released example(s), {where}\n{folder} after {told['seconds']} s"
    typer.echo(json.dumps(told) if as_json else lines)


def _judge(compared: Compared, told: dict[str, object], *, as_json: bool) -> None:
    """Shows the figures; raises `Refused` if the model in service is the better one."""
    if not as_json:
        typer.echo(f"{'held back':<14}{'new':>10}{'in service':>12}")
        in_service = compared.in_service.as_json()
        for name, value in compared.new.as_json().items():
            cells = ("-" if one is None else f"{one:g}" for one in (value, in_service[name]))
            typer.echo(
                "".join([f"{name:<14}", *(f"{cell:>{width}}" for cell, width in zip(cells, (10, 12), strict=True))])
            )
    if compared.is_worse:
        if as_json:
            typer.echo(json.dumps(told | {"exchanged": False}))
        raise Refused(
            f"The model in service stays: of {compared.new.n} messages held back it understands "
            f"{compared.in_service.right}, the new one {compared.new.right}."
        )


async def _released(file: Path | None, config: Config) -> tuple[Catalogue, list[Correction]]:
    """The list in force and what was released for learning; where there is no database yet, nothing was."""
    database = sqlite_file(config.storage.database_url)
    if database and not database.exists():
        return read_catalogue(config.catalogue_paths(), name=config.catalogue.name), []
    async with opened(file) as work, work.store.read() as uow:
        district = await district_of(uow, work.config)
        found = [one for one in await uow.corrections.released() if await may_teach(uow, district, one)]
    return district.catalogue, found


def _harmless(config: Config, catalogue: Catalogue, released: list[Correction]) -> list[tuple[str, str]]:
    """Intent and text of what may be learned: what the model in service takes for accusing or sensitive may not."""
    if not released:
        return []
    interpreter = open_local(config, catalogue)
    read = [(one, interpreter.read(one.text, Context())) for one in released]
    run(interpreter.close())
    return [
        (f"report_{one.item}" if one.item else Act.CHATTER.value, words_of(one.text))
        for one, got in read
        if one.text and not _is_delicate(catalogue, got)
    ]


def _is_delicate(catalogue: Catalogue, got: Interpretation) -> bool:
    first = catalogue.items.get(got.items[0].code) if got.items else None
    sensitive = got.act is Act.REPORT and first is not None and first.sensitivity is Sensitivity.SENSITIVE
    return sensitive or Flag.ACCUSATION in got.flags


def rollback(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Return to the model before the one in service; a running bot takes it in by itself."""
    settings = load_config(config)
    models = settings.models_folder()
    page = read_in_service(models)
    if not page.before:
        raise Refused("There is no model before the one in service.")
    catalogue, _ = run(_released(config, settings))
    page = page.rolled_back()
    folder = local_model(settings, catalogue, lesson_of(settings, page.examples))
    write_in_service(models, page)
    typer.echo(json.dumps({"model": str(folder)}) if as_json else f"{folder} is in service again")
