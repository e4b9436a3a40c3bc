"""`jiehu ledger`: whether the history is as it was written."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.application.ports import UnitOfWork
from bot.cli.opening import opened, run
from bot.cli.options import AsJson, ConfigFile
from bot.cli.tickets import ticket_of
from bot.domain.events import first_bad

app = typer.Typer(help="The append-only history.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The append-only history."""


@app.command()
def verify(
    code: Annotated[str, typer.Argument(help="One ticket; without it all, and the daily anchors.")] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Check the hash chain of a ticket, or of all and the daily anchors; name the first bad event."""
    bad, count = run(_verify(config, code.upper()))
    if as_json:
        typer.echo(json.dumps({"ok": bad is None, "tickets": count, "first_bad": bad}, ensure_ascii=False))
    elif bad is None:
        typer.echo(f"{count} ticket(s): every event is as it was written.")
    if bad is not None:
        typer.echo(bad, err=True)
        raise typer.Exit(1)


async def _verify(config_file: Path | None, code: str) -> tuple[str | None, int]:
    async with opened(config_file) as work, work.store.read() as uow:
        numbers = [(await ticket_of(uow, code)).id] if code else await uow.events.ticket_ids()
        async for bad in _bad(uow, numbers):
            return bad, len(numbers)
        if not code and (day := await uow.events.first_bad_anchor()):
            return f"The anchor of {day} does not fit the chains: events after or before it are gone.", len(numbers)
        return None, len(numbers)


async def _bad(uow: UnitOfWork, numbers: Sequence[int]) -> AsyncIterator[str]:
    for number in numbers:
        ticket = await uow.tickets.get(number)
        name = ticket.code if ticket else f"(ticket {number})"
        event = first_bad(await uow.events.of_ticket(number))
        if event:
            yield f"{name}: event {event.seq} ({event.kind.value}, {event.at:%Y-%m-%d %H:%M} UTC) is not as it was written."
        for seq, text_name in await uow.events.altered_texts(number):
            yield f"{name}: the text {text_name} of event {seq} is not as it was written."
