"""Which environment variables stand above which setting of the file; secrets come from here only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.config.yaml_lines import Key

OVERRIDES: Mapping[str, Key] = {
    "TELEGRAM_TOKEN": ("telegram", "token"),
    "TELEGRAM_BASE_URL": ("telegram", "base_url"),
    "TELEGRAM_BASE_FILE_URL": ("telegram", "base_file_url"),
    "TELEGRAM_WEBHOOK_SECRET": ("telegram", "webhook", "secret"),
    "DATABASE_URL": ("storage", "database_url"),
    "REDIS_URL": ("storage", "redis_url"),
    "RASA_URL": ("nlu", "rasa_url"),
}
SECRETS: Mapping[Key, str] = {OVERRIDES[name]: name for name in ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET")}


def apply(values: dict[str, object], environment: Mapping[str, str]) -> dict[Key, str]:
    """Puts the variables that are set (and not empty) into `values`; by path, the name of each that was used."""
    used: dict[Key, str] = {}
    for name, key in OVERRIDES.items():
        word = environment.get(name, "").strip()
        if word and _put(values, key, word):
            used[key] = name
    return used


def secrets_in(values: Mapping[str, object]) -> Iterator[tuple[Key, str]]:
    """Secrets that stand in the file although they belong in the environment, with the variable's name."""
    for key, name in SECRETS.items():
        part: object = values
        for word in key:
            part = part.get(word) if isinstance(part, Mapping) else None
        if part is not None:
            yield key, name


def _put(values: dict[str, object], key: Key, word: str) -> bool:
    part = values
    for name in key[:-1]:
        inner = part.setdefault(str(name), {})
        if not isinstance(inner, dict):
            return False
        part = inner
    part[str(key[-1])] = word
    return True
