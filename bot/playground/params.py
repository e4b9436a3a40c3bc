"""What a method was called with, whatever the encoding: query, form, multipart or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.playground.errors import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime: str
    content: bytes


class Params:
    """Typed look at the parameters of one call; text and native JSON values are both understood."""

    def __init__(self, values: Mapping[str, object], uploads: Mapping[str, Upload] | None = None) -> None:
        self._values = values
        self.uploads = uploads or {}

    def raw(self, name: str) -> object:
        """The value as it came."""
        return self._values.get(name)

    def items(self) -> dict[str, object]:
        """All values as they came."""
        return dict(self._values)

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers are taken as written."""
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str) -> int | None:
        """A whole number, none if it is missing or something else."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        try:
            return int(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def number(self, name: str) -> float | None:
        """A number, none if it is missing or something else."""
        value = self._values.get(name)
        try:
            return float(value) if isinstance(value, str | int | float) else None
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """A yes or no; missing is no."""
        value = self._values.get(name)
        return value.lower() in ("true", "1", "yes") if isinstance(value, str) else bool(value)

    def json(self, name: str) -> object:
        """A JSON value, parsed if it came as text; none if it is missing."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            parsed: object = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None
        return parsed

    def mapping(self, name: str) -> dict[str, object] | None:
        """A JSON object, none if it is missing; anything else is refused."""
        value = self.json(name)
        if value is None or isinstance(value, dict):
            return value
        raise bad_request(f"can't parse {name}: expected an Object")
