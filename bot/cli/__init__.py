"""The command line `jiehu`: one module for each group of commands, joined here and nowhere else."""

from __future__ import annotations

import typer

from bot.cli import calendar, codes, database, doctor, export, ledger, lists, tickets, understanding
from bot.cli.clock import clock_app
from bot.cli.opening import calendar_for
from bot.cli.refusals import RefusingGroup

app = typer.Typer(
    name="jiehu",
    cls=RefusingGroup,
    help="街呼: reports become calls, units answer, deadlines run in working time.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(database.app, name="db")
app.add_typer(codes.app, name="code")
tickets.app.command()(export.export)
app.add_typer(tickets.app, name="tickets")
app.add_typer(clock_app(calendar_for), name="clock")
app.add_typer(calendar.app, name="calendar")
app.add_typer(lists.catalogue_app, name="catalogue")
app.add_typer(lists.config_app, name="config")
app.add_typer(ledger.app, name="ledger")
app.add_typer(understanding.app, name="nlu")
app.command()(doctor.doctor)
app.command()(database.purge)
app.command()(database.backup)
app.command()(database.erase)


def main() -> None:
    """The console script."""
    app()
