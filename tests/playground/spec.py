"""Answers and updates held against two descriptions of the Bot API that are not ours.

aiogram's types are always there; the published specification as data only where the shared folder is.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import aiogram.methods
from aiogram.types import Update
from pydantic import TypeAdapter

SPEC = Path(__file__).resolve().parents[2] / ".." / "shared" / "botapi" / "api.min.json"
_PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
    "Float": (float, int),
}

# Of a younger version of the Bot API than the specification; aiogram insists on it.
_NEWER = {"can_send_welcome_messages"}


@functools.cache
def spec() -> dict[str, Any] | None:
    """The specification, none where the shared folder is missing."""
    return json.loads(SPEC.read_text(encoding="utf-8")) if SPEC.exists() else None


@functools.cache
def _method_name(name: str) -> str:
    known = {each.lower(): each for each in aiogram.methods.__all__}
    return known[name.lower()]


def check_result(method: str, result: object) -> None:
    """A result of a method has the type that aiogram and the specification expect."""
    name = _method_name(method)
    returning = getattr(aiogram.methods, name).__returning__
    TypeAdapter(returning).validate_python(result)
    described = spec()
    if described is not None:
        returns = described["methods"][name[0].lower() + name[1:]]["returns"]
        walk(described["types"], returns, result, method)


def check_update(update: object) -> None:
    """An update is one for both."""
    Update.model_validate(update)
    described = spec()
    if described is not None:
        walk(described["types"], ["Update"], update, "update")


def walk(types: dict[str, Any], allowed: list[str], value: object, where: str) -> None:
    """Some of the allowed types fits the value down to its last field; no field is unknown."""
    problems = []
    for name in allowed:
        problem = _misfit(types, name, value, where)
        if problem is None:
            return
        problems.append(problem)
    raise AssertionError("; ".join(problems))


def _misfit(types: dict[str, Any], name: str, value: object, where: str) -> str | None:
    try:
        _fit(types, name, value, where)
    except AssertionError as error:
        return str(error)
    return None


def _fit(types: dict[str, Any], name: str, value: object, where: str) -> None:
    if name.startswith("Array of "):
        assert isinstance(value, list), f"{where}: {value!r} is no array"
        for number, each in enumerate(value):
            walk(types, [name.removeprefix("Array of ")], each, f"{where}[{number}]")
        return
    if name in _PLAIN:
        is_bool = isinstance(value, bool)
        assert isinstance(value, _PLAIN[name]) and is_bool == (bool in _PLAIN[name]), f"{where}: {value!r} is no {name}"
        return
    described = types[name]
    if described.get("subtypes"):
        walk(types, described["subtypes"], value, where)
        return
    _fit_object(types, described, value, where)


def _fit_object(types: dict[str, Any], described: dict[str, Any], value: object, where: str) -> None:
    assert isinstance(value, dict), f"{where}: {value!r} is no {described['name']}"
    fields = {field["name"]: field for field in described.get("fields", [])}
    unknown = value.keys() - fields.keys() - _NEWER
    assert not unknown, f"{where}: {described['name']} has no {unknown}"
    for name, field in fields.items():
        if name not in value:
            assert not field["required"], f"{where}: {described['name']} lacks {name}"
            continue
        constant = field["description"].partition('always "')[2].partition('"')[0]
        assert not constant or value[name] == constant, f"{where}.{name}: {value[name]!r} is not {constant!r}"
        walk(types, field["types"], value[name], f"{where}.{name}")
