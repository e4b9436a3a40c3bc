"""`jiehu nlu report`: what is taken for what, as table and picture, and what people correct most often."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.catalogue_files import read_catalogue
from bot.cli.opening import catalogue_in_force, opened, run, sqlite_file
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.config import Config, load_config
from bot.config.understanding import exam_of, lesson_in_service
from bot.domain.catalogue import Catalogue

if TYPE_CHECKING:
    from nlu.evaluation.confusion import Matrix

SHOWN = 15
Counted = Mapping[tuple[str, str, str], int]
Messages = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE.csv]", help="Columns text, act, item. Without: the held-back part.", show_default=False
    ),
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the pictures go.", show_default=False)]


def report(file: Messages = None, out: Out = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show which item and act is taken for which, and which items people correct most often.

    The messages are every fifth of the training files and of what was released, read by a model that has learned the
    others only; or those of FILE.csv. Both matrices are written as picture (SVG) and table (CSV), by default beside the
    models.
    """
    from nlu.evaluation.compare import standing_of
    from nlu.evaluation.confusion import acts_of, items_of
    from nlu.evaluation.rows import read_rows

    settings = load_config(config)
    catalogue, counted = run(_corrected(config, settings))
    try:
        rows = read_rows(file) if file else None
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read as messages: {error}.") from error
    answers = exam_of(settings, catalogue).answers(lesson_in_service(settings), rows)
    items, acts = items_of(answers, list(catalogue.items)), acts_of(answers)
    folder = out or settings.models_folder().with_name("report")
    written = [*_write(folder, "items", items), *_write(folder, "acts", acts)]
    corrected = _by_item(counted)
    if as_json:
        page = {
            **standing_of(answers).as_json(),
            "files": [str(path) for path in written],
            "acts": _rows(acts),
            "items": _rows(items),
            "corrected": [{"item": item, "count": n, "instead": instead} for item, n, instead in corrected],
        }
        typer.echo(json.dumps(page, ensure_ascii=False))
        return
    for name, value in standing_of(answers).as_json().items():
        typer.echo(f"{name:<14}{'-' if value is None else format(value, 'g'):>8}")
    _print_table("Acts taken for another", _lines(acts))
    _print_table("Items taken for another", _lines(items, catalogue))
    _print_table("Corrected most often", (_corrected_line(catalogue, *row) for row in corrected[:SHOWN]))
    typer.echo("\n" + "\n".join(map(str, written)))


async def _corrected(file: Path | None, config: Config) -> tuple[Catalogue, Counted]:
    database = sqlite_file(config.storage.database_url)
    if database and not database.exists():
        return read_catalogue(config.catalogue_paths(), name=config.catalogue.name), {}
    async with opened(file) as work, work.store.read() as uow:
        return await catalogue_in_force(uow, work.config), await uow.corrections.counted()


def _by_item(counted: Counted) -> list[tuple[str, int, dict[str, int]]]:
    """Items that were understood and put right: how often, and what they were changed to (`-`: no report)."""
    instead: dict[str, Counter[str]] = {}
    for (origin, was, item), n in counted.items():
        to = item or ("-" if origin == "not_a_report" else "?")
        instead.setdefault(was or "?", Counter())[to] += n
    found = [(was, changed.total(), dict(changed.most_common())) for was, changed in instead.items()]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _write(folder: Path, name: str, matrix: Matrix) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    picture, table = folder / f"{name}.svg", folder / f"{name}.csv"
    picture.write_text(matrix.as_svg(), encoding="utf-8")
    table.write_text(matrix.as_csv(), encoding="utf-8")
    return [picture, table]


def _rows(matrix: Matrix) -> list[dict[str, object]]:
    return [{"expected": one, "understood": other, "count": n} for (one, other), n in sorted(matrix.counts.items())]


def _lines(matrix: Matrix, catalogue: Catalogue | None = None) -> Iterable[str]:
    for expected, understood, n in matrix.mistakes()[:SHOWN]:
        names = [_named(catalogue, code) for code in (expected, understood)]
        yield f"{n:>4} of {matrix.of(expected):<4} {names[0]} → {names[1]}"


def _named(catalogue: Catalogue | None, code: str) -> str:
    item = catalogue.items.get(code) if catalogue else None
    return f"{code} {item.name}" if item else "no report" if code == "-" else "not known" if code == "?" else code


def _corrected_line(catalogue: Catalogue, item: str, n: int, instead: Mapping[str, int]) -> str:
    changed = ", ".join(f"{_named(catalogue, to)} ×{count}" for to, count in list(instead.items())[:3])
    return f"{n:>4} × {_named(catalogue, item)} → {changed}"


def _print_table(title: str, lines: Iterable[str]) -> None:
    typer.echo(f"\n{title}")
    typer.echo("\n".join(lines) or "   none")
