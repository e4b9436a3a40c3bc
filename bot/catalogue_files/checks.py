"""What the files of the list say of each other must be true: departments, units, streets and neighbours exist."""

from __future__ import annotations

import re

from bot.catalogue_files.table import Table
from bot.domain.catalogue import Catalogue, Item
from bot.domain.routing import unit_for

_BORDER = re.compile(r"→([^；;。]*)")
_CODE = re.compile(r"[A-Za-z]{1,4}-\d{1,4}")


def check_units(catalogue: Catalogue, table: Table) -> None:
    """Every unit belongs to a known department and street, and its code says to which."""
    for code, unit in catalogue.units.items():
        if not unit.name:
            table.say_of(code, f"{code} has no name")
        if unit.department not in catalogue.departments:
            table.say_of(code, f"{code} belongs to {unit.department or 'no department'}, which departments do not have")
        elif unit.street and unit.street not in catalogue.streets:
            table.say_of(code, f"{code} serves {unit.street}, which streets do not have")
        elif code != (expected := "-".join(filter(None, (unit.department, unit.street)))):
            table.say_of(code, f"{code} must be called {expected} after its department and street")


def check_departments(catalogue: Catalogue, table: Table) -> None:
    """Every department answers in every street, through an office there or one for the whole district."""
    for code, department in catalogue.departments.items():
        without = [street for street in catalogue.streets if unit_for(catalogue, code, street) is None]
        if len(without) == len(catalogue.streets):
            table.say_of(code, f"{code} {department.name} has no unit")
        elif without:
            table.say_of(code, f"{code} {department.name} has no unit for {', '.join(without)}")


def check_items(catalogue: Catalogue, table: Table) -> None:
    """Every item names departments and neighbours that exist, and does not ask its lead to support itself."""
    known = catalogue.department_by_name
    for code, item in catalogue.items.items():
        if item.lead not in known:
            table.say_of(code, f"{code} is led by “{item.lead}”, which is no department, short name or alias")
        for name in item.support:
            if name not in known:
                table.say_of(code, f"{code} is supported by “{name}”, which is no department, short name or alias")
            elif known[name] is known.get(item.lead):
                table.say_of(code, f"{code} is led and supported by {name}")
        _check_borders(catalogue, item, table)


def _check_borders(catalogue: Catalogue, item: Item, table: Table) -> None:
    for target in _BORDER.findall(item.out_of_scope):
        # a border may also lead out of the list (→引导诉讼) or to a whole domain (→XF各项)
        for neighbour in _CODE.findall(target):
            if neighbour == item.code or neighbour not in catalogue.items:
                table.say_of(item.code, f"{item.code} borders on →{neighbour}, which is no other item of the list")
