"""`jiehu code`: one-time codes that let groups and people in."""

from __future__ import annotations

import json
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.application.people.binding import check_party, issue_code
from bot.application.records import CodeKind, OneTimeCode
from bot.cli.opening import district_of, now_of, opened, run, shown
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.domain.catalogue import Catalogue
from bot.domain.chat import ChatKind
from bot.domain.errors import UnitUnknown
from bot.domain.people import Role

app = typer.Typer(help="One-time codes for groups (/bind CODE) and people (/join CODE).", no_args_is_help=True)


class GroupKind(StrEnum):
    """What a group can be bound as."""

    STREET = ChatKind.STREET.value
    COMMUNITY = ChatKind.COMMUNITY.value
    DEPARTMENT = ChatKind.DEPARTMENT.value
    HUB = ChatKind.HUB.value
    ENFORCEMENT = ChatKind.ENFORCEMENT.value
    LEADERS = ChatKind.LEADERS.value
    MIXED = ChatKind.MIXED.value


class PersonRole(StrEnum):
    """What a person can join as; residents and handlers need no code."""

    GRID_WORKER = Role.GRID_WORKER.value
    STREET_OFFICER = Role.STREET_OFFICER.value
    DISPATCHER = Role.DISPATCHER.value
    LIAISON = Role.LIAISON.value
    DEPARTMENT_LEADER = Role.DEPARTMENT_LEADER.value
    DISTRICT_LEADER = Role.DISTRICT_LEADER.value
    LIST_OFFICE = Role.LIST_OFFICE.value
    DELEGATE = Role.DELEGATE.value


Of = Annotated[
    str,
    typer.Option(metavar="CODE", help="Street JL01, community JL0103, department D01, unit D34-JL03, or hub."),
]


@app.command()
def group(
    kind: Annotated[GroupKind, typer.Option(help="What the group is.")],
    of: Of,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Print a code; a member of the group then sends /bind CODE there."""
    _tell(config, CodeKind.GROUP, kind.value, of, as_json)


@app.command()
def person(
    role: Annotated[PersonRole, typer.Option(help="What the person is.")],
    of: Of,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Print a code; the person then sends /join CODE to the bot."""
    _tell(config, CodeKind.PERSON, role.value, of, as_json)


def _tell(config: Path | None, kind: CodeKind, value: str, of: str, as_json: bool) -> None:
    code, expires_at = run(_issue(config, kind, value, of))
    if as_json:
        typer.echo(json.dumps({"code": code.code, "expires_at": expires_at}, ensure_ascii=False))
        return
    command = "/bind" if kind is CodeKind.GROUP else "/join"
    typer.echo(f"{command} {code.code}\nGood once, until {expires_at}.")


async def _issue(config: Path | None, kind: CodeKind, value: str, of: str) -> tuple[OneTimeCode, str | None]:
    async with opened(config) as work, work.store.begin() as uow:
        district = await district_of(uow, work.config)
        try:
            check_party(district, of)
            if misfit := _misfit(district.catalogue, value, of):
                raise Refused(misfit)
            code = await issue_code(uow, district, kind, value, of, now=await now_of(uow))
        except UnitUnknown:
            raise Refused(f"{of} is no street, community, department or unit of the list, nor hub.") from None
        await uow.commit()
        return code, shown(code.expires_at, work.config.zone)


def _misfit(catalogue: Catalogue, value: str, of: str) -> str:
    """Why no group or person of that kind belongs to that party; empty if they fit."""
    streets, communities = catalogue.streets.keys(), catalogue.communities.keys()
    answering = catalogue.departments.keys() | catalogue.units.keys()
    fitting: dict[str, tuple[Collection[str], str]] = {
        GroupKind.STREET: (streets, "a street such as JL01"),
        GroupKind.COMMUNITY: (communities, "a community such as JL0103"),
        GroupKind.DEPARTMENT: (answering, "a department such as D01 or a unit such as D34-JL03"),
        GroupKind.HUB: ({"hub"}, "hub"),
        GroupKind.LEADERS: ({"hub"}, "hub"),
        PersonRole.GRID_WORKER: (streets | communities, "a street such as JL01 or a community such as JL0103"),
        PersonRole.STREET_OFFICER: (streets, "a street such as JL01"),
        PersonRole.DISPATCHER: ({"hub"}, "hub"),
        PersonRole.DISTRICT_LEADER: ({"hub"}, "hub"),
        PersonRole.LIST_OFFICE: ({"hub"}, "hub"),
        PersonRole.DEPARTMENT_LEADER: (answering, "a department such as D01 or a unit such as D34-JL03"),
    }
    known, example = fitting.get(value, ((of,), ""))
    return "" if of in known else f"{value} cannot be of {of}; it is of {example}."
