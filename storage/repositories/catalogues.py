"""Versions of the official list; a version never changes, so it is read once per process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.exc import IntegrityError

from bot.domain.catalogue import Catalogue, Community, Department, Item, Street, Unit
from bot.domain.errors import VersionConflict
from storage.columns import AnyRow
from storage.connection import Db
from storage.mapping import values_of
from storage.tables.lists import catalogue_version, community, department, item, street, unit

_LATEST = select(func.max(catalogue_version.c.version))


class SqlCatalogues:
    """`Catalogues` over SQL; `read` holds the versions that this process has read."""

    def __init__(self, db: Db, read: dict[int, Catalogue]) -> None:
        self._db = db
        self._read = read
        self._added: set[int] = set()

    async def current(self) -> Catalogue | None:
        version = await self._db.value(_LATEST)
        return None if version is None else await self.get(version)

    async def get(self, version: int) -> Catalogue | None:
        if version in self._read:
            return self._read[version]
        loaded = await self._load(version)
        if loaded is not None and version not in self._added:
            self._read[version] = loaded
        return loaded

    async def add(self, catalogue: Catalogue, *, at: datetime) -> int:
        version = (await self._db.value(_LATEST) or 0) + 1
        self._added.add(version)
        header = {"version": version, "name": catalogue.name, "at": at}
        try:
            await self._db.execute(catalogue_version.insert(), header)
        except IntegrityError as error:
            raise VersionConflict(f"another process has just added version {version} of the list") from error
        for table, entries in (
            (item, catalogue.items.values()),
            (department, catalogue.departments.values()),
            (unit, catalogue.units.values()),
            (community, catalogue.communities.values()),
        ):
            await self._write(table, version, [values_of(entry) for entry in entries])
        streets = [{"code": one.code, "name": one.name} for one in catalogue.streets.values()]
        await self._write(street, version, streets)
        return version

    async def _write(self, table: Table, version: int, entries: Iterable[dict[str, Any]]) -> None:
        rows = [{**entry, "version": version, "position": position} for position, entry in enumerate(entries)]
        if rows:
            await self._db.execute(table.insert(), rows)

    async def _load(self, version: int) -> Catalogue | None:
        header = await self._db.first(select(catalogue_version).where(catalogue_version.c.version == version))
        if header is None:
            return None
        communities = [Community(**row) for row in await self._rows(community, version)]
        streets = [
            Street(row["code"], row["name"], tuple(c for c in communities if c.street == row["code"]))
            for row in await self._rows(street, version)
        ]
        items = [replace(entry, support=tuple(entry.support)) for entry in await self._entries(item, version, Item)]
        departments = await self._entries(department, version, Department)
        return Catalogue(
            version=version,
            items=_by_code(items),
            departments=_by_code([replace(entry, aliases=tuple(entry.aliases)) for entry in departments]),
            units=_by_code(await self._entries(unit, version, Unit)),
            streets=_by_code(streets),
            name=header.name,
        )

    async def _entries(self, table: Table, version: int, made: type[Any]) -> list[Any]:
        return [made(**row) for row in await self._rows(table, version)]

    async def _rows(self, table: Table, version: int) -> list[dict[str, Any]]:
        columns = [column for column in table.c if column.name not in {"version", "position"}]
        found = select(*columns).where(table.c.version == version).order_by(table.c.position)
        return [_plain(row) for row in await self._db.rows(found)]


def _plain(row: AnyRow) -> dict[str, Any]:
    return dict(row._mapping)


def _by_code(entries: Iterable[Any]) -> Mapping[str, Any]:
    return {entry.code: entry for entry in entries}
