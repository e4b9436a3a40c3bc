"""`jiehu tickets`: looking at tickets from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.application.loading import Case, load_case
from bot.application.ports import UnitOfWork
from bot.cli.opening import opened, run
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.cli.ticket_json import TicketRow, row_of, whole_of
from bot.domain.ticket import Stage, Ticket

app = typer.Typer(help="Tickets (呼叫单): list, show, export.", no_args_is_help=True)

ALL = 1_000_000


@app.command("list")
def list_tickets(
    stage: Annotated[Stage | None, typer.Option(help="Only this stage.", show_default=False)] = None,
    department: Annotated[
        str, typer.Option(metavar="CODE", help="Only those of this department, unit or street.", show_default=False)
    ] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Print all tickets, oldest first."""
    rows = [
        row
        for row in run(_rows(config))
        if (stage is None or row["stage"] == stage.value) and _is_of(row["department"], department)
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        fields = (row["code"], row["stage"], row["item"], row["department"] or "-", row["due_at"] or "-", row["place"])
        typer.echo("  ".join(fields))


@app.command()
def show(code: str, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Print one ticket with its assignments, events and evaluations."""
    found = run(_whole(config, code.upper()))
    typer.echo(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))


def _is_of(assignee: str | None, code: str) -> bool:
    return not code or (assignee is not None and (assignee == code or assignee.startswith(f"{code}-")))


async def _rows(config: Path | None) -> list[TicketRow]:
    async with opened(config) as work, work.store.read() as uow:
        cases = await cases_of(uow, await uow.tickets.listed(limit=ALL))
        return [row_of(case, work.config.zone) for case in cases]


async def cases_of(uow: UnitOfWork, tickets: Sequence[Ticket]) -> list[Case]:
    """These tickets with their parts, in the same order."""
    numbers = [ticket.id for ticket in tickets]
    assignments = await uow.assignments.of_tickets(numbers)
    tasks = await uow.hub_tasks.of_tickets(numbers)
    return [Case(ticket, assignments.get(ticket.id, ()), tasks.get(ticket.id, ())) for ticket in tickets]


async def ticket_of(uow: UnitOfWork, code: str) -> Ticket:
    """The ticket of that code; raises `Refused`."""
    ticket = await uow.tickets.by_code(code)
    if ticket is None:
        raise Refused(f"There is no ticket {code}.")
    return ticket


async def _whole(config: Path | None, code: str) -> dict[str, object]:
    async with opened(config) as work, work.store.read() as uow:
        ticket = await ticket_of(uow, code)
        events = await uow.events.of_ticket(ticket.id)
        actors = {event.actor_id for event in events if event.actor_id is not None}
        people = [person for number in sorted(actors) if (person := await uow.people.get(number))]
        return whole_of(
            await load_case(uow, ticket.id),
            events,
            await uow.evaluations.of_ticket(ticket.id),
            {person.id: person.name for person in people},
            work.config.zone,
        )
