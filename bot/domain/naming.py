"""Parties named in people's words: departments and their offices, streets, by every name the list knows for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from typing_extensions import override

from bot.domain import routing
from bot.domain.catalogue import Catalogue
from bot.domain.party import Party, PartyKind

SHORTEST = 2
_STREET = "街道"


@dataclass(frozen=True, slots=True)
class Named:
    """text[start:end] names `code`: a street, a unit, or a department whose office depends on the street."""

    code: str
    start: int
    end: int


def party_called(catalogue: Catalogue, words: str, street: str) -> Party | None:
    """Whom these words name as a whole, by code or name; for a department its office in that street."""
    return _resolved(catalogue, _names(catalogue).get(words.strip().upper(), ""), street)


def parties_in(catalogue: Catalogue, text: str, street: str) -> tuple[Party, ...]:
    """Everybody whom the text names, each once, in the order of the text."""
    found = (_resolved(catalogue, named.code, street) for named in names_in(catalogue, text))
    return tuple(dict.fromkeys(party for party in found if party is not None))


def names_in(catalogue: Catalogue, text: str) -> Iterator[Named]:
    """Every name in the text, the longest first where they overlap; numbers alone name nobody."""
    names = _names(catalogue)
    for match in _pattern(catalogue).finditer(text.upper()):
        yield Named(names[match.group()], match.start(), match.end())


def _resolved(catalogue: Catalogue, code: str, street: str) -> Party | None:
    if code in catalogue.streets:
        return Party(PartyKind.STREET, code)
    if code in catalogue.units:
        return catalogue.units[code].party
    unit = routing.unit_for(catalogue, code, street) if code else None
    return unit.party if unit else None


@lru_cache(maxsize=4)
def _names_of(key: _Key) -> Mapping[str, str]:
    catalogue = key.catalogue
    names: dict[str, str] = {}
    for street in catalogue.streets.values():
        bare = street.name.removesuffix(_STREET)
        names |= {street.code: street.code, street.name: street.code}
        if len(bare) >= SHORTEST:
            names[bare] = street.code
    for unit in catalogue.units.values():
        if unit.code not in catalogue.departments:
            names |= {unit.code: unit.code, unit.name: unit.code}
    for name, department in catalogue.department_by_name.items():
        if len(name) >= SHORTEST and not name.isdigit():
            names[name] = department.code
    names |= {code: code for code in catalogue.departments}
    return {name.upper(): code for name, code in names.items()}


@lru_cache(maxsize=4)
def _pattern_of(key: _Key) -> re.Pattern[str]:
    names = sorted(_names_of(key), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, names)) or r"(?!)")


@dataclass(frozen=True, eq=False)
class _Key:
    """A catalogue by identity: it is immutable, and its content is too much to compare."""

    catalogue: Catalogue

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.catalogue is self.catalogue

    @override
    def __hash__(self) -> int:
        return id(self.catalogue)


def _names(catalogue: Catalogue) -> Mapping[str, str]:
    return _names_of(_Key(catalogue))


def _pattern(catalogue: Catalogue) -> re.Pattern[str]:
    return _pattern_of(_Key(catalogue))
