"""The four files of the list as one `Catalogue`; what one file says of another is checked in `checks`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.catalogue_files import checks
from bot.catalogue_files.table import Row, Table, limit, several, whole_number, word, yes
from bot.domain.catalogue import Catalogue, Community, Department, FirstHandler, Item, Street, Unit
from bot.domain.ticket import Level, Sensitivity

PARTS = ("items", "departments", "units", "streets")
ITEM_COLUMNS = (
    *("code", "domain", "name", "scope", "out_of_scope", "lead_department", "support_departments", "street_duty"),
    *("first_handler", "level", "sign_limit", "handle_limit", "emergency", "enforcement", "sensitivity"),
    *("resident_reportable", "legal_basis"),
)
DEPARTMENT_COLUMNS = ("code", "name", "short_name", "aliases", "kind")
UNIT_COLUMNS = ("unit", "department", "street_code", "name", "duty_phone", "post")
STREET_COLUMNS = ("street_code", "street", "community", "grid_count")
MOST_COMMUNITIES = 99

_ITEM_CODE = re.compile(r"[A-Z]{1,4}-\d{1,4}")
_DEPARTMENT_CODE = re.compile(r"D\d{2}")
_STREET_CODE = re.compile(r"[A-Z]{2}\d{2}")
_UNIT_CODE = re.compile(r"D\d{2}(-[A-Z]{2}\d{2})?")


class CatalogueError(Exception):
    """The files are no list that can be used; `sentences` are all of their mistakes."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)


@dataclass(frozen=True, slots=True)
class CataloguePaths:
    """Where the four files are."""

    items: Path
    departments: Path
    units: Path
    streets: Path

    def replaced_by(self, path: Path) -> CataloguePaths:
        """The same with what a folder holds of the four, or with the one file; raises `CatalogueError`."""
        files = [path / f"{part}.csv" for part in PARTS if (path / f"{part}.csv").exists()] if path.is_dir() else [path]
        named = {part: file for file in files for part in PARTS if part in file.stem}
        if not named:
            raise CatalogueError([f"{path} is none of items.csv, departments.csv, units.csv and streets.csv."])
        return replace(self, **named)


def read_catalogue(paths: CataloguePaths, *, name: str = "") -> Catalogue:
    """The list in these files, as version 0; raises `CatalogueError` with every mistake of all of them."""
    departments = Table(paths.departments, DEPARTMENT_COLUMNS)
    streets = Table(paths.streets, STREET_COLUMNS)
    units = Table(paths.units, UNIT_COLUMNS)
    items = Table(paths.items, ITEM_COLUMNS)
    tables = (departments, streets, units, items)
    catalogue = Catalogue(
        version=0,
        departments=_departments(departments),
        streets=_streets(streets),
        units=_units(units),
        items=_items(items),
        name=name,
    )
    if all(table.is_readable for table in tables):
        checks.check_units(catalogue, units)
        checks.check_departments(catalogue, departments)
        checks.check_items(catalogue, items)
    sentences = [sentence for table in tables for sentence in table.sentences()]
    if sentences:
        raise CatalogueError(sentences)
    return replace(catalogue, items=_with_full_names(catalogue))


def _departments(table: Table) -> dict[str, Department]:
    found: dict[str, Department] = {}
    names: dict[str, str] = {}
    for line, code, row in table.keyed("code", _DEPARTMENT_CODE):
        if not row["name"] or not row["short_name"]:
            table.say(line, f"{code} has no name or no short_name")
        aliases = several(row["aliases"])
        for name in dict.fromkeys((row["name"], row["short_name"], *aliases)):
            if name and names.setdefault(name, code) != code:
                table.say(line, f"the name {name} of {code} belongs to {names[name]} already")
        found[code] = Department(code, row["name"], row["short_name"], aliases, row["kind"])
    return found


def _streets(table: Table) -> dict[str, Street]:
    streets: dict[str, Street] = {}
    for line, row in table.rows:
        code = row["street_code"]
        if not _STREET_CODE.fullmatch(code):
            table.say(line, f"street_code “{code}” is no code such as JL01")
            continue
        street = streets.setdefault(code, Street(code, row["street"], ()))
        grids = whole_number(table, line, row, "grid_count")
        streets[code] = _with_community(table, line, street, row, grids)
    return streets


def _with_community(table: Table, line: int, street: Street, row: Row, grids: int) -> Street:
    name, place = row["community"], len(street.communities) + 1
    if street.name != row["street"] or not street.name:
        table.say(line, f"{street.code} is called “{row['street']}” here and “{street.name}” before")
    elif not name or any(known.name == name for known in street.communities):
        table.say(line, f"the community “{name}” of {street.code} has no name or is given twice")
    elif place > MOST_COMMUNITIES:
        table.say(line, f"{street.code} has more than {MOST_COMMUNITIES} communities")
    else:
        community = Community(f"{street.code}{place:02}", name, street.code, grids)
        return replace(street, communities=(*street.communities, community))
    return street


def _units(table: Table) -> dict[str, Unit]:
    return {
        code: Unit(code, row["department"], row["street_code"], row["name"], row["duty_phone"], row["post"])
        for _, code, row in table.keyed("unit", _UNIT_CODE)
    }


def _items(table: Table) -> dict[str, Item]:
    return {code: _item(table, line, code, row) for line, code, row in table.keyed("code", _ITEM_CODE)}


def _item(table: Table, line: int, code: str, row: Row) -> Item:
    if not row["name"]:
        table.say(line, f"{code} has no name")
    return Item(
        code=code,
        domain=row["domain"],
        name=row["name"],
        scope=row["scope"],
        out_of_scope=row["out_of_scope"],
        lead=row["lead_department"],
        support=several(row["support_departments"]),
        street_duty=row["street_duty"],
        first_handler=word(table, line, row, "first_handler", FirstHandler.DEPARTMENT),
        level=word(table, line, row, "level", Level.ORDINARY),
        sign_limit=limit(table, line, row, "sign_limit"),
        handle_limit=limit(table, line, row, "handle_limit"),
        emergency=yes(table, line, row, "emergency"),
        enforcement=yes(table, line, row, "enforcement"),
        sensitivity=word(table, line, row, "sensitivity", Sensitivity.SENSITIVE),
        resident_reportable=yes(table, line, row, "resident_reportable"),
        legal_basis=row["legal_basis"],
    )


def _with_full_names(catalogue: Catalogue) -> Mapping[str, Item]:
    full = {name: department.name for name, department in catalogue.department_by_name.items()}
    return {
        code: replace(item, lead=full[item.lead], support=tuple(full[name] for name in item.support))
        for code, item in catalogue.items.items()
    }
