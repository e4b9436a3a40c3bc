"""What pydantic found wrong, as one plain sentence without the file's line, which the caller knows."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.config.environment import SECRETS

SHOWN = 60
_KINDS: Mapping[str, str] = {
    "int_parsing": "is no whole number",
    "int_from_float": "is no whole number",
    "float_parsing": "is no number",
    "bool_parsing": "is neither true nor false",
    "time_parsing": "is no time of day such as 08:30",
    "time_type": "is no time of day such as 08:30",
    "date_parsing": "is no day such as 2026-10-01",
    "date_from_datetime_parsing": "is no day such as 2026-10-01",
    "date_type": "is no day such as 2026-10-01",
    "string_too_short": "is empty",
    "string_type": "must be words",
    "model_type": "must be a group of settings",
    "dict_type": "must be a group of settings",
    "tuple_type": "must be a list",
    "frozen_set_type": "must be a list",
    "list_type": "must be a list",
    "path_type": "must be a path",
}
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("must be at least", "ge"),
    "less_than_equal": ("must be at most", "le"),
    "greater_than": ("must be more than", "gt"),
    "less_than": ("must be less than", "lt"),
}
_PATTERNS: Mapping[str, str] = {
    r"^[A-Z]{2,4}$": "must be two to four capital letters",
    r"^(local|rasa)$": "is neither local nor rasa",
}


def sentence(error: ErrorDetails, model: type[BaseModel]) -> str:
    """The mistake in plain words, without a full stop; a secret is never quoted."""
    path, kind = ".".join(str(part) for part in error["loc"]) or "the file", error["type"]
    if kind == "missing":
        return f"{path} is missing"
    if kind == "extra_forbidden":
        return f"{path} is no setting{_guess(error, model)}"
    value = error["input"]
    if isinstance(value, (dict, list)) or value is None or isinstance(value, BaseModel) or error["loc"] in SECRETS:
        return f"{path} {_wrong(error)}"
    return f"{path} “{str(value)[:SHOWN]}” {_wrong(error)}"


def _wrong(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return (
            f"{context['error']}" if error["loc"] and not isinstance(error["input"], dict) else f"— {context['error']}"
        )
    if kind == "enum":
        return f"is none of {str(context['expected']).replace(chr(39), '').replace(' or ', ', ')}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        return f"{words} {context[bound]}"
    return _KINDS.get(kind, error["msg"][:1].lower() + error["msg"][1:])


def _guess(error: ErrorDetails, model: type[BaseModel]) -> str:
    known = _fields_at(model, error["loc"][:-1])
    close = get_close_matches(str(error["loc"][-1]), known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _fields_at(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    for part in path:
        if isinstance(part, int):
            continue
        field = next((f for name, f in model.model_fields.items() if part == (f.alias or name)), None)
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())] if field else []
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]
