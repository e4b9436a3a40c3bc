"""A district that has grown: one open call of each unit, and as many copies of them as are wanted, in a few statements."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bot.application.calls.dispatching import new_assignment
from bot.application.clocks.assignment_clocks import schedule
from bot.application.district import District
from bot.application.loading import Case
from bot.catalogue_files import read_catalogue
from bot.config import load_config, work_calendar
from bot.domain.party import Party, PartyKind
from bot.domain.people import Grant, Role
from storage.store import SqlStore
from tests.text.district import a_ticket

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in the district: when everything was sent out."""

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"


def district() -> District:
    """The demonstration district, whose 76 units have a liaison and a leader each."""
    config = load_config(ROOT / "config.yml")
    catalogue = read_catalogue(config.catalogue_paths(), name="bench")
    return District(catalogue, work_calendar(config), config.rules(), ladders=config.escalation.ladders())


async def found(store: SqlStore, where: District) -> int:
    """One open call of each unit, signed by nobody; the rest are copies of these. How many units there are."""
    async with store.begin() as uow:
        reporter = await uow.people.ensure(1, name="网格员")
        for number, unit in enumerate(where.catalogue.units.values(), 1):
            for role, telegram_id in ((Role.LIAISON, 1000 + number), (Role.DEPARTMENT_LEADER, 5000 + number)):
                person = await uow.people.ensure(telegram_id, name=f"{unit.code} {role}")
                chat = await uow.chats.ensure(telegram_id, title="", private=True)
                person.reachable, person.private_chat_id = True, chat.id
                await uow.people.save(person)
                await uow.people.grant(person.id, Grant(role, unit.code), at=NOW, by=None)
            ticket = a_ticket(id=0, code="", item="SZ-04", created_at=NOW, reporter_id=reporter.id)
            ticket = await uow.tickets.add(ticket, day=NOW.date(), prefix="JL")
            case = Case(ticket, [], [])
            part = await new_assignment(uow, where, case, Party(PartyKind.UNIT, unit.code), now=NOW)
            part.delivered_at = NOW
            await uow.assignments.save(part)
            await schedule(uow, where, part, now=NOW)
        await uow.commit()
    return len(where.catalogue.units)


async def grow(store: SqlStore, first: int, last: int, units: int) -> None:
    """Open assignments number `first` to `last`, each a copy of one of the first, with its ticket and due rows."""
    async with store.begin() as uow:
        for table, own, key in (
            ("ticket", "code", "id"),
            ("assignment", "ticket_id", "id"),
            ("due", "subject_id", "id"),
        ):
            columns = [row[0] for row in (await uow.db.rows(text(_columns_of(uow.db.dialect, table)))) if row[0] != key]
            copied = ", ".join(f"s.{name}" for name in columns if name != own)
            named = ", ".join(f'"{name}"' for name in columns if name != own)
            value = {"ticket": "'B' || (n.i + :base)", "assignment": "n.i + :base", "due": "n.i + :base"}[table]
            to = "s.subject_id" if table == "due" else "s.id"
            number = "" if table == "due" else "id, "
            at = "" if table == "due" else "n.i + :base, "
            statement = (
                f'{NUMBERS} INSERT INTO {table} ({number}"{own}", {named}) SELECT {at}{value}, {copied} '
                f"FROM n JOIN {table} s ON {to} = 1 + n.i % :units"
            )
            if uow.db.dialect == "sqlite":
                statement = statement.replace(NUMBERS + " INSERT", "INSERT").replace(" SELECT", f" {NUMBERS} SELECT", 1)
            await uow.db.execute(text(statement), {"count": last - first, "base": first, "units": units})
        await uow.commit()
    async with store.begin() as uow:
        await uow.db.execute(text("ANALYZE"))
        await uow.commit()


def _columns_of(dialect: str, table: str) -> str:
    if dialect == "sqlite":
        return f"SELECT name FROM pragma_table_info('{table}')"
    return f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position"
