"""What a new list changes: added, removed and changed entries, and which open tickets it would move or strand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.domain.catalogue import Catalogue
from bot.domain.routing import lead_unit


class ChangeKind(StrEnum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of one part (`item`, `unit`, `department`, `street`, `community`); `fields` by name: (old, new)."""

    part: str
    code: str
    name: str
    kind: ChangeKind
    fields: Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class OpenPart:
    """An open assignment: its ticket's code, item and street, and the party that has it; no party: not dispatched."""

    ticket: str
    item: str
    street: str
    assignee: str


@dataclass(frozen=True, slots=True)
class Move:
    """A ticket that the new list would send to another unit; `to` is empty where it would reach nobody."""

    ticket: str
    item: str
    was: str
    to: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changes."""

    changes: tuple[Change, ...]
    moves: tuple[Move, ...]


OpenParts = Callable[[], Sequence[OpenPart]]


def diff(old: Catalogue, new: Catalogue, open_parts: OpenParts = tuple) -> Difference:
    """What changes from one list to the next; `open_parts` is asked for what is not finished."""
    changes: list[Change] = []
    for part, before, after in _parts(old, new):
        changes += _changes(part, before, after)
    return Difference(tuple(changes), tuple(dict.fromkeys(_moves(old, new, open_parts()))))


def still_needed(new: Catalogue, parts: Sequence[OpenPart]) -> list[str]:
    """One sentence for each item, unit or street that the new list lacks although open tickets need it."""
    parties = {*new.units, *new.departments, *new.streets, *new.communities, "hub"}
    lacking: dict[str, list[str]] = {}
    for part in parts:
        if part.item not in new.items:
            lacking.setdefault(f"the item {part.item}", []).append(part.ticket)
        if part.assignee and part.assignee not in parties:
            lacking.setdefault(f"the unit {part.assignee}", []).append(part.ticket)
        if part.street not in new.streets:
            lacking.setdefault(f"the street {part.street}", []).append(part.ticket)
    return [
        f"The list lacks {what}, which {len(set(tickets))} open ticket(s) still need: {', '.join(sorted(set(tickets))[:5])}."
        for what, tickets in sorted(lacking.items())
    ]


def _parts(old: Catalogue, new: Catalogue) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    yield "item", old.items, new.items
    yield "unit", old.units, new.units
    yield "department", old.departments, new.departments
    yield "street", old.streets, new.streets
    yield "community", old.communities, new.communities


def _changes(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for code in before.keys() - after.keys():
        yield Change(part, code, before[code].name, ChangeKind.REMOVED, {})
    for code, entry in after.items():
        if code not in before:
            yield Change(part, code, entry.name, ChangeKind.ADDED, {})
        elif fields := _fields(before[code], entry):
            yield Change(part, code, entry.name, ChangeKind.CHANGED, fields)


def _fields(before: Any, after: Any) -> dict[str, tuple[object, object]]:
    was = {name: value for name, value in asdict(before).items() if name != "communities"}
    now = asdict(after)
    return {name: (value, now[name]) for name, value in was.items() if value != now[name]}


def _moves(old: Catalogue, new: Catalogue, parts: Sequence[OpenPart]) -> Iterator[Move]:
    for part in parts:
        was, to = _lead(old, part), _lead(new, part)
        if was != to or (part.assignee in old.units and part.assignee not in new.units):
            yield Move(part.ticket, part.item, was, to)


def _lead(catalogue: Catalogue, part: OpenPart) -> str:
    item = catalogue.items.get(part.item)
    unit = lead_unit(catalogue, item, part.street) if item else None
    return unit.code if unit else ""
