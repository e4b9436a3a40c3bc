"""A command line of one's own: a config with its database in a folder, and tickets to look at."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.application.ports import UnitOfWork
from bot.cli import app
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.evaluation import Evaluation, Verdict
from bot.domain.events import EventKind
from bot.domain.party import Party, PartyKind
from bot.domain.ticket import Ending, Level, Mode, Sensitivity, Ticket
from storage import migrate
from storage.store import SqlStore

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
VARIABLES = ("TELEGRAM_TOKEN", "TELEGRAM_BASE_URL", "TELEGRAM_WEBHOOK_SECRET", "DATABASE_URL", "REDIS_URL", "RASA_URL")
CONFIG = """\
district: {{name: 锦澜区, ticket_prefix: JL}}
catalogue: {{items: {lists}/items.csv, departments: {lists}/departments.csv, units: {lists}/units.csv,
  streets: {lists}/streets.csv}}
storage: {{database_url: 'sqlite:///jiehu.db'}}
"""


@dataclass
class Line:
    """`jiehu` in one folder."""

    folder: Path

    @property
    def config(self) -> Path:
        """Its config file."""
        return self.folder / "config.yml"

    @property
    def url(self) -> str:
        """Its database."""
        return f"sqlite:///{self.folder / 'jiehu.db'}"

    def __call__(self, *words: str, stdin: str | None = None) -> Result:
        """Runs a command with this config."""
        return CliRunner().invoke(app, [*words, "--config", str(self.config)], input=stdin)

    def json(self, *words: str) -> Any:
        """What a command that goes well prints as JSON."""
        result = self(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def refusal(self, *words: str) -> str:
        """What a command that says no prints on stderr; nothing but sentences."""
        result = self(*words)
        assert result.exit_code == 1, result.output
        assert "Traceback" not in result.stderr
        return result.stderr.strip()

    def write(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Changes the database as a use case would."""

        async def run() -> None:
            store = SqlStore.open(self.url)
            async with store.begin() as uow:
                await work(uow)
                await uow.commit()
            await store.close()

        asyncio.run(run())


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cli") / "jiehu.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{file}"))
    return file


@pytest.fixture
def bare(tmp_path: Path) -> Line:
    """A config without a database."""
    (tmp_path / "config.yml").write_text(CONFIG.format(lists=ROOT / "examples" / "jinlan"), encoding="utf-8")
    return Line(tmp_path)


@pytest.fixture
def line(bare: Line, template: Path) -> Line:
    """A config with an empty database."""
    shutil.copy(template, bare.folder / "jiehu.db")
    return bare


def a_ticket(reporter: int, **other: Any) -> Ticket:
    values: dict[str, Any] = {
        "id": 0,
        "code": "",
        "mode": Mode.DIRECT,
        "level": Level.ORDINARY,
        "item": "SZ-03",
        "item_name": "道路井盖与雨水箅缺损",
        "catalogue_version": 1,
        "sensitivity": Sensitivity.PUBLIC,
        "emergency": False,
        "text": "=柳荫路45号门口井盖没了，电话13800138000",
        "place": "柳荫路45号门口",
        "street": "JL01",
        "community": "JL0101",
        "caller": Party(PartyKind.STREET, "JL01"),
        "reporter_id": reporter,
        "created_at": NOW,
    }
    return Ticket(**(values | other))


def an_assignment(ticket: Ticket, **other: Any) -> Assignment:
    values: dict[str, Any] = {
        "id": 0,
        "ticket_id": ticket.id,
        "assignee": Party(PartyKind.UNIT, "D26"),
        "state": AssignmentState.HANDLING,
        "round": 1,
        "sign_limit": "1紧急工作时",
        "handle_limit": "2紧急工作时",
        "dispatched_at": NOW,
        "clock_start": NOW,
        "sign_due_at": NOW + timedelta(hours=1),
        "due_at": NOW + timedelta(hours=2),
    }
    return Assignment(**(values | other))


async def seed(uow: UnitOfWork) -> Sequence[str]:
    """Four tickets: handled, sensitive and closed, limited in another street, of last month without assignment."""
    li = await uow.people.ensure(101, name="李网格")
    wang = await uow.people.ensure(102, name="王联络")
    day = NOW.date()
    first = await uow.tickets.add(a_ticket(li.id), day=day, prefix="JL")
    second = await uow.tickets.add(
        a_ticket(
            li.id,
            item="ZA-02",
            item_name="家庭暴力与家庭纠纷",
            sensitivity=Sensitivity.SENSITIVE,
            text="他又打她了",
            place="三楼西户",
            ending=Ending.CLOSED,
            ended_at=NOW + timedelta(days=1),
        ),
        day=day,
        prefix="JL",
    )
    third = await uow.tickets.add(
        a_ticket(li.id, street="JL03", community="JL0301", sensitivity=Sensitivity.LIMITED, text="楼上天天吵"),
        day=day,
        prefix="JL",
    )
    month_ago = NOW - timedelta(days=31)
    fourth = await uow.tickets.add(
        a_ticket(li.id, created_at=month_ago, text="路灯不亮"), day=month_ago.date(), prefix="JL"
    )
    handled = await uow.assignments.add(an_assignment(first))
    done = await uow.assignments.add(
        an_assignment(second, state=AssignmentState.ACCEPTED, report_text="已劝解，当事人情绪稳定")
    )
    await uow.assignments.add(an_assignment(third, assignee=Party(PartyKind.UNIT, "D34-JL03")))
    for ticket in (first, second, third, fourth):
        words = {"text": ticket.text, "place": ticket.place}
        await uow.events.append(
            ticket.id, EventKind.REPORTED, at=NOW, actor=li.id, detail={"item": ticket.item}, texts=words
        )
    signed = {"assignment": handled.id}
    await uow.events.append(first.id, EventKind.SIGNED, at=NOW + timedelta(minutes=5), actor=wang.id, detail=signed)
    await uow.evaluations.add(Evaluation(0, second.id, done.id, 1, Verdict.DISSATISFIED, li.id, NOW, "他没道歉"))
    return [ticket.code for ticket in (first, second, third, fourth)]


@dataclass
class Seeded:
    """The codes of the four tickets."""

    handled: str
    sensitive: str
    limited: str
    old: str


@pytest.fixture
def seeded(line: Line) -> Seeded:
    codes: list[str] = []

    async def work(uow: UnitOfWork) -> None:
        codes.extend(await seed(uow))

    line.write(work)
    return Seeded(*codes)
