"""Reading `config.yml`: every mistake one sentence with its line, all of them at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from bot.config import environment
from bot.config.config import Config
from bot.config.sentences import sentence
from bot.config.yaml_lines import Key, Page, read_page

FILE_NAME = "config.yml"
_SQLITE = ("sqlite:///", "sqlite+aiosqlite:///")
_PATHS: tuple[Key, ...] = (
    ("catalogue", "items"),
    ("catalogue", "departments"),
    ("catalogue", "units"),
    ("catalogue", "streets"),
    ("storage", "files"),
    ("storage", "models"),
    ("two_way", "items"),
    ("nlu", "data"),
)
_DEFAULTS: Mapping[Key, str] = {
    ("storage", "files"): "data/files",
    ("storage", "models"): "data/models",
    ("storage", "database_url"): "sqlite+aiosqlite:///data/jiehu.db",
}


class ConfigError(Exception):
    """The file cannot be used; `sentences` are all of its mistakes, in the order of the file."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def default_path() -> Path:
    """`config.yml` of the working folder, else the one beside the program's own packages."""
    here = Path(FILE_NAME)
    return here if here.exists() else Path(__file__).resolve().parents[2] / FILE_NAME


def load_config(path: Path | None = None, variables: Mapping[str, str] | None = None) -> Config:
    """The file with the environment above it; raises `ConfigError`.

    Relative paths in the file, also that of an SQLite database, start at the file's own folder.
    """
    path = path or default_path()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError([f"There is no file {path}; name another one with --config FILE."]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path} cannot be read as UTF-8 text: {error}."]) from None
    return _checked(read_page(text), path, os.environ if variables is None else variables)


def _checked(page: Page, path: Path, variables: Mapping[str, str]) -> Config:
    found = [(line, f"{path.name}, line {line}: {words}.") for line, words in page.mistakes]
    if found and not page.values:
        raise ConfigError([words for _, words in found])  # nothing could be read: nothing is known to be missing
    for secret, name in environment.secrets_in(page.values):
        words = f"{'.'.join(map(str, secret))} is a secret and belongs into the environment as {name}"
        found.append((page.line_of(secret), f"{path.name}, line {page.line_of(secret)}: {words}."))
    values = _without_nothing(page.values)
    _make_absolute(values, path.resolve().parent)
    used = environment.apply(values, variables)
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            key: Key = detail["loc"]
            line = page.line_of(key)
            place = f"Environment variable {used[key]}" if key in used else f"{path.name}, line {line}"
            words = sentence(detail, Config)
            found.append((line, f"{place}: {words}{'' if words.endswith('?') else '.'}"))
    if found:
        raise ConfigError([words for _, words in sorted(found, key=lambda pair: pair[0])])
    return config.with_places({key: f"{path.name}, line {line}" for key, line in page.lines.items()})


def _without_nothing(values: Mapping[str, object]) -> dict[str, object]:
    """A name with nothing behind it counts as not written."""
    return {
        name: _without_nothing(value) if isinstance(value, dict) else value
        for name, value in values.items()
        if value is not None
    }


def _make_absolute(values: dict[str, object], folder: Path) -> None:
    for (section, name), default in _DEFAULTS.items():
        inner = values.setdefault(str(section), {})
        if isinstance(inner, dict):
            inner.setdefault(str(name), default)
    for section, name in _PATHS:
        inner = values.get(str(section))
        if isinstance(inner, dict) and isinstance(written := inner.get(str(name)), str):
            inner[str(name)] = str(folder / written)
    calendar = values.get("calendar")
    notices = calendar.get("notices") if isinstance(calendar, dict) else None
    if isinstance(calendar, dict) and isinstance(notices, list):
        calendar["notices"] = [str(folder / str(written)) for written in notices]
    storage = values["storage"]
    if isinstance(storage, dict):
        storage["database_url"] = _absolute_url(storage["database_url"], folder)


def _absolute_url(url: object, folder: Path) -> object:
    prefix = next((prefix for prefix in _SQLITE if isinstance(url, str) and url.startswith(prefix)), None)
    if prefix is None or not isinstance(url, str):
        return url
    file = url.removeprefix(prefix)
    return url if not file or file.startswith(("/", ":", "file:")) else f"{prefix}{folder / file}"
